using System.Runtime.CompilerServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.Voxels;

/// <summary>Memory for the voxels of one volume.</summary>
internal static class VoxelMemory
{
    /// <summary>Allocates without clearing; every element must be written.</summary>
    /// <param name="path">The file that the voxels come from, for messages.</param>
    /// <param name="count">How many voxels.</param>
    /// <exception cref="UnsupportedInputException">More voxels than one array holds.</exception>
    /// <exception cref="InsufficientMemoryForWorkException">More than the machine has.</exception>
    public static T[] Allocate<T>(string path, long count) where T : unmanaged
    {
        if (count > Array.MaxLength)
            throw new UnsupportedInputException(path, $"has {count:N0} voxels, and a volume may have at most {Array.MaxLength:N0}; crop or downsample it first");
        long bytes = count * Unsafe.SizeOf<T>(), available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes <= available)
        {
            try
            {
                return GC.AllocateUninitializedArray<T>((int)count);
            }
            catch (OutOfMemoryException)
            {
                // Reported below with the numbers.
            }
        }
        throw new InsufficientMemoryForWorkException(
            $"{path}: its voxels need {bytes / 1e9:0.0} GB of memory and this machine has {available / 1e9:0.0} GB; close other programs, or crop or downsample it first");
    }
}
