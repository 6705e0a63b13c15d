using System.CommandLine;
using System.Globalization;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Png;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Shots;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d render</c>: pictures of a scan and its labels, without a window.</summary>
internal static class RenderCommand
{
    private const int MaxSide = 8192;

    public static Command Create(Shell shell)
    {
        Argument<string> input = new("SCAN") { Description = "A NIfTI, NRRD, MetaImage or DICOM file, or a folder of DICOM files." };
        Option<string> output = new("--output", "-o") { Description = "The picture, a PNG; several are numbered: shot-000.png, shot-001.png, …", Required = true };
        Option<string?> labels = new("--labels") { Description = "A label map to show over the slices and as surfaces." };
        Option<ShotView> view = new("--view")
        {
            Description = "axial, coronal or sagittal with a slice number (axial:42) or without (the middle); the same turned by degrees about its horizontal and its vertical axis "
                + "(coronal:60@30,-15); oblique:R,A,S for the plane at right angles to a direction; 3d; or four-up.",
            CustomParser = result => Parse<ShotView>(result, ShotView.TryParse, "axial:42, coronal, sagittal, coronal:60@30,-15, oblique:0,0.6,0.8, 3d or four-up"),
            DefaultValueFactory = _ => new(ShotKind.FourUp),
        };
        Option<RasPoint?> through = new("--through")
        {
            Description = "A place on the oblique plane, in RAS millimetres, as the viewer's crosshair says it; the middle of the slice or scan where not given.",
            HelpName = "R,A,S",
            CustomParser = result => Parse<RasPoint?>(result, TryParsePlace, "a place R,A,S in millimetres, such as -12.5,40,103"),
        };
        Option<string?> preset = new("--preset") { Description = $"How the volume looks in 3D: {string.Join(", ", TransferPresets.Names)}, or none. Bone for CT where not given." };
        preset.AcceptOnlyFromAmong([.. TransferPresets.Names, "none"]);
        Option<IntensityWindowChoice> window = ScanOptions.Window("The intensities shown as black and white");
        ScanOptions scan = new();
        Option<ImageSize> size = new("--size")
        {
            Description = "Width and height in pixels.",
            CustomParser = result => Parse<ImageSize>(result, TryParseSize, $"a size such as 1280x960, at most {MaxSide} a side"),
            DefaultValueFactory = _ => new(1280, 960),
        };
        Option<ViewDirection> from = new("--from") { Description = "From where the 3D view looks.", DefaultValueFactory = _ => ViewDirection.Anterior };
        Option<int> turntable = new("--turntable") { Description = "This many 3D pictures, once around the patient." };
        Option<bool> sweep = new("--sweep") { Description = "One picture for every slice of the --view's plane, numbered like the slices." };
        Command command = new("render", "Draws a scan and its labels: slices, 3D, or both, into PNG files.")
        {
            input, output, labels, view, through, preset, window, size, from, turntable, sweep,
        };
        scan.AddTo(command);
        command.SetAction(parsed =>
        {
            ShotView? asked = parsed.GetResult(view) is { Implicit: false } ? parsed.GetValue(view) : null;
            int? pictures = parsed.GetResult(turntable) is { Implicit: false } ? parsed.GetValue(turntable) : null;
            RequireThatGoTogether(asked, pictures, parsed.GetValue(sweep), parsed.GetValue(through));
            RequirePng(parsed.GetValue(output)!);
            (VolumeFiles files, string path) = (new(), parsed.GetValue(input)!);
            Volume volume = shell.WithProgress("Reading", "", progress => files.Read(path, scan.Of(parsed), progress, shell.Cancellation));
            foreach (string note in volume.Info.Notes) shell.Note(note);
            LabelMap? labelMap = parsed.GetValue(labels) is { } labelsPath
                ? SameGrid.Require(labelsPath, files.ReadLabelMap(labelsPath, shell.Cancellation), path, volume.Geometry)
                : null;
            IntensityWindow? chosen = parsed.GetResult(window) is { Implicit: false } ? parsed.GetValue(window)!.Resolve(volume) : null;
            ShotStudio studio = new(volume, labelMap)
            {
                Window = chosen ?? VolumeLayer.SuggestWindow(volume),
                Transfer = TransferOf(parsed.GetValue(preset), chosen, volume),
                From = parsed.GetValue(from),
            };
            ShotView wanted = pictures is null ? parsed.GetValue(view) : new(ShotKind.Space);
            if (wanted.Slice is { } slice && slice >= studio.SliceCount(wanted.Plane))
                throw new InvalidPromptException($"--view {wanted.Plane}:{slice}: the scan has {studio.SliceCount(wanted.Plane)} such slices, numbered from 0");
            if (wanted.Kind == ShotKind.Space && studio.Transfer is null && labelMap is null) throw Refuse("--preset none leaves nothing to show in 3D; give --labels, or another preset");
            using Shooting shooting = new(studio, parsed.GetValue(through), parsed.GetValue(size), shell);
            shooting.Run(wanted, pictures ?? 0, parsed.GetValue(sweep), parsed.GetValue(output)!);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static void RequireThatGoTogether(ShotView? view, int? turntable, bool sweep, RasPoint? through)
    {
        if (turntable < 1) throw Refuse("--turntable takes the number of pictures, 1 or more");
        if (turntable is not null && view is { Kind: not ShotKind.Space }) throw Refuse($"--turntable turns the 3D view; leave --view {view} out");
        if (turntable is not null && sweep) throw Refuse("--turntable and --sweep are two series of pictures; give one of them");
        if (sweep && view is not { Kind: ShotKind.Slice, Slice: null })
            throw Refuse($"--sweep goes through the slices of a plane; give --view axial, coronal or sagittal{(view is null ? "" : $" instead of {view}")}");
        if (through is not null && view is not { Kind: ShotKind.Oblique }) throw Refuse("--through places an oblique view; give --view coronal@30,-15 or oblique:0,0.6,0.8 with it");
    }

    private static void RequirePng(string output)
    {
        if (!output.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) throw Refuse($"--output {output}: pictures are PNG files; give a name that ends in .png");
    }

    private static InvalidCommandException Refuse(string problem) => new("render", problem);

    private static TransferFunction? TransferOf(string? preset, IntensityWindow? window, Volume volume) => preset is null
        ? TransferPresets.Suggest(volume)
        : window is { } chosen ? TransferPresets.Find(preset, chosen) : TransferPresets.FindFor(preset, volume);

    private delegate bool TryParse<T>(string text, out T value);

    private static T Parse<T>(System.CommandLine.Parsing.ArgumentResult result, TryParse<T> tryParse, string expected)
    {
        if (tryParse(result.Tokens[0].Value, out T value)) return value;
        result.AddError($"'{result.Tokens[0].Value}' is not {expected}");
        return value;
    }

    private static bool TryParsePlace(string text, out RasPoint? place)
    {
        bool isPlace = ShotView.TryParseNumbers(text, out double[] numbers, 3);
        place = isPlace ? new(numbers[0], numbers[1], numbers[2]) : null;
        return isPlace;
    }

    private static bool TryParseSize(string text, out ImageSize size)
    {
        string[] parts = text.ToLowerInvariant().Split('x');
        size = new(1, 1);
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)) return false;
        if (width is < 16 or > MaxSide || height is < 16 or > MaxSide) return false;
        size = new(width, height);
        return true;
    }

    /// <summary>Takes the pictures of one command line.</summary>
    private sealed class Shooting(ShotStudio studio, RasPoint? through, ImageSize size, Shell shell) : IDisposable
    {
        private OffscreenRenderer? _renderer;
        private bool _isOnCpu;

        public void Run(ShotView view, int turntable, bool sweep, string output)
        {
            if (turntable > 0) Series(turntable, output, n => Draw(studio.Space(size, 2 * Math.PI * n / turntable)));
            else if (sweep && view.Kind == ShotKind.Slice) Series(studio.SliceCount(view.Plane), output, n => Draw(studio.Slice(view.Plane, n, size)));
            else Save(output, Single(view));
            foreach (string note in _renderer?.TakeNotes() ?? []) shell.Note(note);
        }

        public void Dispose() => _renderer?.Dispose();

        private SliceImage Single(ShotView view)
        {
            if (view.Kind == ShotKind.Slice) return Draw(studio.Slice(view.Plane, view.Slice, size));
            if (view.Kind == ShotKind.Space) return Draw(studio.Space(size));
            if (view.Kind == ShotKind.Oblique)
                return Draw(studio.Oblique(view, through, size) ?? throw new InvalidPromptException($"--view {view}: the plane does not pass through the scan; give another place with --through"));
            ImageSize quarter = new((size.Width - 2) / 2, (size.Height - 2) / 2);
            return ShotStudio.FourUp(
                Draw(studio.Slice(SlicePlane.Axial, null, quarter)), Draw(studio.Space(quarter)),
                Draw(studio.Slice(SlicePlane.Coronal, null, quarter)), Draw(studio.Slice(SlicePlane.Sagittal, null, quarter)));
        }

        private void Series(int count, string output, Func<int, SliceImage> draw) => shell.WithProgress("Drawing", "pictures", progress =>
        {
            string stem = Path.Combine(Path.GetDirectoryName(output) ?? "", Path.GetFileNameWithoutExtension(output));
            // As many digits as the last one needs, so that file lists are in order.
            string digits = new('0', Math.Max(3, (count - 1).ToString(CultureInfo.InvariantCulture).Length));
            for (int n = 0; n < count; n++)
            {
                shell.Cancellation.ThrowIfCancellationRequested();
                Save($"{stem}-{n.ToString(digits, CultureInfo.InvariantCulture)}.png", draw(n));
                progress(n + 1, count);
            }
            return count;
        });

        private static void Save(string path, SliceImage image)
        {
            PngFile.Write(path, image);
            Shell.Print(path);
        }

        private SliceImage Draw(SpatialScene scene) => Renderer.Render(scene);

        // Slices need no graphics driver: they are then drawn on the CPU, only slower.
        private SliceImage Draw(SliceScene scene)
        {
            try
            {
                if (!_isOnCpu) return Renderer.Render(scene);
            }
            catch (MissingComponentException missing)
            {
                _isOnCpu = true;
                shell.Note($"{missing.Message}; slices are drawn without it");
            }
            return ReferenceSliceRenderer.Render(scene, shell.Cancellation);
        }

        private OffscreenRenderer Renderer => _renderer ??= OffscreenRenderer.Create();
    }
}
