using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SamMed2D.Imaging.Dicom;

/// <summary>A data set being written: explicit little endian, sorted by tag, even lengths (PS3.5, section 7.1).</summary>
internal sealed class DicomElements
{
    private readonly SortedDictionary<uint, byte[]> _elements = [];

    /// <summary>Text: any of the character types. UIDs are padded with a zero byte, the rest with a space.</summary>
    public DicomElements Text(uint tag, string vr, string value) => Add(tag, vr, Encoding.ASCII.GetBytes(value), vr == "UI" ? (byte)0 : (byte)' ');

    /// <summary>Decimal strings (VR DS), each at most 16 characters.</summary>
    public DicomElements Decimals(uint tag, params ReadOnlySpan<double> values)
    {
        List<string> parts = [];
        foreach (double value in values) parts.Add(FormatDecimal(value));
        return Text(tag, "DS", string.Join('\\', parts));
    }

    /// <summary>A whole number as text (VR IS).</summary>
    public DicomElements Integer(uint tag, int value) => Text(tag, "IS", value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A 16-bit number (VR US, or SS for its bits).</summary>
    public DicomElements UInt16(uint tag, int value, string vr = "US")
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, unchecked((ushort)value));
        return Add(tag, vr, bytes, 0);
    }

    /// <summary>Bytes as they are (VR OB, OW, UN and others).</summary>
    public DicomElements Bytes(uint tag, string vr, byte[] value) => Add(tag, vr, value, 0);

    /// <summary>A sequence with items of known length.</summary>
    public DicomElements Sequence(uint tag, params ReadOnlySpan<DicomElements> items)
    {
        using MemoryStream content = new();
        foreach (DicomElements item in items)
        {
            byte[] bytes = item.ToBytes();
            WriteTag(content, DicomTags.Item);
            WriteUInt32(content, (uint)bytes.Length);
            content.Write(bytes);
        }
        return Add(tag, "SQ", content.ToArray(), 0);
    }

    /// <summary>The elements alone.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream content = new();
        foreach (byte[] element in _elements.Values) content.Write(element);
        return content.ToArray();
    }

    /// <summary>A whole file (PS3.10, section 7): preamble, file meta information, data set.</summary>
    public byte[] ToFile(string sopClassUid, string sopInstanceUid, string transferSyntax = TransferSyntaxes.ExplicitLittleEndian)
    {
        DicomElements meta = new DicomElements().Bytes(0x0002_0001, "OB", [0, 1]).Text(0x0002_0002, "UI", sopClassUid).Text(0x0002_0003, "UI", sopInstanceUid)
            .Text(DicomTags.TransferSyntaxUid, "UI", transferSyntax).Text(0x0002_0012, "UI", CreateUid("SamMed2D", "implementation")).Text(0x0002_0013, "SH", "SAMMED2D");
        byte[] rest = meta.ToBytes(), length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, rest.Length);
        byte[] head = new DicomElements().Bytes(0x0002_0000, "UL", length).ToBytes();
        return [.. new byte[128], .. "DICM"u8, .. head, .. rest, .. ToBytes()];
    }

    /// <summary>A UID under 2.25 (PS3.5, B.2) that is always the same for the same words.</summary>
    public static string CreateUid(params ReadOnlySpan<string> words)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words)));
        return "2.25." + new System.Numerics.BigInteger(hash.AsSpan(0, 16), isUnsigned: true).ToString(CultureInfo.InvariantCulture);
    }

    private static string FormatDecimal(double value)
    {
        const int longest = 16;
        for (int digits = 15; ; digits--)
        {
            string text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
            if (text.Length <= longest) return text;
        }
    }

    private DicomElements Add(uint tag, string vr, byte[] value, byte padding)
    {
        using MemoryStream element = new();
        WriteTag(element, tag);
        element.Write(Encoding.ASCII.GetBytes(vr));
        int padded = value.Length + (value.Length & 1);
        Span<byte> length = stackalloc byte[2];
        if (DicomParser.IsLongVr((byte)vr[0], (byte)vr[1]))
        {
            element.Write([0, 0]);
            WriteUInt32(element, (uint)padded);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)padded));
            element.Write(length);
        }
        element.Write(value);
        if (padded > value.Length) element.WriteByte(padding);
        _elements[tag] = element.ToArray();
        return this;
    }

    private static void WriteTag(Stream stream, uint tag)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)tag);
        stream.Write(bytes);
    }

    private static void WriteUInt32(Stream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
