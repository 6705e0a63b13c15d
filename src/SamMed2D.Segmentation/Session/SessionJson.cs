using System.Collections.Immutable;
using System.Text.Json;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

/// <summary>The texts of a journal. Runs and slice records have the form that record files give them.</summary>
internal static class SessionJson
{
    private const string Format = "sammed2d-journal";

    public static byte[] Header(VolumeGeometry grid, string scanSha256, long historyBytes) => Write(json =>
    {
        json.WriteString("format", Format);
        json.WriteNumber("version", SessionJournal.Version);
        json.WriteString("scanSha256", scanSha256);
        json.WriteString("grid", grid.ToString());
        json.WriteNumber("historyBytes", historyBytes);
    });

    /// <summary>Makes sure that a journal is of a scan.</summary>
    /// <returns>The bound of its history.</returns>
    public static long ReadHeader(RecordNode header, string file, Volume volume, Func<string> hashScan)
    {
        if (header.Find("format")?.Text != Format) throw new InvalidFileException(file, "is no journal of a session; expected one that the viewer keeps while a scan is edited");
        int version = header["version"].Whole();
        if (version != SessionJournal.Version)
            throw new InvalidFileException(file, $"is a journal of version {version}; this program reads version {SessionJournal.Version}; use the program that wrote it");
        string grid = header["grid"].Text;
        if (grid != volume.Geometry.ToString() || header["scanSha256"].Text != hashScan())
            throw new UnsupportedInputException(file, $"is of another scan, of {grid}; the scan given has {volume.Geometry}; give the scan that was edited");
        return checked((long)header["historyBytes"].Number);
    }

