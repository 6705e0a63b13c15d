using SamMed2D.Inference.Import;
using SamMed2D.Inference.Tests.Onnx;
using SamMed2D.Inference.Tests.Sam;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Import;

/// <summary>A golden checkpoint imported into a temporary folder, with the reference's outputs beside it.</summary>
public sealed class GoldenModel : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("golden-").FullName;

    internal GoldenModel(string checkpoint, string goldens, ImportOptions options)
    {
        string folder = Path.Combine(_folder, "model");
        Result = ModelImport.Run(Repository.SharedPath("model-goldens", checkpoint + ".pth"), folder, options);
        Encoder = new GraphRunner(Path.Combine(folder, "encoder.onnx"));
        Decoder = new GraphRunner(Path.Combine(folder, "decoder.onnx"));
        Answers = new GoldenAnswers(goldens);
    }

    internal ImportResult Result { get; }

    internal GraphRunner Encoder { get; }

    internal GraphRunner Decoder { get; }

    internal GoldenAnswers Answers { get; }

    internal IReadOnlyList<GoldenPrompt> Cases => Answers.Cases;

    internal Numbers Golden(string name)
    {
        NumpyArray array = Answers[name];
        return new(array.Values, Array.ConvertAll(array.Shape, size => (long)size));
    }

    public void Dispose()
    {
        Encoder.Dispose();
        Decoder.Dispose();
        Answers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What the decoder's graph is fed for a prompt: points, then the box's corners, or one padding point where there is no box.</summary>
internal static class GoldenInputs
{
    /// <summary>Point coordinates in pixels of the model's image.</summary>
    public static Numbers CoordinatesOf(GoldenPrompt golden) =>
        new([.. PointsOf(golden).SelectMany(point => (float[])[(float)point.X * golden.InputSize / golden.Width, (float)point.Y * golden.InputSize / golden.Height])], 1, PointsOf(golden).Count, 2);

    public static Numbers LabelsOf(GoldenPrompt golden) => new([.. PointsOf(golden).Select(point => point.Label)], 1, PointsOf(golden).Count);

    private static List<(double X, double Y, float Label)> PointsOf(GoldenPrompt golden)
    {
        List<(double X, double Y, float Label)> points = [.. golden.Prompts.Points.Select(point => (point.X, point.Y, point.IsForeground ? 1f : 0f))];
        if (golden.Prompts.Box is { } box) points.AddRange([(box.X0, box.Y0, 2f), (box.X1, box.Y1, 3f)]);
        else if (points.Count > 0) points.Add((0, 0, -1));
        return points;
    }
}
