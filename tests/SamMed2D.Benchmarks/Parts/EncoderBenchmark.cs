using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Inference;
using SamMed2D.Inference.Models;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>The image encoders that <c>model import</c> writes, in both precisions, against the graph of the public script, at ViT-B's size.</summary>
internal sealed class EncoderBenchmark : IBenchmark
{
    private const int Rounds = 12;
    private const double EqualWithin = 1e-3;

    public string Name => "encoder";

    public string Title => "Image encoder, ViT-B at 256 pixels, one slice";

    public void Run(Report report)
    {
        Compare(report, adapters: true, goal: 1.25, int8Goal: 1.9);
        Compare(report, adapters: false, goal: 1.33, int8Goal: 2.5);
    }

    private static void Compare(Report report, bool adapters, double goal, double int8Goal)
    {
        string what = adapters ? "with adapters" : "without adapters";
        using EncoderRun plain = new(BenchmarkModels.PlainEncoder(adapters)), ours = Open(adapters, ModelPrecision.Float32), int8 = Open(adapters, ModelPrecision.Int8);
        IReadOnlyList<Timing> timings = Interleaved.Measure(
            Rounds, new Candidate($"public export, {what}", plain.Run), new Candidate("model import", ours.Run), new Candidate("model import --precision int8", int8.Run));
        report.Timings(timings);
        double difference = plain.LargestDifference(ours), speed = timings[1].SpeedOver(timings[0]), int8Speed = timings[2].SpeedOver(timings[0]);
        report.Goal($"Encoder {what}", $"≥ {goal}× at equal outputs", $"{Report.Ratio(speed)}, outputs of size 1 differ by {difference:e1} at most", speed >= goal && difference < EqualWithin);
        report.Goal($"int8 encoder {what}", $"≥ {int8Goal}×", Report.Ratio(int8Speed), int8Speed >= int8Goal);
    }

    private static EncoderRun Open(bool adapters, ModelPrecision precision) =>
        new(ModelFolder.Open(BenchmarkModels.Imported(adapters, precision)).PathOf(ModelFileRole.Encoder));
}
