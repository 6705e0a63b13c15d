using System.Diagnostics;

namespace SamMed2D.Benchmarks.Harness;

/// <summary>Something to be timed against others.</summary>
/// <param name="Name">As it is shown in the table.</param>
/// <param name="Work">One run of it.</param>
internal sealed record Candidate(string Name, Action Work);

/// <summary>Times candidates in turns, so that what else the machine does meets all of them alike.</summary>
internal static class Interleaved
{
    /// <summary>Runs every candidate once unmeasured, then in rounds, each round beginning with another one.</summary>
    /// <returns>One timing a candidate, in their order.</returns>
    public static IReadOnlyList<Timing> Measure(int rounds, params IReadOnlyList<Candidate> candidates)
    {
        Timing[] timings = [.. candidates.Select(candidate => new Timing(candidate.Name))];
        foreach (Candidate candidate in candidates) candidate.Work();
        for (int round = 0; round < rounds; round++)
            for (int turn = 0; turn < candidates.Count; turn++)
            {
                int n = (round + turn) % candidates.Count;
                TimeSpan cpu = Environment.CpuUsage.TotalTime;
                long started = Stopwatch.GetTimestamp();
                candidates[n].Work();
                timings[n].Add(Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - cpu);
            }
        return timings;
    }
}

/// <summary>What the runs of a candidate took.</summary>
internal sealed class Timing(string name)
{
    private readonly List<double> _wall = [], _cpu = [];

    public string Name => name;

    /// <summary>Milliseconds of the fastest run.</summary>
    public double Min => _wall.Min();

    /// <summary>Milliseconds of the middle run.</summary>
    public double Median => Middle(_wall);

    /// <summary>Milliseconds of all cores together in the middle run, this process alone: what a busy machine changes least.</summary>
    public double MedianCpu => Middle(_cpu);

    /// <summary>
    /// How many times as fast this is as another: the least of the ratios by min, by median and by CPU time, since a busy machine flatters one or
    /// the other by chance.
    /// </summary>
    public double SpeedOver(Timing other) => Math.Min(Math.Min(other.Min / Min, other.Median / Median), other.MedianCpu / MedianCpu);

    public void Add(TimeSpan wall, TimeSpan cpu)
    {
        _wall.Add(wall.TotalMilliseconds);
        _cpu.Add(cpu.TotalMilliseconds);
    }

    private static double Middle(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
