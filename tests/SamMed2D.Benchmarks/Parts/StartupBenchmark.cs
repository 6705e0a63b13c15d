using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Inference;
using SamMed2D.Inference;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>How long models take to open, with and without the optimised graph of the machine.</summary>
internal sealed class StartupBenchmark : IBenchmark
{
    private const int Rounds = 3;

    public string Name => "startup";

    public string Title => "Opening a model, files in the page cache";

    public void Run(Report report)
    {
        string cache = Directory.CreateTempSubdirectory("sammed2d-graphs-").FullName;
        try
        {
            foreach (bool adapters in (bool[])[true, false])
                report.Timings(Interleaved.Measure(Rounds, Candidate($"ViT-B {(adapters ? "with" : "without")} adapters, no graph cache", adapters, null), Candidate("with graph cache", adapters, cache)));
            report.Timings(Interleaved.Measure(Rounds, new Candidate("bundled compact model", () => Open(null, null))));
            report.Text("The cache keeps the encoder's optimised graph with its weights laid out for the processor; the first start writes it, later ones map it.");
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static Candidate Candidate(string name, bool adapters, string? cache)
    {
        string folder = BenchmarkModels.Imported(adapters);
        return new(name, () => Open(folder, cache));
    }

    private static void Open(string? folder, string? cache)
    {
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(folder, new() { Device = InferenceDevice.Cpu, GraphCacheFolder = cache });
    }
}
