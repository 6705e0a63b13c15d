using System.Globalization;
using System.Text;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Means of the volume protocol by modality, body region and organ, with intervals of 95 % from drawing subjects.</summary>
internal static class VolumeGroups
{
    private static readonly (string Title, Func<StructureResult, string> Key)[] s_groupings =
        [("modality", s => s.Tags.Modality), ("region", s => s.Tags.Region), ("organ", s => s.Tags.Organ)];

    /// <summary>Appends a table for each grouping.</summary>
    public static void Append(StringBuilder text, VolumeEvaluation evaluation)
    {
        foreach ((string title, Func<StructureResult, string> key) in s_groupings)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nMean Dice by {title}:\n\n| {title} | structures | subjects |").AppendJoin("", evaluation.Methods.Select(m => $" {m.ToName()} |"));
            text.Append("\n|---|---|---|").AppendJoin("", evaluation.Methods.Select(_ => "---|")).Append('\n');
            foreach (IGrouping<string, StructureResult> group in evaluation.Structures.GroupBy(key).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {(group.Key.Length > 0 ? group.Key : "unknown")} | {group.Count()} | {group.Select(s => s.Subject).Distinct().Count()} |");
                text.AppendJoin("", evaluation.Methods.Select(m => $" {MeanOf(group, m)} |")).Append('\n');
            }
        }
    }

    private static string MeanOf(IEnumerable<StructureResult> structures, VolumeMethod method)
    {
        MeanInterval dice = Bootstrap.Mean([.. structures.Select(s => (s.Subject, s.Find(method)!.Dice))]);
        return method.IsFloor() ? dice.Mean.ToString("0.000", CultureInfo.InvariantCulture) : dice.ToText();
    }
}
