using System.Globalization;
using System.Text;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Writes what the volume protocol found, for people (Markdown) and for programs (CSV).</summary>
public static class VolumeReport
{
    /// <summary>The means, by distance and by scan, as Markdown.</summary>
    public static string ToMarkdown(VolumeEvaluation evaluation)
    {
        StringBuilder text = new();
        int subjects = evaluation.Structures.Select(s => s.Subject).Distinct().Count(), scans = evaluation.Structures.Select(s => s.Scan).Distinct().Count();
        Append(text, $"""
            ## Volumes

            Model: {evaluation.Model.Name} (`{evaluation.Model.Id}`, {evaluation.Model.Device}). {evaluation.Structures.Count} structures of {scans} scans, {subjects} subjects.

            Every structure by itself, along the axis with the largest spacing; tight boxes; *one box*: on the largest slice; *three*: there and 15 % of the slices in
            from either end. Means over structures, in brackets the 95 % interval from drawing subjects with replacement (2000 draws). Surface metrics
            weigh by surface area, as google-deepmind/surface-distance defines them; HD95 where something was found; volume error without its sign; leak: slices
            filled beyond the true extent, below and above; missing: slices of the structure left empty.

            | method | is told | Dice | Dice, mean of subjects | NSD at {evaluation.ToleranceMm} mm | HD95 mm | not found | volume error % | leak slices | missing slices | s a structure |
            |---|---|---|---|---|---|---|---|---|---|---|

            """);
        foreach (MethodSummary row in evaluation.Summaries)
            Append(text, $"| {row.Method.ToName()} | {row.Method.ToldOf()} | {row.Dice.ToText()} | {row.SubjectDice.ToText()} | {row.Nsd.ToText()} | {row.Hd95Mm:0.0} | {row.NotFound} | {row.AbsoluteVolumeErrorPercent:0} | {row.LeakBelow:0.0} + {row.LeakAbove:0.0} | {row.MissingSlices:0.0} | {(row.Method.IsFloor() ? "" : Two(row.Seconds))} |\n");
        AppendDistances(text, evaluation);
        AppendScans(text, evaluation);
        VolumeGroups.Append(text, evaluation);
        return text.ToString();
    }

    /// <summary>Every structure and method as CSV, a line each.</summary>
    public static string ToCsv(VolumeEvaluation evaluation)
    {
        StringBuilder text = new();
        Append(text, $"scan,subject,label,structure,true_ml,true_slices,method,dice,nsd_{evaluation.ToleranceMm}mm,hd95_mm,ml,volume_error_percent,leak_below,leak_above,missing_slices,seconds\n");
        foreach (StructureResult s in evaluation.Structures)
            foreach (VolumeScore score in s.Scores)
                Append(text, $"{Quoted(s.Scan)},{Quoted(s.Subject)},{s.Label},{Quoted(s.Name)},{s.VolumeMl:R},{s.SliceCount},{score.Method},{score.Dice:R},{score.Nsd:R},{score.Hd95Mm:R},{score.VolumeMl:R},{score.VolumeErrorPercent:R},{score.LeakBelow},{score.LeakAbove},{score.MissingSlices},{score.Seconds:0.###}\n");
        return text.ToString();
    }

    private static void AppendDistances(StringBuilder text, VolumeEvaluation evaluation)
    {
        text.Append("\nMean Dice of slices by how many slices they lie from the nearest key slice:\n\n");
        text.Append("| method |").AppendJoin("", DistanceBins.All.Select(bin => $" {DistanceBins.NameOf(bin)} |")).Append("\n|---|");
        foreach (Prompts.SliceRange _ in DistanceBins.All) text.Append("---|");
        text.Append('\n');
        foreach (DistanceRow row in evaluation.ByDistance)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Method.ToName()} |").AppendJoin("", row.Dice.Select(d => $" {Three(d)} |")).Append('\n');
    }

    private static void AppendScans(StringBuilder text, VolumeEvaluation evaluation)
    {
        VolumeMethod? timed = evaluation.Methods.Where(m => !m.IsFloor()).Select(m => (VolumeMethod?)m).FirstOrDefault();
        text.Append("\nMean Dice by scan, and the seconds of ").Append(timed?.ToName() ?? "floors").Append(" for all its structures:\n\n");
        text.Append("| scan | subject | structures |").AppendJoin("", evaluation.Methods.Select(m => $" {m.ToName()} |")).Append(" s |\n|---|---|---|---|");
        foreach (VolumeMethod _ in evaluation.Methods) text.Append("---|");
        text.Append('\n');
        foreach (IGrouping<string, StructureResult> scan in evaluation.Structures.GroupBy(s => s.Scan))
        {
            Append(text, $"| {scan.Key} | {scan.First().Subject} | {scan.Count()} |");
            text.AppendJoin("", evaluation.Methods.Select(m => $" {Three(VolumeEvaluation.MeanDice(scan, m))} |"));
            Append(text, $" {(timed is { } method ? scan.Sum(s => s.Find(method)!.Seconds) : 0):0.0} |\n");
        }
    }

    private static string Three(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"")}\"";

    private static void Append(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));
}
