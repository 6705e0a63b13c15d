using System.CommandLine;
using System.Globalization;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d info</c>: says what a scan or label map is.</summary>
internal static class InfoCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> input = new("FILE") { Description = "A NIfTI, NRRD, MetaImage or DICOM file, a DICOMDIR, or a folder of DICOM files." };
        ScanOptions scan = new();
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new("info", "Says what a scan or label map is: format, size, spacing, orientation, intensities, labels; lists the series of a DICOM folder that holds several.") { input, json };
        scan.AddTo(command);
        command.SetAction(parsed =>
        {
            VolumeReadOptions options = scan.Of(parsed);
            string path = parsed.GetValue(input)!;
            IReadOnlyList<DicomSeries> listed = VolumeFiles.ListSeries(path, shell.Cancellation);
            if (SeriesTable.IsNeeded(listed, options))
            {
                SeriesTable.Print(listed, parsed.GetValue(json));
                return (int)ExitCode.Success;
            }
            Report report = Describe(path, options, shell);
            if (parsed.GetValue(json)) Shell.PrintJson(report);
            else Print(report);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static Report Describe(string path, VolumeReadOptions options, Shell shell)
    {
        VolumeFiles files = new();
        Volume volume = shell.WithProgress("Reading", "", progress => files.Read(path, options, progress, shell.Cancellation));
        IntensityStatistics statistics = IntensityStatistics.Of(volume);
        VolumeGeometry grid = volume.Geometry;
        Affine a = grid.IndexToRas;
        return new Report(
            volume.Info.Format, volume.Info.Modality,
            [grid.SizeI, grid.SizeJ, grid.SizeK],
            [grid.SpacingMm(SliceAxis.I), grid.SpacingMm(SliceAxis.J), grid.SpacingMm(SliceAxis.K)],
            grid.OrientationCode, grid.IsSheared,
            [[a.Xi, a.Xj, a.Xk, a.Xo], [a.Yi, a.Yj, a.Yk, a.Yo], [a.Zi, a.Zj, a.Zk, a.Zo]],
            volume.VoxelType.ToString().ToLowerInvariant(), volume.Scale.Slope, volume.Scale.Intercept,
            statistics.Minimum, statistics.Maximum, statistics.NonFiniteCount,
            volume.Info.Frame, volume.Info.FrameCount, volume.Info.Notes,
            statistics.LooksLikeLabels ? DescribeLabels(path, options, statistics, grid, files, shell) : []);
    }

    private static List<LabelReport> DescribeLabels(
        string path, VolumeReadOptions options, IntensityStatistics statistics, VolumeGeometry grid, VolumeFiles files, Shell shell)
    {
        LabelMap labels = files.ReadLabelMap(path, options, shell.Cancellation);
        return [.. statistics.LabelCounts.Select(count =>
        {
            Segment? segment = labels.FindSegment((ushort)count.Key);
            return new LabelReport(count.Key, segment?.Name, segment?.Color.ToString(), count.Value, count.Value * grid.VoxelVolumeMm3 / 1000);
        })];
    }

    private static void Print(Report report)
    {
        Line("format", report.Format + (report.Modality.Length > 0 ? $", {report.Modality}" : ""));
        Line("size", string.Join(" × ", report.Size) + " voxels");
        Line("spacing", string.Join(" × ", report.SpacingMm.Select(mm => mm.ToString("0.####", CultureInfo.InvariantCulture))) + " mm");
        Line("orientation", report.Orientation + (report.IsSheared ? ", sheared" : ""));
        Line("voxels", report.VoxelType + (report.Slope == 1 && report.Intercept == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", intensity = {report.Slope:G6} · stored + {report.Intercept:G6}")));
        Line("intensities", string.Create(CultureInfo.InvariantCulture, $"{report.Minimum:G6} to {report.Maximum:G6}"));
        if (report.FrameCount > 1) Line("frames", $"{report.FrameCount}, this is {report.Frame}");
        foreach (string note in report.Notes) Line("note", note);
        if (report.Labels.Count > 0) Line("labels", $"{report.Labels.Count} (whole numbers, mostly 0)");
        foreach (LabelReport label in report.Labels)
            Line("", string.Create(CultureInfo.InvariantCulture, $"{label.Label,5}  {label.Name ?? "-"}: {label.Voxels} voxels, {label.VolumeMl:0.##} ml"));

        static void Line(string name, string value) => Shell.Print($"{name,-12} {value}");
    }

    private sealed record Report(
        string Format, string Modality, int[] Size, double[] SpacingMm, string Orientation, bool IsSheared, double[][] IndexToRas,
        string VoxelType, double Slope, double Intercept, double Minimum, double Maximum, long NonFiniteVoxels,
        int Frame, int FrameCount, IReadOnlyList<string> Notes, IReadOnlyList<LabelReport> Labels);

    private sealed record LabelReport(int Label, string? Name, string? Color, long Voxels, double VolumeMl);
}
