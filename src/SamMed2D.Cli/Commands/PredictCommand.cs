using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d predict</c>: marks one object on one picture.</summary>
internal static class PredictCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> image = new("IMAGE") { Description = "A PNG or JPEG picture." };
        Option<string?> box = new("--box") { Description = "x0,y0,x1,y1 in pixels; the second corner lies one past the object's last pixel." };
        Option<string[]> points = new("--point") { Description = "x,y,1 for a point on the object, x,y,0 for one off it; may be given several times.", DefaultValueFactory = _ => [] };
        Option<string?> mask = new("--mask") { Description = "An earlier mask of the same size: a grey picture, white is the object." };
        Option<string?> output = new("--output", "-o") { Description = "Where to write the mask: a PNG file, white is the object." };
        Option<bool> json = new("--json") { Description = "Print the result as JSON." };
        ModelOptions model = new();
        Command command = new("predict", "Marks one object on one picture, from a box, points or a mask.") { image, box, points, mask, output, json };
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(image)!;
            SliceImage picture = PngFile.Read(path);
            PromptSet prompts = new()
            {
                Box = parsed.GetValue(box) is { } text ? ParseBox(text) : null,
                Points = [.. parsed.GetValue(points)!.Select(ParsePoint)],
                Mask = parsed.GetValue(mask) is { } maskPath ? ReadMask(maskPath) : null,
            };
            PredictReport report = Run(path, picture, prompts, () => model.Open(parsed, shell), parsed.GetValue(output), shell.Cancellation);
            if (parsed.GetValue(json)) Shell.PrintJson(report);
            else report.Print();
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static PredictReport Run(
        string path, SliceImage picture, PromptSet prompts, Func<IPromptableSegmenter> open, string? output, CancellationToken cancellation)
    {
        if (prompts.IsEmpty) throw new InvalidPromptException("there is no prompt; give --box, --point or --mask");
        long started = Stopwatch.GetTimestamp();
        using IPromptableSegmenter segmenter = open();
        double load = Lap(ref started);
        using SliceEmbedding embedding = segmenter.Encode(picture, cancellation);
        double encode = Lap(ref started);
        MaskPrediction prediction = segmenter.Predict(embedding, prompts, cancellation);
        double predict = Lap(ref started);
        MaskPlane mask = ToPlane(prediction.Mask);
        if (output is not null) PngFile.WriteMask(output, mask);
        return new(path, output, segmenter.Description, prediction.Chosen, prediction.Candidates, mask.GetArea(), mask.GetBounds(), new(load, encode, predict));
    }

    private static double Lap(ref long since)
    {
        long now = Stopwatch.GetTimestamp();
        double milliseconds = Stopwatch.GetElapsedTime(since, now).TotalMilliseconds;
        since = now;
        return Math.Round(milliseconds, 1);
    }

    private static MaskPlane ToPlane(MaskPrompt mask)
    {
        MaskPlane plane = new(mask.Width, mask.Height);
        ReadOnlySpan<float> probabilities = mask.Probabilities.Span;
        for (int n = 0; n < probabilities.Length; n++) plane.Pixels[n] = probabilities[n] > 0.5f ? (byte)1 : (byte)0;
        return plane;
    }

    private static MaskPrompt ReadMask(string path)
    {
        SliceImage picture = PngFile.Read(path);
        if (picture.Channels != 1) throw new UnsupportedInputException(path, "is a colour picture, expected a grey one with the object in white; convert it first");
        float[] probabilities = new float[picture.Pixels.Length];
        ReadOnlySpan<byte> pixels = picture.Pixels.Span;
        for (int n = 0; n < probabilities.Length; n++) probabilities[n] = pixels[n] / 255f;
        return new(picture.Width, picture.Height, probabilities);
    }

    private static PromptBox ParseBox(string text)
    {
        double[] numbers = ParseNumbers("--box", text, 4, "x0,y0,x1,y1");
        return new(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static PromptPoint ParsePoint(string text)
    {
        const string form = "x,y,1 (on the object) or x,y,0 (off it)";
        double[] numbers = ParseNumbers("--point", text, 3, form);
        if (numbers[2] is not (0 or 1)) throw new InvalidPromptException($"--point '{text}': expected {form}");
        return new(numbers[0], numbers[1], numbers[2] == 1);
    }

    private static double[] ParseNumbers(string option, string text, int count, string form)
    {
        string[] parts = text.Split(',');
        double[] numbers = new double[count];
        bool isSound = parts.Length == count;
        for (int n = 0; isSound && n < count; n++) isSound = double.TryParse(parts[n], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[n]);
        return isSound ? numbers : throw new InvalidPromptException($"{option} '{text}': expected {form}");
    }
}

/// <summary>What <c>sammed2d predict</c> answers; the layout of its JSON.</summary>
/// <param name="Image">The picture, as named.</param>
/// <param name="Output">The mask that was written, or null.</param>
/// <param name="Model">The model.</param>
/// <param name="Chosen">Index of the candidate that was taken.</param>
/// <param name="Candidates">All candidates.</param>
/// <param name="AreaPixels">Pixels marked.</param>
/// <param name="Bounds">The rectangle round them, half-open; null where there are none.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record PredictReport(
    string Image, string? Output, SegmenterDescription Model, int Chosen, IReadOnlyList<MaskCandidate> Candidates, int AreaPixels, PixelRectangle? Bounds,
    PredictTimes Milliseconds)
{
    /// <summary>Prints it for people.</summary>
    public void Print()
    {
        Print($"model: {Model.Name} ({Model.Licence}) on {Model.Device}");
        for (int n = 0; n < Candidates.Count; n++)
            Print($"mask {n}: predicted IoU {Candidates[n].PredictedIou:0.000}, stability {Candidates[n].StabilityScore:0.000}{(n == Chosen ? "  <- chosen" : "")}");
        Print(Bounds is { } box ? $"marked: {AreaPixels} pixels, x {box.X0} to {box.X1 - 1}, y {box.Y0} to {box.Y1 - 1}" : (FormattableString)$"marked: nothing");
        Print($"time: load {Milliseconds.Load:0.0} ms, encode {Milliseconds.Encode:0.0} ms, predict {Milliseconds.Predict:0.0} ms");
        if (Output is not null) Print($"wrote {Output}");
    }

    private static void Print(FormattableString text) => Shell.Print(text.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Times in milliseconds.</summary>
/// <param name="Load">Opening the model.</param>
/// <param name="Encode">What depends on the picture alone.</param>
/// <param name="Predict">What depends on the prompts.</param>
internal sealed record PredictTimes(double Load, double Encode, double Predict);
