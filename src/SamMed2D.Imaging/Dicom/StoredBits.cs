using System.Runtime.InteropServices;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Takes the number out of its allocated bits: overlays and rubbish above the high bit go, the sign is extended (PS3.5, section 8.1.1).</summary>
internal static class StoredBits
{
    /// <summary>Changes pixels in place.</summary>
    /// <typeparam name="T">Of the allocated size; its own signedness does not matter.</typeparam>
    /// <param name="pixels">The pixels as the file holds them.</param>
    /// <param name="allocated">8, 16 or 32.</param>
    /// <param name="stored">Bits that count.</param>
    /// <param name="highBit">The most significant of them.</param>
    /// <param name="signed">Two's complement.</param>
    public static void Extract<T>(Span<T> pixels, int allocated, int stored, int highBit, bool signed) where T : unmanaged
    {
        if (stored == allocated) return;
        int up = allocated - 1 - highBit, down = allocated - stored;
        switch (allocated, signed)
        {
            case (8, true):
                foreach (ref sbyte pixel in MemoryMarshal.Cast<T, sbyte>(pixels)) pixel = (sbyte)((sbyte)(pixel << up) >> down);
                break;
            case (8, false):
                foreach (ref byte pixel in MemoryMarshal.Cast<T, byte>(pixels)) pixel = (byte)((byte)(pixel << up) >> down);
                break;
            case (16, true):
                foreach (ref short pixel in MemoryMarshal.Cast<T, short>(pixels)) pixel = (short)((short)(pixel << up) >> down);
                break;
            case (16, false):
                foreach (ref ushort pixel in MemoryMarshal.Cast<T, ushort>(pixels)) pixel = (ushort)((ushort)(pixel << up) >> down);
                break;
            case (32, true):
                foreach (ref int pixel in MemoryMarshal.Cast<T, int>(pixels)) pixel = pixel << up >> down;
                break;
            default:
                foreach (ref uint pixel in MemoryMarshal.Cast<T, uint>(pixels)) pixel = pixel << up >> down;
                break;
        }
    }
}
