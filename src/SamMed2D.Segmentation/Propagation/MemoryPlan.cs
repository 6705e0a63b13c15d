using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>Works out before the start whether a run fits into memory, and how much of it embeddings may use.</summary>
internal static class MemoryPlan
{
    /// <summary>Room for a few embeddings of any known model; with less a run makes no sense.</summary>
    private const long LeastCacheBytes = 32L << 20;

    /// <summary>The bytes that embeddings may use.</summary>
    /// <exception cref="InsufficientMemoryForWorkException">The result alone does not fit.</exception>
    public static long CacheBytesFor(VolumeGeometry geometry, IReadOnlyList<ResolvedSegment> segments, PropagationOptions options, long availableBytes, bool hasFixed = false)
    {
        long needed = ResultBytes(geometry, segments.Count, hasFixed) + segments.Sum(s => WalkBytes(geometry, s));
        long least = Math.Min(LeastCacheBytes, options.CacheBytes);
        if (needed + least > availableBytes)
            throw new InsufficientMemoryForWorkException(
                $"segmenting {segments.Count} {(segments.Count == 1 ? "structure" : "structures")} on {geometry} takes about {(needed + least) >> 20} MB, but {availableBytes >> 20} MB are free; close other programs, or crop or resample the scan");
        return Math.Min(options.CacheBytes, availableBytes - needed);
    }

    private static long ResultBytes(VolumeGeometry geometry, int segments, bool hasFixed) =>
        geometry.VoxelCount * (sizeof(ushort) + (segments > 1 ? 1 : 0) + (hasFixed ? 1 : 0));

    /// <summary>
    /// Each walk holds its last mask, the one carried from it and their mean (three floats and three bytes a pixel) and its last picture;
    /// gaps keep a byte a pixel and slice, twice, at worst.
    /// </summary>
    private static long WalkBytes(VolumeGeometry geometry, ResolvedSegment segment)
    {
        long pixels = geometry.VoxelCount / geometry.Size(segment.Axis);
        long gapSlices = segment.KeySlices[^1].Slice - segment.KeySlices[0].Slice - (segment.KeySlices.Count - 1);
        // Only the nearest locked slices start walks.
        int starts = Math.Min(segment.KeySlices.Count, 3 * segment.KeySlices.Count(k => k.Role != KeyRole.Locked));
        return pixels * (2L * starts * (3 * sizeof(float) + 4) + 2 * gapSlices);
    }
}

/// <summary>What the machine has to spare.</summary>
internal static class MachineMemory
{
    /// <summary>Bytes that can be allocated without swapping, as far as the system tells; never more than the container's or the runtime's limit leaves.</summary>
    public static long AvailableBytes()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        long byRuntime = info.TotalAvailableMemoryBytes - Environment.WorkingSet;
        return Math.Max(0, Math.Min(byRuntime, AvailableBySystem() ?? byRuntime));
    }

    private static long? AvailableBySystem()
    {
        const string file = "/proc/meminfo";
        if (!File.Exists(file)) return null;
        foreach (string line in File.ReadLines(file))
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], out long kilobytes)) return kilobytes << 10;
        return null;
    }
}
