using SamMed2D.Imaging.Plots;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary>Draws what a calibration found.</summary>
internal static class CalibrationPlots
{
    /// <summary>How often masks of the test scans were right, by how sure they were said to be; on the diagonal, confidence is the truth.</summary>
    public static void WriteReliability(Calibration calibration, string path) => PlotFile.WriteLines(
        path, "Masks that were right, by how sure they were said to be", "confidence", $"share with a Dice of at least {ConfidenceModel.GoodDice:0.0}",
        [new("as it should be", [0, 1], [0, 1], IsDashed: true), LineOf(calibration.Rows[0])]);

    /// <summary>Slices too many against slices too few, as the limit of confidence rises.</summary>
    public static void WriteStops(Calibration calibration, string path) => PlotFile.WriteLines(
        path, "Stopping under a confidence, from none to strict", "mean loss: slices not reached, an end", "mean leak: slices too many, an end",
        [LineOf(Calibration.TestScans, calibration.TestCurve), LineOf(Calibration.FitScans, calibration.FitCurve)]);

    private static PlotLine LineOf(ReliabilityRow row)
    {
        ReliabilityBin[] bins = [.. row.Reliability.Bins.Where(bin => bin.Count > 0)];
        return new($"{row.Name}: {row.Slices} slices", [.. bins.Select(bin => bin.MeanConfidence!.Value)], [.. bins.Select(bin => bin.GoodShare!.Value)]);
    }

    private static PlotLine LineOf(string name, IReadOnlyList<StopPoint> curve) => new(name, [.. curve.Select(p => p.LossMean)], [.. curve.Select(p => p.LeakMean)]);
}
