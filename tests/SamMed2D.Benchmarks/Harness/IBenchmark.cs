namespace SamMed2D.Benchmarks.Harness;

/// <summary>One part of the benchmark, such as the encoder or the reading of files.</summary>
internal interface IBenchmark
{
    /// <summary>The word by which the command line asks for it.</summary>
    string Name { get; }

    /// <summary>The heading of its section in RESULTS.md.</summary>
    string Title { get; }

    /// <summary>Measures, and tells the report what was found.</summary>
    void Run(Report report);
}

/// <summary>A part lacks what it compares with, such as Python; the rest goes on.</summary>
internal sealed class PartUnavailableException(string message) : Exception(message);
