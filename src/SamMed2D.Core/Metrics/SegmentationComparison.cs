using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Metrics;

/// <summary>One structure of a comparison.</summary>
/// <param name="Name">Its name: the reference's, else the prediction's, else <c>label N</c>.</param>
/// <param name="ReferenceLabel">Its label in the reference.</param>
/// <param name="PredictionLabel">Its label in the prediction.</param>
/// <param name="Score">How well it agrees.</param>
public sealed record ComparedSegment(string Name, ushort ReferenceLabel, ushort PredictionLabel, SegmentScore Score);

/// <summary>A prediction held against a reference, structure by structure: those that the prediction names or holds.</summary>
/// <param name="Segments">What was compared, in the order of the prediction's labels.</param>
/// <param name="OnlyInPrediction">Structures of the prediction that the reference does not know; not compared.</param>
/// <param name="OnlyInReference">Structures of the reference that the prediction neither names nor holds; not compared.</param>
public sealed record SegmentationComparison(
    IReadOnlyList<ComparedSegment> Segments, IReadOnlyList<string> OnlyInPrediction, IReadOnlyList<string> OnlyInReference)
{
    /// <summary>Compares two segmentations. Structures are matched by name (not regarding case) where both maps have names, else by label value.</summary>
    /// <param name="reference">The truth.</param>
    /// <param name="prediction">What is judged, on the same grid.</param>
    /// <param name="toleranceMm">Tolerance of the NSD.</param>
    /// <param name="cancellation">Stops within a structure.</param>
    public static SegmentationComparison Compare(LabelMap reference, LabelMap prediction, double toleranceMm = 2, CancellationToken cancellation = default)
    {
        bool byName = reference.Segments.Count > 0 && prediction.Segments.Count > 0;
        SortedSet<ushort> referenceLabels = LabelsOf(reference), left = [.. referenceLabels];
        List<ComparedSegment> compared = [];
        List<string> onlyInPrediction = [];
        foreach (ushort label in LabelsOf(prediction))
        {
            string name = NameOf(prediction, label);
            ushort match = byName && prediction.FindSegment(label) is not null
                ? reference.Segments.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Label ?? 0
                : referenceLabels.Contains(label) ? label : (ushort)0;
            if (match == 0)
            {
                onlyInPrediction.Add(name);
                continue;
            }
            left.Remove(match);
            string shown = reference.FindSegment(match)?.Name ?? name;
            compared.Add(new(shown, match, label, SegmentScore.Of(reference, match, prediction, label, toleranceMm, cancellation)));
        }
        return new(compared, onlyInPrediction, [.. left.Select(label => NameOf(reference, label))]);
    }

    /// <summary>The mean of a score over the structures where it is finite; NaN where it nowhere is.</summary>
    public double Mean(Func<SegmentScore, double> score)
    {
        double[] finite = [.. Segments.Select(s => score(s.Score)).Where(double.IsFinite)];
        return finite.Length == 0 ? double.NaN : finite.Average();
    }

    private static string NameOf(LabelMap map, ushort label) => map.FindSegment(label)?.Name ?? $"label {label}";

    private static SortedSet<ushort> LabelsOf(LabelMap map)
    {
        bool[] occurs = new bool[ushort.MaxValue + 1];
        foreach (ushort label in map.Labels) occurs[label] = true;
        SortedSet<ushort> labels = [.. map.Segments.Select(s => s.Label)];
        for (int label = 1; label < occurs.Length; label++)
            if (occurs[label]) labels.Add((ushort)label);
        return labels;
    }
}
