using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.Voxels;

/// <summary>
/// The rule for voxels that are no numbers: they stay as they are in the file, the user is told how many there are, and statistics
/// leave them out; a window shows NaN and negative infinity as black and positive infinity as white.
/// </summary>
internal static class NonFiniteVoxels
{
    /// <summary>What to tell the user, or null where all voxels are finite.</summary>
    /// <exception cref="InvalidFileException">No voxel is finite.</exception>
    public static string? Describe<T>(string path, ReadOnlySpan<T> voxels) where T : unmanaged
    {
        long count = Count(voxels);
        if (count == 0) return null;
        if (count == voxels.Length) throw new InvalidFileException(path, "all its voxels are NaN or infinite, so there is nothing to see; export it again");
        return $"{count:N0} of {voxels.Length:N0} voxels are NaN or infinite; they are kept, count in no statistic, and are shown black (positive infinity white).";
    }

    private static long Count<T>(ReadOnlySpan<T> voxels) where T : unmanaged
    {
        long count = 0;
        if (typeof(T) == typeof(float))
        {
            foreach (float voxel in System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(voxels))
                if (!float.IsFinite(voxel)) count++;
        }
        else if (typeof(T) == typeof(double))
        {
            foreach (double voxel in System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(voxels))
                if (!double.IsFinite(voxel)) count++;
        }
        return count;
    }
}
