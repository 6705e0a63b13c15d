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
    private const byte HuffmanTables = 0xC4, QuantizationTables = 0xDB, RestartInterval = 0xDD, LsParameters = 0xF8, StartOfScan = 0xDA;

    /// <summary>
    /// Reads the head of a JPEG or JPEG-LS stream (ITU-T T.81 annex B, T.87 C.2) and copies the stream without what a decoder does not need: GDCM stops the
    /// whole process where its JPEG library warns of an application segment or of bytes between segments.
    /// </summary>
    /// <param name="bytes">From the start of the image.</param>
    /// <param name="clean">The stream with tables, frame and scan only.</param>
    /// <returns>Null where the head is damaged.</returns>
    public static Codestream? ReadJpeg(ReadOnlySpan<byte> bytes, out byte[] clean)
    {
        clean = [];
        if (bytes.Length < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8) return null;
        using MemoryStream copy = new(bytes.Length);
        copy.Write(bytes[..2]);
        Codestream? frame = null;
        int at = 2;
        while (at + 4 <= bytes.Length && bytes[at] == 0xFF)
        {
            byte marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length < 2 || at + 2 + length > bytes.Length) return null;
            ReadOnlySpan<byte> segment = bytes.Slice(at, 2 + length);
            if (marker == StartOfScan)
            {
                if (frame is null) return null;
                copy.Write(bytes[at..]);
                clean = copy.ToArray();
                return frame;
            }
            if (IsFrame(marker))
            {
                if (frame is not null || length < 8) return null;
                frame = new(BinaryPrimitives.ReadUInt16BigEndian(segment[7..]), BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), segment[9], segment[4]);
            }
            if (IsFrame(marker) || marker is HuffmanTables or QuantizationTables or RestartInterval or LsParameters) copy.Write(segment);
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

    /// <summary>Sequential and lossless Huffman frames and JPEG-LS: what DICOM uses.</summary>
    private static bool IsFrame(byte marker) => marker is 0xC0 or 0xC1 or 0xC2 or 0xC3 or 0xF7;
}
