using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Onnx;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Benchmarks.Inference;

/// <summary>
/// Models of ViT-B's size with random weights (speed does not depend on their values), made when first asked for, in the system's folder for
/// temporary files. They take gigabytes and are deleted at the end, unless they are kept for the next run.
/// </summary>
internal static class BenchmarkModels
{
    private static readonly string s_folder = Path.Combine(Path.GetTempPath(), "sammed2d-benchmarks");
    private static bool s_isUsed;

    /// <summary>The folder of a model as <c>model import</c> makes it.</summary>
    public static string Imported(bool adapters, ModelPrecision precision = ModelPrecision.Float32) => Make($"{(adapters ? "adapters" : "no-adapters")}-{precision}", folder =>
        ModelImport.Run(Checkpoint(), folder, new() { WithoutAdapters = !adapters, Precision = precision }));

    /// <summary>The encoder as the public script exports it.</summary>
    /// <returns>The ONNX file.</returns>
    public static string PlainEncoder(bool adapters) => Path.Combine(Make(adapters ? "plain-adapters" : "plain-no-adapters", folder =>
    {
        Directory.CreateDirectory(folder);
        using CheckpointFile checkpoint = CheckpointFile.Open(Checkpoint());
        using FileStream graph = File.Create(Path.Combine(folder, "encoder.onnx")), data = File.Create(Path.Combine(folder, "encoder.weights"));
        using WeightsFile weights = new(data);
        new PlainEncoderGraph(checkpoint, SamArchitecture.Read(checkpoint), 256, adapters).Build().Write(graph, weights, "encoder.weights", _ => { }, CancellationToken.None);
    }), "encoder.onnx");

    /// <summary>Deletes all of them, where this run has used any: another run may be at work.</summary>
    public static void Delete()
    {
        if (s_isUsed && Directory.Exists(s_folder)) Directory.Delete(s_folder, recursive: true);
    }

    private static string Checkpoint() => Make("vit-b.pth", path => SamCheckpoint.VitBase.Write(path));

    private static string Make(string name, Action<string> make)
    {
        string place = Path.Combine(s_folder, name), unfinished = Path.Combine(s_folder, name + ".unfinished");
        s_isUsed = true;
        if (Path.Exists(place)) return place;
        Directory.CreateDirectory(s_folder);
        if (File.Exists(unfinished)) File.Delete(unfinished);
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        make(unfinished);
        Directory.Move(unfinished, place);
        return place;
    }
}
