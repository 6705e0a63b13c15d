using System.Diagnostics;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// Measures a model on labelled scans as it is used: every structure by itself, from tight boxes on a few slices along the scan's natural axis,
/// beside floors that need no model.
/// </summary>
/// <param name="segmenter">The model; it stays the caller's.</param>
/// <param name="options">What to measure.</param>
public sealed class VolumeProtocol(IPromptableSegmenter segmenter, VolumeProtocolOptions options)
{
    private static readonly Segment s_found = new(StructureJudge.FoundLabel, "found", RgbColor.ForLabel(1));

    /// <summary>Measures the structures of one scan, largest first.</summary>
    /// <param name="scan">The scan and its reference.</param>
    /// <param name="progress">Told after each structure.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    public IReadOnlyList<StructureResult> Run(LabelledScan scan, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        SliceFrame frame = new(scan.Volume.Geometry, scan.Volume.Geometry.NaturalSliceAxis);
        IntensityWindow window = options.Window.Resolve(scan.Volume);
        IReadOnlyList<ushort> labels = LargestLabels(scan.Labels, options.MostStructures, options.MinVoxels);
        List<StructureResult> results = [];
        foreach (ushort label in labels)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(Measure(scan, new(scan.Labels, label, frame), window, cancellation));
            progress?.Invoke(results.Count, labels.Count);
        }
        return results;
    }

    private StructureResult Measure(LabelledScan scan, TrueStructure truth, IntensityWindow window, CancellationToken cancellation)
    {
        StructureJudge judge = new(scan.Labels, truth, options.ToleranceMm);
        List<VolumeScore> scores = [];
        foreach (VolumeMethod method in options.Methods.Order())
        {
            IReadOnlyList<int> keys = KeysOf(method, truth);
            long started = Stopwatch.GetTimestamp();
            LabelMap found = Fill(method, scan.Volume, truth, keys, window, cancellation);
            double seconds = method.IsFloor() ? 0 : Stopwatch.GetElapsedTime(started).TotalSeconds;
            scores.Add(judge.Judge(method, found, keys, seconds, cancellation));
        }
        long voxels = truth.Slices.Sum(slice => (long)truth[slice].GetArea());
        return new(scan.Name, scan.Subject, truth.Label, scan.Labels.FindSegment(truth.Label)?.Name ?? $"label {truth.Label}",
            voxels * scan.Labels.Geometry.VoxelVolumeMm3 / 1000, truth.Slices.Count, scores);
    }

    private static IReadOnlyList<int> KeysOf(VolumeMethod method, TrueStructure truth) => method switch
    {
        VolumeMethod.OneBox or VolumeMethod.OneBoxToldExtent or VolumeMethod.CopiedMask or VolumeMethod.CopiedEllipse or VolumeMethod.CarriedMask or VolumeMethod.RegionGrowing => [truth.KeySlice],
        VolumeMethod.ThreeBoxes or VolumeMethod.ThreeBoxesToldExtent or VolumeMethod.Interpolation or VolumeMethod.ThreeCarriedMasks => truth.ThreeKeySlices,
        _ => truth.Slices,
    };

    private LabelMap Fill(VolumeMethod method, Volume volume, TrueStructure truth, IReadOnlyList<int> keys, IntensityWindow window, CancellationToken cancellation) =>
        method switch
        {
            VolumeMethod.OneBox or VolumeMethod.ThreeBoxes => Propagate(volume, truth, keys, new(0, truth.Frame.SliceCount - 1), window, cancellation),
            VolumeMethod.OneBoxToldExtent or VolumeMethod.ThreeBoxesToldExtent => Propagate(volume, truth, keys, new(truth.First, truth.Last), window, cancellation),
            VolumeMethod.BoxOnEverySlice => PredictEverySlice(volume, truth, window, cancellation),
            _ => FillFloor(method, volume, truth, keys, window, cancellation),
        };

    private LabelMap Propagate(Volume volume, TrueStructure truth, IReadOnlyList<int> keys, SliceRange range, IntensityWindow window, CancellationToken cancellation)
    {
        ResolvedSegment asked = new(s_found, truth.Frame.Axis, range,
            [.. keys.Select(key => new KeySlice(key, new PromptSet { Box = truth.BoxOn(key) }))]);
        Propagator propagator = new(segmenter, volume, window, [asked], options.Propagation);
        foreach (PropagationStep _ in propagator.Run(cancellation))
        {
            // The steps do the work; what they found is in the labels.
        }
        return propagator.Labels;
    }

    private LabelMap PredictEverySlice(Volume volume, TrueStructure truth, IntensityWindow window, CancellationToken cancellation)
    {
        LabelMap found = new(volume.Geometry, [s_found]);
        SliceSampler sampler = SliceSampler.Create(volume, truth.Frame, window);
        byte[] pixels = new byte[sampler.PixelCount];
        MaskShape shape = new(truth.Frame.Width, truth.Frame.Height);
        foreach (int slice in truth.Slices)
        {
            using SliceEmbedding embedding = segmenter.Encode(sampler.Sample(slice, pixels.AsMemory()), cancellation);
            GreyOdds.Refine(segmenter.Predict(embedding, new PromptSet { Box = truth.BoxOn(slice) }, cancellation).Mask, pixels, options.Propagation.GreyWeight, shape);
            Paint(found, truth.Frame, slice, shape.Plane);
        }
        return found;
    }

    private static LabelMap FillFloor(VolumeMethod method, Volume volume, TrueStructure truth, IReadOnlyList<int> keys, IntensityWindow window, CancellationToken cancellation)
    {
        LabelMap found = new(truth.Frame.Geometry, [s_found]);
        Func<int, MaskPlane> maskOn = FloorOf(method, volume, truth, keys, window, cancellation);
        // The extent is all that is told: a gap inside it is filled like any slice, but only a slice that shows the structure has a box.
        IEnumerable<int> slices = method == VolumeMethod.EllipseOnEverySlice ? truth.Slices : Enumerable.Range(truth.First, truth.Last - truth.First + 1);
        foreach (int slice in slices) Paint(found, truth.Frame, slice, maskOn(slice));
        return found;
    }

    private static Func<int, MaskPlane> FloorOf(VolumeMethod method, Volume volume, TrueStructure truth, IReadOnlyList<int> keys, IntensityWindow window, CancellationToken cancellation)
    {
        SliceFrame frame = truth.Frame;
        MaskPlane EllipseOn(int slice) => BoxFloors.Ellipse(truth.BoxOn(slice), frame.Width, frame.Height);
        MaskPlane copied = method == VolumeMethod.CopiedMask ? truth[truth.KeySlice] : EllipseOn(truth.KeySlice);
        return method switch
        {
            VolumeMethod.EllipseOnEverySlice => EllipseOn,
            VolumeMethod.Interpolation => new ShapeInterpolation(keys, key => truth[key], frame).On,
            VolumeMethod.CarriedMask or VolumeMethod.ThreeCarriedMasks => new CarriedMasks(volume, window, truth, keys, cancellation).On,
            VolumeMethod.RegionGrowing => new RegionGrowing(volume, window, truth).On,
            _ => _ => copied,
        };
    }

    private static void Paint(LabelMap labels, SliceFrame frame, int slice, MaskPlane plane)
    {
        Span<ushort> voxels = labels.MutableLabels;
        ReadOnlySpan<byte> pixels = plane.Pixels;
        int step = checked((int)frame.StrideX);
        for (int y = 0, n = 0; y < frame.Height; y++)
        {
            int at = checked((int)(frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY));
            for (int x = 0; x < frame.Width; x++, n++, at += step)
                if (pixels[n] != 0) voxels[at] = StructureJudge.FoundLabel;
        }
    }

    /// <summary>The labels of a reference, the one with the most voxels first.</summary>
    internal static IReadOnlyList<ushort> LargestLabels(LabelMap reference, int most, int minVoxels)
    {
        long[] voxels = new long[ushort.MaxValue + 1];
        foreach (ushort label in reference.Labels) voxels[label]++;
        return [.. Enumerable.Range(1, ushort.MaxValue).Where(label => voxels[label] >= Math.Max(minVoxels, 1))
            .OrderByDescending(label => voxels[label]).Take(most).Select(label => (ushort)label)];
    }
}
