using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Inference;
using SamMed2D.Inference.Models;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>The image encoder that <c>model import</c> writes against the graph of the public script, at ViT-B's size.</summary>
internal sealed class EncoderBenchmark : IBenchmark
{
    private const int Rounds = 12;

    public string Name => "encoder";

    public string Title => "Image encoder, ViT-B at 256 pixels, one slice";

    public void Run(Report report)
    {
        Compare(report, adapters: true, goal: 1.25);
        Compare(report, adapters: false, goal: 1.33);
    }

    private static void Compare(Report report, bool adapters, double goal)
    {
        string what = adapters ? "with adapters" : "without adapters";
        using EncoderRun plain = new(BenchmarkModels.PlainEncoder(adapters));
        using EncoderRun ours = new(ModelFolder.Open(BenchmarkModels.Imported(adapters)).PathOf(ModelFileRole.Encoder));
        IReadOnlyList<Timing> timings = Interleaved.Measure(Rounds, new Candidate($"public export, {what}", plain.Run), new Candidate($"model import, {what}", ours.Run));
        report.Timings(timings);
        double difference = plain.LargestDifference(ours);
        double speed = timings[0].Min / timings[1].Min;
        report.Goal($"Encoder {what}", $"≥ {goal}× at equal outputs", $"{Report.Ratio(speed)}, outputs differ by {difference:e1} at most", speed >= goal && difference < 1e-3);
    }
}
