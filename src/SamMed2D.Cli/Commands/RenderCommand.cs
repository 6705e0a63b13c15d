using System.CommandLine;
using System.Globalization;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
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
            Description = "axial, coronal or sagittal with a slice number (axial:42) or without (the middle), 3d, or four-up.",
            CustomParser = result => Parse<ShotView>(result, ShotView.TryParse, "axial:42, coronal, sagittal, 3d or four-up"),
            DefaultValueFactory = _ => new(ShotKind.FourUp),
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
        Option<bool> sweep = new("--sweep") { Description = "One picture for every slice of the plane." };
        Command command = new("render", "Draws a scan and its labels: slices, 3D, or both, into PNG files.")
        {
            input, output, labels, view, preset, window, size, from, turntable, sweep,
        };
        scan.AddTo(command);
        command.SetAction(parsed =>
        {
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
            ShotView wanted = parsed.GetValue(turntable) > 0 ? new(ShotKind.Space) : parsed.GetValue(view);
            if (wanted.Slice is { } slice && slice >= studio.SliceCount(wanted.Plane))
                throw new InvalidPromptException($"--view {wanted.Plane}:{slice}: the scan has {studio.SliceCount(wanted.Plane)} such slices, numbered from 0");
            using Shooting shooting = new(studio, parsed.GetValue(size), shell);
            shooting.Run(wanted, parsed.GetValue(turntable), parsed.GetValue(sweep), parsed.GetValue(output)!);
            return (int)ExitCode.Success;
        });
        return command;
    }

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
    private sealed class Shooting(ShotStudio studio, ImageSize size, Shell shell) : IDisposable
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
            ImageSize quarter = new((size.Width - 2) / 2, (size.Height - 2) / 2);
            return ShotStudio.FourUp(
                Draw(studio.Slice(SlicePlane.Axial, null, quarter)), Draw(studio.Space(quarter)),
                Draw(studio.Slice(SlicePlane.Coronal, null, quarter)), Draw(studio.Slice(SlicePlane.Sagittal, null, quarter)));
        }

        private void Series(int count, string output, Func<int, SliceImage> draw) => shell.WithProgress("Drawing", "pictures", progress =>
        {
            string stem = Path.Combine(Path.GetDirectoryName(output) ?? "", Path.GetFileNameWithoutExtension(output));
            for (int n = 0; n < count; n++)
            {
                shell.Cancellation.ThrowIfCancellationRequested();
                Save(string.Create(CultureInfo.InvariantCulture, $"{stem}-{n:000}.png"), draw(n));
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
