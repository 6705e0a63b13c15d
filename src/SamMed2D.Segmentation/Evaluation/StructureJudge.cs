using SamMed2D.Core.Metrics;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Holds masks of one structure against the reference.</summary>
internal sealed class StructureJudge(LabelMap reference, TrueStructure truth, double toleranceMm)
{
    /// <summary>The label that judged maps give the structure.</summary>
    public const ushort FoundLabel = 1;

    /// <summary>Judges a map.</summary>
    /// <param name="method">How it was made.</param>
    /// <param name="found">The map, on the reference's grid.</param>
    /// <param name="keySlices">The slices that distances are counted from.</param>
    /// <param name="seconds">How long it took.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public VolumeScore Judge(VolumeMethod method, LabelMap found, IReadOnlyList<int> keySlices, double seconds, CancellationToken cancellation)
    {
        SegmentScore score = SegmentScore.Of(reference, truth.Label, found, FoundLabel, toleranceMm, cancellation);
        SliceFrame frame = truth.Frame;
        ushort[] labels = new ushort[frame.Width * frame.Height];
        int below = 0, above = 0, missing = 0;
        List<SliceDice> slices = [];
        for (int slice = 0; slice < frame.SliceCount; slice++)
        {
            LabelSlice.Sample(found, frame, slice, labels);
            bool isFilled = labels.AsSpan().Contains(FoundLabel);
            if (isFilled && slice < truth.First) below++;
            if (isFilled && slice > truth.Last) above++;
            if (truth.Find(slice) is not { } mask) continue;
            if (!isFilled) missing++;
            slices.Add(new(keySlices.Min(key => Math.Abs(key - slice)), DiceOf(mask, labels)));
        }
        return new()
        {
            Method = method,
            Dice = score.Dice,
            Nsd = score.Nsd,
            Hd95Mm = double.IsFinite(score.Hd95Mm) ? score.Hd95Mm : null,
            VolumeMl = score.PredictionMl,
            VolumeErrorPercent = score.VolumeErrorPercent,
            LeakBelow = below,
            LeakAbove = above,
            MissingSlices = missing,
            Seconds = seconds,
            Slices = slices,
        };
    }

    private static double DiceOf(MaskPlane mask, ReadOnlySpan<ushort> labels)
    {
        int inMask = 0, inFound = 0, inBoth = 0;
        ReadOnlySpan<byte> pixels = mask.Pixels;
        for (int n = 0; n < pixels.Length; n++)
        {
            int found = labels[n] == FoundLabel ? 1 : 0;
            inMask += pixels[n];
            inFound += found;
            inBoth += pixels[n] & found;
        }
        return 2.0 * inBoth / (inMask + inFound);
    }
}
