using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SamMed2D.Imaging.Voxels;

/// <summary>Byte order of stored numbers.</summary>
internal static class ByteOrder
{
    /// <summary>Reverses the bytes of each number in place.</summary>
    public static void Reverse<T>(Span<T> numbers) where T : unmanaged
    {
        switch (Unsafe.SizeOf<T>())
        {
            case 2:
                Span<ushort> shorts = MemoryMarshal.Cast<T, ushort>(numbers);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<uint> ints = MemoryMarshal.Cast<T, uint>(numbers);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<ulong> longs = MemoryMarshal.Cast<T, ulong>(numbers);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
