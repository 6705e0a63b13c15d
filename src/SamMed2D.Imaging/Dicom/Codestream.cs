using System.Buffers.Binary;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// What a compressed picture says of itself. Compared with the DICOM header before the codec sees the bytes: a codec that believes other
/// sizes than its caller is how decoders have written past their buffers.
/// </summary>
/// <param name="Columns">Width in pixels.</param>
/// <param name="Rows">Height in pixels.</param>
/// <param name="Components">Colours.</param>
/// <param name="Precision">Bits of a number.</param>
internal readonly record struct Codestream(int Columns, int Rows, int Components, int Precision)
{
    /// <summary>Reads the frame header of a JPEG or JPEG-LS stream (ITU-T T.81 B.2.2, T.87 C.2.2); null where there is none.</summary>
    public static Codestream? ReadJpeg(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8) return null;
        int at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF) return null;
            byte marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            bool isFrame = marker is (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) or 0xF7;
            if (isFrame)
            {
                if (at + 10 > bytes.Length) return null;
                ReadOnlySpan<byte> frame = bytes[(at + 4)..];
                return new(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), frame[5], frame[0]);
            }
            if (marker is 0xD9 or 0xDA || length < 2) return null;
            at += 2 + length;
        }
        return null;
    }

    /// <summary>Reads the SIZ segment of a JPEG 2000 stream, bare or in a JP2 box (ITU-T T.800 A.5.1); null where there is none.</summary>
    public static Codestream? ReadJpeg2000(ReadOnlySpan<byte> bytes)
    {
        int start = bytes.IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]);
        if (start < 0 || bytes.Length - start < 46) return null;
        ReadOnlySpan<byte> size = bytes[(start + 8)..];
        long columns = BinaryPrimitives.ReadUInt32BigEndian(size) - (long)BinaryPrimitives.ReadUInt32BigEndian(size[8..]);
        long rows = BinaryPrimitives.ReadUInt32BigEndian(size[4..]) - (long)BinaryPrimitives.ReadUInt32BigEndian(size[12..]);
        int components = BinaryPrimitives.ReadUInt16BigEndian(size[32..]);
        if (columns is < 1 or > 65535 || rows is < 1 or > 65535) return null;
        return new((int)columns, (int)rows, components, (size[34] & 0x7F) + 1);
    }
}
