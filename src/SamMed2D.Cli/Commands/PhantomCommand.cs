using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Phantoms.Brain;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d phantom</c>: makes an artificial scan with labels and prompts.</summary>
internal static class PhantomCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> kind = new("KIND") { Description = "abdomen (CT) or brain (MR)." };
        kind.AcceptOnlyFromAmong("abdomen", "brain");
        Option<string> output = new("--output", "-o") { Description = "A folder, or the scan's own file name (.nii.gz, .nrrd, .mha, …); labels and prompts go beside it.", Required = true };
        Option<ulong> seed = new("--seed") { Description = "Which patient; the same seed gives the same voxels on every machine.", DefaultValueFactory = _ => 1 };
        Option<PhantomSize> size = new("--size") { Description = "How fine the grid is: small or full.", DefaultValueFactory = _ => PhantomSize.Full };
        Option<string?> dicom = new("--dicom") { Description = "Also write the scan as a DICOM series into this new folder." };
        Command command = new("phantom", "Makes an artificial scan with reference labels and a prompts file.") { kind, output, seed, size, dicom };
        command.SetAction(parsed =>
        {
            (ulong patient, PhantomSize grid) = (parsed.GetValue(seed), parsed.GetValue(size));
            Phantom phantom = parsed.GetValue(kind) == "brain"
                ? BrainPhantom.Create(patient, grid, shell.Cancellation)
                : AbdomenPhantom.Create(patient, grid, shell.Cancellation);
            Write(phantom, parsed.GetValue(output)!, shell);
            if (parsed.GetValue(dicom) is { } folder) WriteSeries(phantom, folder, patient, shell);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static void Write(Phantom phantom, string output, Shell shell)
    {
        string image = IsVolumeName(output) ? output : Path.Combine(OutputFolder.Create(output), phantom.Name + ".nii.gz");
        string ending = EndingOf(image), stem = image[..^ending.Length];
        VolumeFiles files = new();
        files.Write(phantom.Image, image, shell.Cancellation);
        files.WriteLabelMap(phantom.Labels, $"{stem}-labels{ending}", shell.Cancellation);
        AtomicFile.WriteText($"{stem}-prompts.json", PhantomPrompts.ToJson(phantom));
        Shell.Print($"{image}: {phantom.Image.Geometry}, {phantom.Labels.Segments.Count} labels");
        Shell.Print($"{stem}-labels{ending}, {stem}-prompts.json");
    }

    private static void WriteSeries(Phantom phantom, string folder, ulong seed, Shell shell)
    {
        DicomSeriesOptions options = new() { Description = $"Phantom {phantom.Name}", Seed = $"{phantom.Name} {seed}" };
        DicomSeriesWriter.Write(phantom.Image, folder, options, shell.Cancellation);
        Shell.Print($"{folder}: {phantom.Image.Geometry.SizeK} DICOM files");
    }

    private static bool IsVolumeName(string name) => EndingOf(name).Length > 0;

    private static string EndingOf(string name)
    {
        foreach (string ending in (string[])[".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd"])
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return name[^ending.Length..];
        return "";
    }
}
