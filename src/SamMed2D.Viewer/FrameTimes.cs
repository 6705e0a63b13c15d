using System.Diagnostics;
using System.Globalization;

namespace SamMed2D.Viewer;

/// <summary>How long frames took, from their input to the picture on the screen.</summary>
internal sealed class FrameTimes
{
    private readonly List<double> _milliseconds = [];
    private long _begun;

    /// <summary>Number of frames.</summary>
    public int Count => _milliseconds.Count;

    /// <summary>A frame begins.</summary>
    public void Begin() => _begun = Stopwatch.GetTimestamp();

    /// <summary>A frame is on the screen.</summary>
    public void End() => _milliseconds.Add(Stopwatch.GetElapsedTime(_begun).TotalMilliseconds);

    /// <summary>Forgets what was measured.</summary>
    public void Clear() => _milliseconds.Clear();

    /// <summary>Number, median, 95th percentile and longest, in one line.</summary>
    public override string ToString()
    {
        if (_milliseconds.Count == 0) return "no frame was drawn";
        double[] sorted = [.. _milliseconds.Order()];
        return string.Create(CultureInfo.InvariantCulture,
            $"{sorted.Length} frames: median {At(sorted, 0.5):0.0} ms, 95th percentile {At(sorted, 0.95):0.0} ms, longest {sorted[^1]:0.0} ms");
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
