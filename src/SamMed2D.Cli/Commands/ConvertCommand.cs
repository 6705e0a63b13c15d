using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d convert</c>: reads a scan or label map and writes it in another format.</summary>
internal static class ConvertCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> input = new("IN") { Description = "A NIfTI, NRRD, MetaImage or DICOM file, a DICOMDIR, or a folder of DICOM files." };
        Argument<string> output = new("OUT") { Description = "Ends in .nii.gz, .nii, .nrrd, .nhdr, .mha, .mhd, or .seg.nrrd for labels." };
        ScanOptions scan = new();
        Option<bool> labels = new("--labels") { Description = "The file holds labels: write them in 8 bits where they fit, with their names and colours." };
        Command command = new("convert", "Writes a scan or label map in another format, in its own number type and place.") { input, output, labels };
        scan.AddTo(command);
        command.SetAction(parsed =>
        {
            VolumeReadOptions options = scan.Of(parsed);
            (string source, string target) = (parsed.GetValue(input)!, parsed.GetValue(output)!);
            if (parsed.GetValue(labels) || IsSegmentation(source) || IsSegmentation(target)) ConvertLabels(source, target, options, shell);
            else ConvertVolume(source, target, options, shell);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static bool IsSegmentation(string name) => name.EndsWith(".seg.nrrd", StringComparison.OrdinalIgnoreCase);

    private static void ConvertVolume(string source, string target, VolumeReadOptions options, Shell shell)
    {
        VolumeFiles files = new();
        Volume volume = shell.WithProgress("Reading", "", progress => files.Read(source, options, progress, shell.Cancellation));
        foreach (string note in volume.Info.Notes) shell.Note(note);
        files.Write(volume, target, shell.Cancellation);
        Shell.Print($"{target}: {volume.Geometry}");
    }

    private static void ConvertLabels(string source, string target, VolumeReadOptions options, Shell shell)
    {
        VolumeFiles files = new();
        LabelMap labels = files.ReadLabelMap(source, options, shell.Cancellation);
        files.WriteLabelMap(labels, target, shell.Cancellation);
        Shell.Print($"{target}: {labels.Geometry}, {labels.Segments.Count} named labels");
    }
}
