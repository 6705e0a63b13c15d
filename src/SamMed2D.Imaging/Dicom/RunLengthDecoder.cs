using System.Buffers.Binary;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// Decodes DICOM's run-length coding (PS3.5, annex G): a head of 16 numbers, then one PackBits segment for each byte of a pixel, the most significant first.
/// Not left to GDCM, which reads outside its memory on damaged segments.
/// </summary>
internal static class RunLengthDecoder
{
    private const int HeadBytes = 64;

    /// <summary>Decodes one grey picture.</summary>
    /// <returns>Pixels row by row, little endian.</returns>
    /// <exception cref="InvalidDataException">The head or a segment is damaged.</exception>
    public static byte[] Decode(PixelFormat format, ReadOnlySpan<byte> compressed)
    {
        int bytesPerPixel = format.BytesPerPixel, pixels = checked(format.Columns * format.Rows);
        if (compressed.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(compressed) != bytesPerPixel) throw Damaged();
        byte[] result = new byte[format.PictureBytes];
        for (int plane = 0; plane < bytesPerPixel; plane++)
        {
            uint start = BinaryPrimitives.ReadUInt32LittleEndian(compressed[(4 + 4 * plane)..]);
            uint end = plane + 1 < bytesPerPixel ? BinaryPrimitives.ReadUInt32LittleEndian(compressed[(8 + 4 * plane)..]) : (uint)compressed.Length;
            if (start < HeadBytes || end < start || end > compressed.Length) throw Damaged();
            DecodeSegment(compressed[(int)start..(int)end], result.AsSpan(bytesPerPixel - 1 - plane), bytesPerPixel, pixels);
        }
        return result;
    }

    private static void DecodeSegment(ReadOnlySpan<byte> segment, Span<byte> target, int stride, int count)
    {
        int at = 0, written = 0;
        while (written < count)
        {
            if (at >= segment.Length) throw Damaged();
            int control = (sbyte)segment[at++];
            if (control == -128) continue;
            int length = Math.Min(control >= 0 ? control + 1 : 1 - control, count - written);
            if (at + (control >= 0 ? length : 1) > segment.Length) throw Damaged();
            for (int n = 0; n < length; n++) target[(written + n) * stride] = segment[control >= 0 ? at + n : at];
            at += control >= 0 ? length : 1;
            written += length;
        }
    }

    private static InvalidDataException Damaged() => new("its run-length coded image is cut off or damaged; copy it again from its source");
}
