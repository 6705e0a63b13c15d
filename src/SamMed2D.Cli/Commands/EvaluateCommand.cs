using System.CommandLine;
using System.Globalization;
using System.Text;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Metrics;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d evaluate</c>: holds a segmentation against a reference.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> reference = new("REFERENCE") { Description = "The label map that is taken for the truth." };
        Argument<string> prediction = new("PREDICTION") { Description = "The label map that is judged, on the same grid." };
        Option<double> tolerance = new("--tolerance") { Description = "Tolerance of the normalised surface Dice, in mm.", DefaultValueFactory = _ => 2 };
        Option<bool> json = new("--json") { Description = "Print the figures as JSON." };
        Option<string?> csv = new("--csv") { Description = "Also write the figures to this CSV file." };
        Command command = new("evaluate", "Compares a segmentation with a reference: Dice, IoU, HD95, NSD and volumes, per structure.") { reference, prediction, tolerance, json, csv };
        command.SetAction(parsed =>
        {
            double toleranceMm = parsed.GetValue(tolerance);
            if (!(toleranceMm >= 0)) throw new InvalidPromptException($"--tolerance {toleranceMm}: expected a distance in mm, 0 or more");
            SegmentationComparison comparison = Compare(parsed.GetValue(reference)!, parsed.GetValue(prediction)!, toleranceMm, shell);
            if (parsed.GetValue(csv) is { } file) AtomicFile.WriteText(file, ToCsv(comparison, toleranceMm));
            if (parsed.GetValue(json)) Shell.PrintJson(EvaluateReport.Of(comparison, toleranceMm));
            else PrintTable(comparison, toleranceMm);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static SegmentationComparison Compare(string referencePath, string predictionPath, double toleranceMm, Shell shell)
    {
        VolumeFiles files = new();
        LabelMap reference = files.ReadLabelMap(referencePath, shell.Cancellation), prediction = files.ReadLabelMap(predictionPath, shell.Cancellation);
        prediction = SameGrid.Require(predictionPath, prediction, referencePath, reference.Geometry);
        SegmentationComparison comparison = SegmentationComparison.Compare(reference, prediction, toleranceMm, shell.Cancellation);
        if (comparison.Segments.Count == 0)
            throw new UnsupportedInputException(predictionPath, $"shares no structure with {referencePath}; give segments the same names or label values");
        if (comparison.OnlyInPrediction.Count > 0) shell.Note($"not in the reference, so not compared: {string.Join(", ", comparison.OnlyInPrediction)}");
        if (comparison.OnlyInReference.Count > 0) shell.Note($"not in the prediction, so not compared: {string.Join(", ", comparison.OnlyInReference)}");
        return comparison;
    }

    private static void PrintTable(SegmentationComparison comparison, double toleranceMm)
    {
        int width = Math.Max(9, comparison.Segments.Max(s => s.Name.Length));
        Shell.Print(FormattableString.Invariant(
            $"HD95, NSD at {toleranceMm} mm and mean surface distance (MSD) weighted by surface area, as google-deepmind/surface-distance defines them"));
        Shell.Print($"{"structure".PadRight(width)}   Dice    IoU  HD95 mm    NSD  MSD mm  reference mL  predicted mL   error %");
        foreach (ComparedSegment segment in comparison.Segments)
        {
            SegmentScore s = segment.Score;
            Shell.Print(string.Create(CultureInfo.InvariantCulture,
                $"{segment.Name.PadRight(width)}  {s.Dice,5:0.000}  {s.Iou,5:0.000}  {s.Hd95Mm,7:0.00}  {s.Nsd,5:0.000}  {s.MeanSurfaceDistanceMm,6:0.00}  {s.ReferenceMl,12:0.00}  {s.PredictionMl,12:0.00}  {s.VolumeErrorPercent,8:+0.0;-0.0;0.0}"));
        }
        Shell.Print(string.Create(CultureInfo.InvariantCulture,
            $"{"mean".PadRight(width)}  {comparison.Mean(s => s.Dice),5:0.000}  {comparison.Mean(s => s.Iou),5:0.000}  {comparison.Mean(s => s.Hd95Mm),7:0.00}  {comparison.Mean(s => s.Nsd),5:0.000}  {comparison.Mean(s => s.MeanSurfaceDistanceMm),6:0.00}"));
    }

    private static string ToCsv(SegmentationComparison comparison, double toleranceMm)
    {
        StringBuilder text = new(FormattableString.Invariant(
            $"structure,reference_label,prediction_label,dice,iou,hd95_mm,nsd_{toleranceMm}mm,mean_surface_distance_mm,reference_ml,prediction_ml,volume_error_percent\n"));
        foreach (ComparedSegment segment in comparison.Segments)
        {
            SegmentScore s = segment.Score;
            text.Append(CultureInfo.InvariantCulture, $"\"{segment.Name.Replace("\"", "\"\"")}\",{segment.ReferenceLabel},{segment.PredictionLabel},{s.Dice:R},{s.Iou:R},{s.Hd95Mm:R},")
                .Append(CultureInfo.InvariantCulture, $"{s.Nsd:R},{s.MeanSurfaceDistanceMm:R},{s.ReferenceMl:R},{s.PredictionMl:R},{s.VolumeErrorPercent:R}\n");
        }
        return text.ToString();
    }
}

/// <summary>What <c>sammed2d evaluate --json</c> prints. Figures that are not numbers (an empty structure) are null.</summary>
internal sealed record EvaluateReport(double ToleranceMm, string Definition, IReadOnlyList<EvaluateReport.Row> Segments, EvaluateReport.Row Mean,
    IReadOnlyList<string> OnlyInPrediction, IReadOnlyList<string> OnlyInReference)
{
    public static EvaluateReport Of(SegmentationComparison comparison, double toleranceMm) => new(
        toleranceMm, "surface metrics weighted by surface area, as google-deepmind/surface-distance",
        [.. comparison.Segments.Select(s => new Row(s.Name, s.ReferenceLabel, s.PredictionLabel, Finite(s.Score.Dice), Finite(s.Score.Iou), Finite(s.Score.Hd95Mm),
            Finite(s.Score.Nsd), Finite(s.Score.MeanSurfaceDistanceMm), s.Score.ReferenceMl, s.Score.PredictionMl, Finite(s.Score.VolumeErrorPercent)))],
        new("mean", null, null, Finite(comparison.Mean(s => s.Dice)), Finite(comparison.Mean(s => s.Iou)), Finite(comparison.Mean(s => s.Hd95Mm)),
            Finite(comparison.Mean(s => s.Nsd)), Finite(comparison.Mean(s => s.MeanSurfaceDistanceMm)), null, null, null),
        comparison.OnlyInPrediction, comparison.OnlyInReference);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>One structure, or the mean.</summary>
    public sealed record Row(string Name, int? ReferenceLabel, int? PredictionLabel, double? Dice, double? Iou, double? Hd95Mm, double? Nsd,
        double? MeanSurfaceDistanceMm, double? ReferenceMl, double? PredictionMl, double? VolumeErrorPercent);
}
