using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Runs;

/// <summary>The identity of a scan's voxels: SHA-256 over the stored numbers, little endian, the first index fastest.</summary>
public static class VoxelHash
{
    /// <summary>The hash as lower-case hexadecimal digits.</summary>
    public static string Of(Volume volume) => volume.Accept(new Hasher());

    /// <summary>The hash of a label map, over its labels as 16-bit numbers.</summary>
    public static string Of(LabelMap labels) => Of(labels.Labels);

    private static string Of<T>(ReadOnlySpan<T> voxels) where T : unmanaged
    {
        const int part = 1 << 22; // bytes of a span are counted in an int, which a large volume exceeds
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Voxels are hashed on little-endian machines only.");
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int start = 0; start < voxels.Length; start += part)
            hash.AppendData(MemoryMarshal.AsBytes(voxels.Slice(start, Math.Min(part, voxels.Length - start))));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Hasher : IVolumeVisitor<string>
    {
        public string Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> => VoxelHash.Of(volume.Voxels);
    }
}
