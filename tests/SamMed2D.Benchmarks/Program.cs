using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Inference;
using SamMed2D.Benchmarks.Parts;
using SamMed2D.Inference.Runtime;
using SamMed2D.Testing;

// Parts are measured in this order; a new part is one line here.
IBenchmark[] parts =
[
    new EncoderBenchmark(),
    new ScanBenchmark(),
    new StartupBenchmark(),
    new FilesBenchmark(),
    new LinearityBenchmark(),
    new VolumeRenderingBenchmark(),
    new EditingBenchmark(),
    new SurfaceBenchmark(),
    new FrameTimeBenchmark(),
    new ViewerBenchmark(),
];

string[] wanted = [.. args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
string[] unknown = [.. wanted.Except(parts.Select(part => part.Name))];
if (args.Contains("--list") || unknown.Length > 0)
{
    foreach (IBenchmark part in parts) Console.WriteLine($"{part.Name,-12} {part.Title}");
    if (unknown.Length > 0) Console.Error.WriteLine($"There is no part '{unknown[0]}'; the parts are listed above. --list lists them, --dry leaves RESULTS.md as it is, --keep keeps the large models for the next run.");
    return unknown.Length > 0 ? 2 : 0;
}

string folder = Path.Combine(Repository.Root, "tests", "SamMed2D.Benchmarks");
string machine = $"{ProcessorFeatures.Current}, {ProcessorCores.CountPhysical()} threads";
ResultsFile results = new(Path.Combine(folder, "RESULTS.md"));
foreach (IBenchmark part in parts)
{
    if (wanted.Length > 0 && !wanted.Contains(part.Name)) continue;
    Console.WriteLine($"== {part.Title}");
    Report report = new() { Folder = folder };
    try
    {
        part.Run(report);
        if (!args.Contains("--dry")) results.Replace(part, machine, report.Markdown);
    }
    catch (PartUnavailableException missing)
    {
        Console.WriteLine($"not measured: {missing.Message}");
    }
}
if (!args.Contains("--keep")) BenchmarkModels.Delete();
return 0;
