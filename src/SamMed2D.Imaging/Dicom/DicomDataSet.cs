using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SamMed2D.Imaging.Dicom;

/// <summary>The kept elements of a data set or of one item of a sequence. Values stay bytes until they are asked for.</summary>
/// <param name="bigEndian">The byte order of binary values.</param>
internal sealed class DicomDataSet(bool bigEndian)
{
    private Dictionary<uint, byte[]>? _values;
    private Dictionary<uint, List<DicomDataSet>>? _sequences;

    public void Add(uint tag, byte[] value) => (_values ??= [])[tag] = value;

    public void Add(uint tag, List<DicomDataSet> items) => (_sequences ??= [])[tag] = items;

    public bool Has(uint tag) => _values?.ContainsKey(tag) == true || _sequences?.ContainsKey(tag) == true;

    public IReadOnlyList<DicomDataSet> Items(uint sequence) => _sequences?.GetValueOrDefault(sequence) ?? [];

    public DicomDataSet? FirstItem(uint sequence) => Items(sequence) is [DicomDataSet first, ..] ? first : null;

    public byte[]? GetBytes(uint tag) => _values?.GetValueOrDefault(tag);

    /// <summary>The text of an element without padding; null where the element is missing or empty.</summary>
    public string? GetText(uint tag)
    {
        byte[]? bytes = GetBytes(tag);
        if (bytes is null) return null;
        string text = Encoding.Latin1.GetString(bytes).Trim(' ', '\0', '\t', '\r', '\n');
        return text.Length == 0 ? null : text;
    }

    /// <summary>Text for people: in the data set's character set where that is UTF-8, without control characters, at most 64 characters.</summary>
    public string GetLabel(uint tag)
    {
        byte[]? bytes = GetBytes(tag);
        if (bytes is null) return "";
        bool utf8 = GetText(DicomTags.SpecificCharacterSet)?.Contains("ISO_IR 192", StringComparison.Ordinal) == true;
        string text = (utf8 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
        StringBuilder clean = new();
        foreach (char letter in text)
            if (!char.IsControl(letter) && clean.Length < 64) clean.Append(letter);
        return clean.ToString().Trim();
    }

    /// <summary>The numbers of a text element (VR DS or IS), or null where there is none or one of them is not a finite number.</summary>
    public double[]? GetDecimals(uint tag)
    {
        string? text = GetText(tag);
        if (text is null) return null;
        string[] parts = text.Split('\\');
        double[] numbers = new double[parts.Length];
        for (int n = 0; n < parts.Length; n++)
            if (!double.TryParse(parts[n].Trim(' ', '\0'), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[n]) || !double.IsFinite(numbers[n]))
                return null;
        return numbers;
    }

    /// <summary>The first number of a text element, or null.</summary>
    public double? GetDecimal(uint tag) => GetDecimals(tag) is [double first, ..] ? first : null;

    /// <summary>A whole number in text (VR IS), or null.</summary>
    public int? GetInteger(uint tag) => GetDecimal(tag) is double number && Math.Abs(number) <= int.MaxValue && number == Math.Floor(number) ? (int)number : null;

    /// <summary>A binary unsigned number of 2 or 4 bytes (VR US, UL), or null.</summary>
    public uint? GetUnsigned(uint tag) => GetBytes(tag) switch
    {
        { Length: 2 or 3 } two => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(two) : BinaryPrimitives.ReadUInt16LittleEndian(two),
        { Length: >= 4 } four => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(four) : BinaryPrimitives.ReadUInt32LittleEndian(four),
        _ => null,
    };

    /// <summary>The first of the binary 16-bit numbers of an element (VR US), or null.</summary>
    public int? GetUInt16(uint tag) => GetBytes(tag) is { Length: >= 2 } bytes
        ? bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes)
        : null;

    /// <summary>A binary double (VR FD), or null.</summary>
    public double? GetDouble(uint tag)
    {
        if (GetBytes(tag) is not { Length: >= 8 } bytes) return null;
        double number = bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
        return double.IsFinite(number) ? number : null;
    }
}
