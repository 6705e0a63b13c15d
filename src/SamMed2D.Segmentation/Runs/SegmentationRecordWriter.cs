using System.Globalization;
using System.Text;
using System.Text.Json;
using SamMed2D.Core.Files;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Runs;

/// <summary>
/// Writes the record beside a result: which scan, model, window and rules, which prompts, what happened on every slice, and the runs that it continued.
/// The form is <c>segmentation-record.schema.json</c>, version 2; later versions only add keys. All positions are voxel indices of the scan.
/// <see cref="SegmentationRecordReader"/> reads it again: what is added here must be added there, or a continued run loses it.
/// </summary>
public static class SegmentationRecordWriter
{
    /// <summary>The version of the form.</summary>
    public const int Version = 2;

    /// <summary>The record's name beside a result: the result's name and <c>.json</c>.</summary>
    public static string PathFor(string resultPath) => resultPath + ".json";

    /// <summary>Writes the record; a file already there stays whole until the new one is complete.</summary>
    /// <param name="result">What happened.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="Core.Errors.OutputException">The place cannot be written.</exception>
    public static void Write(SegmentationResult result, string path) => AtomicFile.Write(path, stream => Write(result, stream));

    internal static void Write(SegmentationResult result, Stream stream)
    {
        // Names of segments may hold any letter; the file is UTF-8 and not for browsers.
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("format", "sammed2d-segmentation");
        json.WriteNumber("version", Version);
        WriteScan(json, result.Request.Volume);
        WriteModel(json, result.Model);
        WriteTiming(json, result);
        WriteRun(json, result.Runs[^1]);
        json.WriteStartArray("earlier");
        foreach (RunRecord run in result.Runs.SkipLast(1))
        {
            json.WriteStartObject();
            WriteRun(json, run);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("segments");
        foreach (SegmentOutcome segment in result.Segments) WriteSegment(json, segment, result.Request.Volume.Geometry);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteRun(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteString("tool", run.Tool);
        WriteWindow(json, run);
        WriteOptions(json, run.Options);
        json.WriteString("axis", run.Axis?.ToLetter());
        if (run.Editable is { } editable) WriteNumbers(json, "editable", [editable.Low, editable.High]);
        else json.WriteNull("editable");
        WriteSources(json, run);
        json.WriteString("labelsSha256", run.LabelsSha256);
    }

    private static void WriteScan(Utf8JsonWriter json, Volume volume)
    {
        VolumeGeometry grid = volume.Geometry;
        Affine map = grid.IndexToRas;
        json.WriteStartObject("scan");
        json.WriteString("source", Path.GetFileName(volume.Info.Source.TrimEnd('/', '\\')));
        json.WriteString("format", volume.Info.Format);
        json.WriteString("modality", volume.Info.Modality);
        json.WriteNumber("frame", volume.Info.Frame);
        WriteNumbers(json, "size", [grid.SizeI, grid.SizeJ, grid.SizeK]);
        WriteNumbers(json, "spacingMm", [grid.SpacingMm(SliceAxis.I), grid.SpacingMm(SliceAxis.J), grid.SpacingMm(SliceAxis.K)]);
        json.WriteString("orientation", grid.OrientationCode);
        json.WriteStartArray("indexToRas");
        WriteNumbers(json, null, [map.Xi, map.Xj, map.Xk, map.Xo]);
        WriteNumbers(json, null, [map.Yi, map.Yj, map.Yk, map.Yo]);
        WriteNumbers(json, null, [map.Zi, map.Zj, map.Zk, map.Zo]);
        json.WriteEndArray();
        json.WriteString("voxelType", volume.VoxelType.ToString().ToLowerInvariant());
        json.WriteString("voxelSha256", VoxelHash.Of(volume));
        json.WriteEndObject();
    }

    internal static void WriteModel(Utf8JsonWriter json, SegmenterDescription model)
    {
        json.WriteStartObject("model");
        json.WriteString("id", model.Id);
        json.WriteString("name", model.Name);
        json.WriteString("kind", model.Kind);
        json.WriteString("device", model.Device);
        json.WriteString("licence", model.Licence);
        json.WriteEndObject();
    }

    private static void WriteWindow(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject("window");
        json.WriteString("choice", run.WindowName);
        WriteNumber(json, "low", run.Window.Low);
        WriteNumber(json, "high", run.Window.High);
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, PropagationOptions options)
    {
        json.WriteStartObject("propagation");
        json.WriteString("strategy", options.Strategy!.Value.ToName());
        WriteNumber(json, "boxMargin", options.BoxMargin);
        json.WriteNumber("pointCount", options.PointCount);
        json.WriteNumber("negativeCount", options.NegativeCount);
        WriteNumber(json, "minPredictedIou", options.MinPredictedIou);
        WriteNumber(json, "minOverlap", options.MinOverlap);
        WriteNumber(json, "minSimilarity", options.MinSimilarity);
        WriteNumber(json, "maxAreaRatio", options.MaxAreaRatio); // null: no limit
        WriteNumber(json, "centroidMargin", options.CentroidMargin);
        json.WriteNumber("minAreaPixels", options.MinAreaPixels);
        WriteNumber(json, "maxSlices", options.MaxSlices == int.MaxValue ? null : options.MaxSlices);
        json.WriteBoolean("compensateMotion", options.CompensateMotion);
        WriteNumber(json, "carriedShare", options.CarriedShare);
        WriteNumber(json, "greyWeight", options.GreyWeight);
        WriteNumber(json, "minPresence", options.MinPresence);
        WriteNumber(json, "minConfidence", options.MinConfidence);
        if (options.Confidence is { } confidence)
        {
            json.WriteStartObject("confidence");
            ConfidenceFile.WriteContent(json, confidence);
            json.WriteEndObject();
        }
        else json.WriteNull("confidence");
        json.WriteEndObject();
    }

    private static void WriteTiming(Utf8JsonWriter json, SegmentationResult result)
    {
        json.WriteStartObject("timing");
        WriteNumber(json, "seconds", Math.Round(result.Elapsed.TotalSeconds, 3));
        json.WriteNumber("slicesVisited", result.SlicesVisited);
        json.WriteNumber("slicesEncoded", result.SlicesEncoded);
        json.WriteEndObject();
    }

    private static void WriteSources(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartArray("masks");
        foreach (MaskSource mask in run.Masks)
        {
            json.WriteStartObject();
            json.WriteString("file", mask.File);
            json.WriteString("labelsSha256", mask.LabelsSha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("prompts");
        foreach (PromptSource source in run.Prompts)
        {
            json.WriteStartObject();
            json.WriteString("source", source.Name);
            json.WriteString("text", source.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSegment(Utf8JsonWriter json, SegmentOutcome segment, VolumeGeometry grid)
    {
        ResolvedSegment plan = segment.Plan;
        SliceFrame frame = new(grid, plan.Axis);
        json.WriteStartObject();
        json.WriteString("name", plan.Segment.Name);
        json.WriteNumber("label", plan.Segment.Label);
        json.WriteString("color", plan.Segment.Color.ToString());
        json.WriteString("axis", plan.Axis.ToLetter());
        WriteNumbers(json, "range", [plan.Range.First, plan.Range.Last]);
        json.WriteString("status", RecordNode.NameOf(segment.Status).ToLowerInvariant());
        WriteNumbers(json, "keySlices", [.. plan.KeySlices.Select(k => (double)k.Slice)]);
        WriteNumbers(json, "accepted", [.. segment.Accepted.Select(s => (double)s)]);
        json.WriteNumber("voxels", segment.VoxelCount);
        WriteNumber(json, "volumeMl", segment.VolumeMl);
        WriteNumbers(json, "review", [.. segment.SlicesToReview.Select(s => (double)s)]);
        json.WriteStartArray("ends");
        foreach (PropagationEnd end in segment.Ends) WriteEnd(json, end);
        json.WriteEndArray();
        json.WriteStartArray("slices");
        foreach (SliceRecord slice in segment.Slices) WriteSlice(json, slice, frame);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteEnd(Utf8JsonWriter json, PropagationEnd end)
    {
        json.WriteStartObject();
        json.WriteNumber("keySlice", end.KeySlice);
        json.WriteString("direction", RecordNode.NameOf(end.Kind));
        json.WriteNumber("lastSlice", end.LastSlice);
        json.WriteString("reason", RecordNode.NameOf(end.Reason));
        json.WriteEndObject();
    }

    internal static void WriteSlice(Utf8JsonWriter json, SliceRecord slice, SliceFrame frame)
    {
        json.WriteStartObject();
        json.WriteNumber("slice", slice.Slice);
        json.WriteString("kind", RecordNode.NameOf(slice.Kind));
        json.WriteNumber("run", slice.Run);
        json.WriteBoolean("kept", slice.IsKept);
        json.WriteNumber("areaPixels", slice.AreaPixels);
        if (slice.Kind != StepKind.Blend)
        {
            WriteNumber(json, "predictedIou", slice.PredictedIou);
            WriteNumber(json, "stability", slice.Stability);
            if (slice.Overlap is not null) WriteNumber(json, "overlap", slice.Overlap);
            if (slice.Similarity is not null) WriteNumber(json, "similarity", slice.Similarity);
            if (slice.AreaChange is not null) WriteNumber(json, "areaChange", slice.AreaChange);
            WritePrompts(json, slice, frame);
        }
        if (slice.Agreement is not null) WriteNumber(json, "agreement", slice.Agreement);
        if (slice.Confidence is not null) WriteNumber(json, "confidence", slice.Confidence);
        if (slice.Presence is not null) WriteNumber(json, "presence", slice.Presence);
        if (slice.Stop is { } stop) json.WriteString("stop", RecordNode.NameOf(stop));
        json.WriteEndObject();
    }

    private static void WritePrompts(Utf8JsonWriter json, SliceRecord slice, SliceFrame frame)
    {
        json.WriteStartObject("prompts");
        if (slice.Box is { } box)
        {
            // As in prompt files, both corners are voxels of the box; slice pixels end one beyond.
            ContinuousIndex a = frame.PixelToIndex(box.X0, box.Y0, slice.Slice), b = frame.PixelToIndex(box.X1 - 1, box.Y1 - 1, slice.Slice);
            json.WriteStartArray("box");
            WriteNumbers(json, null, [Math.Min(a.I, b.I), Math.Min(a.J, b.J), Math.Min(a.K, b.K)]);
            WriteNumbers(json, null, [Math.Max(a.I, b.I), Math.Max(a.J, b.J), Math.Max(a.K, b.K)]);
            json.WriteEndArray();
        }
        if (slice.Points.Count > 0)
        {
            json.WriteStartArray("points");
            foreach (PromptPoint point in slice.Points)
            {
                ContinuousIndex at = frame.PixelToIndex(point.X, point.Y, slice.Slice);
                WriteNumbers(json, null, [at.I, at.J, at.K, point.IsForeground ? 1 : 0]);
            }
            json.WriteEndArray();
        }
        if (slice.HasMask) json.WriteBoolean("mask", true);
        json.WriteEndObject();
    }

    /// <summary>Writes a short list of finite numbers on one line.</summary>
    private static void WriteNumbers(Utf8JsonWriter json, string? key, ReadOnlySpan<double> numbers)
    {
        StringBuilder line = new("[");
        foreach (double number in numbers) line.Append(line.Length > 1 ? ", " : "").Append(number.ToString("R", CultureInfo.InvariantCulture));
        if (key is not null) json.WritePropertyName(key);
        json.WriteRawValue(line.Append(']').ToString());
    }

    // JSON has no infinities and no NaN.
    private static void WriteNumber(Utf8JsonWriter json, string key, double? number)
    {
        if (number is { } finite && double.IsFinite(finite)) json.WriteNumber(key, finite);
        else json.WriteNull(key);
    }

}
