namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What the volume protocol found for a model, with its means. Intervals are of 95 %, by <see cref="Bootstrap"/> over subjects.</summary>
/// <param name="Model">The model.</param>
/// <param name="ToleranceMm">Tolerance of the normalised surface Dice in millimetres.</param>
/// <param name="Structures">What was found, structure by structure; at least one.</param>
public sealed record VolumeEvaluation(SegmenterDescription Model, double ToleranceMm, IReadOnlyList<StructureResult> Structures)
{
    /// <summary>The methods that were run, in the order of <see cref="VolumeMethod"/>.</summary>
    public IReadOnlyList<VolumeMethod> Methods => [.. Structures[0].Scores.Select(s => s.Method)];

    /// <summary>The means over all structures, a method a row.</summary>
    public IReadOnlyList<MethodSummary> Summaries => [.. Methods.Select(Summarise)];

    /// <summary>Mean Dice of slices by how far they lie from the nearest key slice, for the methods that have few key slices.
    /// Being told the extent changes nothing on the slices that show the structure, so those two are left out.</summary>
    public IReadOnlyList<DistanceRow> ByDistance =>
    [
        .. Methods.Where(m => m is VolumeMethod.OneBox or VolumeMethod.ThreeBoxes or VolumeMethod.CopiedMask or VolumeMethod.CopiedEllipse or VolumeMethod.Interpolation
            or VolumeMethod.CarriedMask or VolumeMethod.ThreeCarriedMasks).Select(method =>
        {
            SliceDice[] slices = [.. Structures.SelectMany(s => s.Find(method)!.Slices)];
            return new DistanceRow(method, [.. DistanceBins.All.Select(bin => MeanOf(slices.Where(s => bin.Contains(s.Distance)).Select(s => s.Dice)))]);
        }),
    ];

    /// <summary>The mean Dice of a method over some structures; null where there are none.</summary>
    public static double? MeanDice(IEnumerable<StructureResult> structures, VolumeMethod method) => MeanOf(structures.Select(s => s.Find(method)!.Dice));

    private MethodSummary Summarise(VolumeMethod method)
    {
        (string Subject, VolumeScore Score)[] scores = [.. Structures.Select(s => (s.Subject, s.Find(method)!))];
        MeanInterval Interval(Func<VolumeScore, double> value) => Bootstrap.Mean([.. scores.Select(s => (s.Subject, value(s.Score)))]);
        double Mean(Func<VolumeScore, double> value) => scores.Average(s => value(s.Score));
        (string, double)[] subjects = [.. scores.GroupBy(s => s.Subject).Select(subject => (subject.Key, subject.Average(s => s.Score.Dice)))];
        return new(
            method, Interval(s => s.Dice), Bootstrap.Mean(subjects), Interval(s => s.Nsd), MeanOf(scores.Where(s => s.Score.Hd95Mm is not null).Select(s => s.Score.Hd95Mm!.Value)),
            scores.Count(s => s.Score.Hd95Mm is null), Mean(s => Math.Abs(s.VolumeErrorPercent)), Mean(s => s.LeakBelow), Mean(s => s.LeakAbove),
            Mean(s => s.MissingSlices), Mean(s => s.Seconds));
    }

    private static double? MeanOf(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length == 0 ? null : all.Average();
    }
}

/// <summary>The means of one method over all structures.</summary>
/// <param name="Method">The method.</param>
/// <param name="Dice">Dice; a subject with many structures weighs the more.</param>
/// <param name="SubjectDice">Dice with every subject weighing the same: the mean of the subjects' means.</param>
/// <param name="Nsd">Normalised surface Dice.</param>
/// <param name="Hd95Mm">95th percentile Hausdorff distance where something was found; null where nothing was, anywhere.</param>
/// <param name="NotFound">Structures where nothing was found.</param>
/// <param name="AbsoluteVolumeErrorPercent">Size of the volume error in per cent.</param>
/// <param name="LeakBelow">Slices filled below the structure.</param>
/// <param name="LeakAbove">Slices filled above it.</param>
/// <param name="MissingSlices">Slices of the structure left empty.</param>
/// <param name="Seconds">Seconds a structure.</param>
public sealed record MethodSummary(VolumeMethod Method, MeanInterval Dice, MeanInterval SubjectDice, MeanInterval Nsd, double? Hd95Mm, int NotFound,
    double AbsoluteVolumeErrorPercent, double LeakBelow, double LeakAbove, double MissingSlices, double Seconds);

/// <summary>Mean Dice of slices by distance.</summary>
/// <param name="Method">The method.</param>
/// <param name="Dice">One element for each of <see cref="DistanceBins.All"/>; null where no slice lies so far.</param>
public sealed record DistanceRow(VolumeMethod Method, IReadOnlyList<double?> Dice);

/// <summary>The groups of slice distances in reports.</summary>
public static class DistanceBins
{
    /// <summary>The groups: first and last distance in slices.</summary>
    public static IReadOnlyList<Prompts.SliceRange> All { get; } = [new(0, 0), new(1, 1), new(2, 2), new(3, 4), new(5, 8), new(9, 16), new(17, int.MaxValue)];

    /// <summary>A group as text: <c>3-4</c>, <c>17+</c>.</summary>
    public static string NameOf(Prompts.SliceRange bin) =>
        bin.Last == int.MaxValue ? $"{bin.First}+" : bin.First == bin.Last ? $"{bin.First}" : $"{bin.First}-{bin.Last}";
}
