using System.Numerics;
using System.Runtime.CompilerServices;

namespace SamMed2D.Segmentation.Slicing;

/// <summary>The bit patterns of small voxel types, as indices into tables and histograms.</summary>
internal static class VoxelBits
{
    /// <summary>The bit pattern of an 8- or 16-bit number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToIndex<T>(T value) where T : unmanaged =>
        Unsafe.SizeOf<T>() == 1 ? Unsafe.BitCast<T, byte>(value) : Unsafe.BitCast<T, ushort>(value);

    /// <summary>A table of a function over all numbers of an 8- or 16-bit type; null for larger types.</summary>
    public static byte[]? CreateTable<T>(Func<T, byte> function) where T : unmanaged, INumber<T>
    {
        if (Unsafe.SizeOf<T>() > 2) return null;
        byte[] table = new byte[1 << (8 * Unsafe.SizeOf<T>())];
        for (int bits = 0; bits < table.Length; bits++) table[bits] = function(FromIndex<T>(bits));
        return table;
    }

    /// <summary>The number with a bit pattern.</summary>
    public static T FromIndex<T>(int bits) where T : unmanaged =>
        Unsafe.SizeOf<T>() == 1 ? Unsafe.BitCast<byte, T>((byte)bits) : Unsafe.BitCast<ushort, T>((ushort)bits);
}
