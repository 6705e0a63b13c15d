using System.CommandLine;
using System.Globalization;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d slices</c>: draws the slices of a scan, with labels over them if wanted.</summary>
internal static class SlicesCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> input = new("IN") { Description = "A NIfTI, NRRD, MetaImage or DICOM file, a DICOMDIR, or a folder of DICOM files." };
        Argument<string> output = new("OUT") { Description = "The folder for the pictures; with --montage, the PNG file." };
        Option<SlicePlane> plane = new("--plane") { Description = "axial, coronal or sagittal.", DefaultValueFactory = _ => SlicePlane.Axial };
        Option<IntensityWindowChoice> window = ScanOptions.Window("The intensities shown as black and white");
        Option<string?> labels = new("--labels") { Description = "A label map on the scan's grid to lay over the pictures." };
        Option<int?> every = new("--every") { Description = "Only every Nth slice; a montage shows about twelve of those with labels unless told." };
        Option<double?> zoom = new("--zoom") { Description = "Pixels per voxel; 1, in a montage 2." };
        Option<bool> montage = new("--montage") { Description = "One picture of many slices, with a legend." };
        Option<string> title = new("--title") { Description = "What stands above a montage.", DefaultValueFactory = _ => "" };
        ScanOptions scan = new();
        Command command = new("slices", "Draws slices as PNG pictures in true proportions, with labels over them if wanted.")
            { input, output, plane, window, labels, every, zoom, montage, title };
        scan.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(every) is < 1) throw new InvalidPromptException("--every: expected a whole number from 1");
            if (parsed.GetValue(zoom) is { } z && !(z is >= 0.1 and <= 16)) throw new InvalidPromptException("--zoom: expected a number from 0.1 to 16");
            VolumeReadOptions options = scan.Of(parsed);
            Source source = Open(parsed.GetValue(input)!, options, parsed.GetValue(labels), parsed.GetValue(plane), parsed.GetValue(window)!, shell);
            string target = parsed.GetValue(output)!;
            if (parsed.GetValue(montage)) WriteMontage(source, target, parsed.GetValue(every), parsed.GetValue(zoom) ?? 2, parsed.GetValue(title)!);
            else WriteSlices(source, target, parsed.GetValue(every) ?? 1, parsed.GetValue(zoom) ?? 1, shell);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static Source Open(string path, VolumeReadOptions options, string? labelsPath, SlicePlane plane, IntensityWindowChoice window, Shell shell)
    {
        VolumeFiles files = new();
        Volume volume = shell.WithProgress("Reading", "", progress => files.Read(path, options, progress, shell.Cancellation));
        foreach (string note in volume.Info.Notes) shell.Note(note);
        LabelMap? labels = labelsPath is null ? null : files.ReadLabelMap(labelsPath, cancellation: shell.Cancellation);
        if (labels is not null) labels = SameGrid.Require(labelsPath!, labels, path, volume.Geometry);
        SliceFrame frame = SliceFrame.ForPlane(volume.Geometry, plane);
        return new(SliceSampler.Create(volume, frame, window.Resolve(volume)), frame, labels);
    }

    private static void WriteSlices(Source source, string folder, int every, double zoom, Shell shell)
    {
        OutputFolder.Create(folder);
        string plane = source.Frame.Plane.ToString().ToLowerInvariant();
        int count = (source.Frame.SliceCount + every - 1) / every;
        shell.WithProgress("Drawing", "slices", progress =>
        {
            for (int n = 0; n < count; n++)
            {
                shell.Cancellation.ThrowIfCancellationRequested();
                string name = string.Create(CultureInfo.InvariantCulture, $"{plane}-{n * every:0000}.png");
                SlicePainter.Write(Path.Combine(folder, name), source.Slice(n * every), zoom);
                progress(n + 1, count);
            }
            return count;
        });
        Shell.Print($"{folder}: {count} {plane} slices");
    }

    private static void WriteMontage(Source source, string path, int? every, double zoom, string title)
    {
        const int tiles = 12;
        (int first, int last) = source.Extent();
        int step = every ?? Math.Max(1, (int)Math.Round((last - first) / (double)(tiles - 1)));
        List<LabeledSlice> slices = [];
        // From the head down, as they hang on a light box.
        for (int slice = last; slice >= first; slice -= step) slices.Add(source.Slice(slice));
        Montage.Write(path, slices, title, zoom: zoom);
        Shell.Print($"{path}: {slices.Count} {source.Frame.Plane.ToString().ToLowerInvariant()} slices");
    }

    /// <summary>A scan, how it is sliced, and what lies over it.</summary>
    private sealed record Source(SliceSampler Sampler, SliceFrame Frame, LabelMap? Labels)
    {
        public LabeledSlice Slice(int slice)
        {
            ushort[] labels = Labels is null ? [] : new ushort[Sampler.PixelCount];
            if (Labels is not null) LabelSlice.Sample(Labels, Frame, slice, labels);
            return new(Sampler.Sample(slice, new Memory<byte>(new byte[Sampler.PixelCount])), labels, Labels?.Segments ?? [], Caption(slice));
        }

        /// <summary>The first and last slice that hold labels, or that there are.</summary>
        public (int First, int Last) Extent()
        {
            if (Labels is null) return (0, Frame.SliceCount - 1);
            ushort[] pixels = new ushort[Sampler.PixelCount];
            (int first, int last) = (Frame.SliceCount, -1);
            for (int slice = 0; slice < Frame.SliceCount; slice++)
            {
                LabelSlice.Sample(Labels, Frame, slice, pixels);
                if (pixels.AsSpan().IndexOfAnyExcept((ushort)0) >= 0) (first, last) = (Math.Min(first, slice), slice);
            }
            return last < 0 ? (0, Frame.SliceCount - 1) : (first, last);
        }

        private string Caption(int slice)
        {
            RasPoint middle = Frame.Geometry.IndexToRas.IndexToRas(Frame.PixelToIndex((Frame.Width - 1) / 2.0, (Frame.Height - 1) / 2.0, slice));
            (double mm, string letters) = Frame.Plane switch
            {
                SlicePlane.Sagittal => (middle.R, "RL"),
                SlicePlane.Coronal => (middle.A, "AP"),
                _ => (middle.S, "SI"),
            };
            return string.Create(CultureInfo.InvariantCulture, $"{slice}   {(mm >= 0 ? letters[0] : letters[1])} {Math.Abs(mm):0} mm");
        }
    }
}