    /// <summary>The text of a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="grid">The session's grid.</param>
    /// <param name="endsHistory">True where nothing before or after it can be undone or redone by replay.</param>
    public static byte[] Change(SessionChange change, VolumeGeometry grid, bool endsHistory = false) => Write(json =>
    {
        json.WriteString("kind", RecordNode.NameOf(change.Kind));
        if (change.Kind != ChangeKind.Done) return;
        if (endsHistory) json.WriteBoolean("endsHistory", true);
        (SessionDocument before, SessionDocument after) = (change.Before, change.After);
        json.WriteString("description", change.Description);
        json.WriteStartArray("order");
        foreach (SessionSegment segment in after.Segments) json.WriteNumberValue(segment.Label);
        json.WriteEndArray();
        json.WriteStartArray("segments");
        foreach (SessionSegment segment in after.Segments)
            if (!ReferenceEquals(before.Find(segment.Label), segment)) Write(json, segment, grid);
        json.WriteEndArray();
        if (after.Runs.Length < before.Runs.Length) json.WriteNumber("runsKept", after.Runs.Length);
        json.WriteStartArray("runs");
        foreach (RunRecord run in after.Runs.Skip(before.Runs.Length))
        {
            json.WriteStartObject();
            SegmentationRecordWriter.WriteRun(json, run);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (after.Model is { } model && after.Model != before.Model) SegmentationRecordWriter.WriteModel(json, model);
        if (after.Model is null && before.Model is not null) json.WriteNull("model");
        if (after.Measurements != before.Measurements) Write(json, after.Measurements);
    });

    public static bool EndsHistory(RecordNode record) => record.Find("endsHistory") is { Truth: true };

    public static bool TryReadChange(RecordNode record, VolumeGeometry grid, SessionDocument before, out ChangeKind kind, out string description, out SessionDocument after)
    {
        (kind, description, after) = (record["kind"].Name<ChangeKind>(), "", before);
        if (kind != ChangeKind.Done) return true;
        description = record["description"].Text;
        Dictionary<ushort, SessionSegment> segments = before.Segments.ToDictionary(s => s.Label);
        foreach (RecordNode node in record["segments"].Items())
        {
            SessionSegment segment = ReadSegment(node, grid);
            segments[segment.Label] = segment;
        }
        ImmutableArray<SessionSegment>.Builder order = ImmutableArray.CreateBuilder<SessionSegment>();
        foreach (RecordNode label in record["order"].Items())
        {
            if (!segments.TryGetValue((ushort)label.Whole(1, ushort.MaxValue), out SessionSegment? segment)) return false;
            order.Add(segment);
        }
        IReadOnlyList<RecordNode> runs = record["runs"].Items();
        int kept = record.Find("runsKept")?.Whole(0, before.Runs.Length) ?? before.Runs.Length;
        after = new(order.ToImmutable(), runs.Count == 0 && kept == before.Runs.Length ? before.Runs : [.. before.Runs.Take(kept), .. runs.Select(SegmentationRecordReader.ReadRun)],
            record.Find("model") is { } model ? ReadModel(model) : before.Model)
        {
            Measurements = record.Find("measurements") is { } measurements ? [.. measurements.Items().Select(ReadMeasurement)] : before.Measurements,
        };
        return true;
    }

    private static SegmenterDescription? ReadModel(RecordNode model) => model.IsNull ? null : SegmentationRecordReader.ReadModel(model);

    private static void Write(Utf8JsonWriter json, ImmutableArray<Measurement> measurements)
    {
        json.WriteStartArray("measurements");
        foreach (Measurement measurement in measurements)
        {
            json.WriteStartArray();
            foreach (RasPoint place in measurement.Places)
            {
                json.WriteStartArray();
                foreach (double millimetres in (ReadOnlySpan<double>)[place.R, place.A, place.S]) json.WriteNumberValue(millimetres);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static Measurement ReadMeasurement(RecordNode node)
    {
        RasPoint[] places = [.. node.Items().Select(place => place.Numbers(3)).Select(p => new RasPoint(p[0], p[1], p[2]))];
        return places.Length is 2 or 3 ? new([.. places]) : throw node.Error("two or three places");
    }

    private static void Write(Utf8JsonWriter json, SessionSegment segment, VolumeGeometry grid)
    {
        SliceFrame frame = new(grid, segment.Axis);
        json.WriteStartObject();
        json.WriteNumber("label", segment.Label);
        json.WriteString("name", segment.Name);
        json.WriteString("color", segment.Segment.Color.ToString());
        json.WriteStartObject("tags");
        foreach ((string key, string value) in segment.Segment.Tags) json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteString("axis", segment.Axis.ToLetter());
        json.WriteBoolean("visible", segment.IsVisible);
        json.WriteNumber("opacity", segment.Opacity);
        json.WriteBoolean("locked", segment.IsLocked);
        json.WriteString("status", RecordNode.NameOf(segment.Status));
        if (segment.Range is { } range)
        {
            json.WriteStartArray("range");
            json.WriteNumberValue(range.First);
            json.WriteNumberValue(range.Last);
            json.WriteEndArray();
        }
        json.WriteStartArray("slices");
        foreach ((int slice, SessionSlice on) in segment.Slices) Write(json, slice, on);
        json.WriteEndArray();
        json.WriteStartArray("records");
        foreach (SliceRecord slice in segment.Records) SegmentationRecordWriter.WriteSlice(json, slice, frame);
        json.WriteEndArray();
        json.WriteStartArray("ends");
        foreach (PropagationEnd end in segment.Ends) SegmentationRecordWriter.WriteEnd(json, end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static SessionSegment ReadSegment(RecordNode node, VolumeGeometry grid)
    {
        Segment segment = new((ushort)node["label"].Whole(1, ushort.MaxValue), node["name"].Text,
            RgbColor.TryParse(node["color"].Text, out RgbColor color) ? color : throw node["color"].Error("a colour such as \"#dd8265\""))
        {
            Tags = node["tags"].Texts(),
        };
        SliceAxis axis = SegmentationRecordReader.ReadAxis(node["axis"]);
        SliceFrame frame = new(grid, axis);
        int last = frame.SliceCount - 1;
        return new(segment, axis)
        {
            IsVisible = node["visible"].Truth,
            Opacity = node["opacity"].Number,
            IsLocked = node["locked"].Truth,
            Status = node["status"].Name<SegmentStatus>(),
            Range = node.Find("range")?.Items(2) is { } range ? new(range[0].Whole(0, last), range[1].Whole(0, last)) : null,
            Slices = node["slices"].Items().Select(ReadSlice).ToImmutableSortedDictionary(s => s.Slice, s => s.On),
            Records = [.. node["records"].Items().Select(r => SegmentationRecordReader.ReadSlice(r, segment.Label, frame, int.MaxValue))],
            Ends = [.. node["ends"].Items().Select(e => SegmentationRecordReader.ReadEnd(e, segment, last))],
        };
    }

    // Prompts are written in the slice pixels that a session holds them in, so that they come back bit for bit.
    private static void Write(Utf8JsonWriter json, int slice, SessionSlice on)
    {
        json.WriteStartObject();
        json.WriteNumber("slice", slice);
        json.WriteString("news", RecordNode.NameOf(on.News));
        json.WriteBoolean("accepted", on.IsAccepted);
        json.WriteStartArray("box");
        if (on.Prompts.Box is { } box)
            foreach (double edge in (ReadOnlySpan<double>)[box.X0, box.Y0, box.X1, box.Y1]) json.WriteNumberValue(edge);
        json.WriteEndArray();
        json.WriteStartArray("points");
        foreach (PromptPoint point in on.Prompts.Points)
        {
            json.WriteStartArray();
            json.WriteNumberValue(point.X);
            json.WriteNumberValue(point.Y);
            json.WriteNumberValue(point.IsForeground ? 1 : 0);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (int Slice, SessionSlice On) ReadSlice(RecordNode node) => (node["slice"].Whole(), new()
    {
        News = node["news"].Name<SliceNews>(),
        IsAccepted = node["accepted"].Truth,
        Prompts = new()
        {
            Box = node["box"].Items() is { Count: > 0 } edges ? new(edges[0].Number, edges[1].Number, edges[2].Number, edges[3].Number) : null,
            Points = [.. node["points"].Items().Select(p => p.Numbers(3)).Select(p => new PromptPoint(p[0], p[1], p[2] == 1))],
        },
    });

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
