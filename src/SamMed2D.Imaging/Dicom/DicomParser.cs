using System.Buffers.Binary;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// Walks the elements of a data set (PS3.5, section 7) and keeps those of <see cref="DicomTags"/>. Written for hostile files: every length
/// is checked against the bytes left before it is believed, sequences nest at most 32 deep, and work is linear in the size of the file.
/// No header reaches native code: GDCM only sees the compressed bytes of one picture.
/// </summary>
internal sealed class DicomParser(DicomByteSource source, long start, string name)
{
    private const int DeepestSequence = 32;
    private const int MostItems = 200_000;
    private const int LongestKeptValue = 1 << 20;
    private const uint Undefined = 0xFFFF_FFFF;
    private int _items;

    /// <summary>The byte after the last one read.</summary>
    public long Position { get; private set; } = start;

    /// <summary>Where the pixel data were met, which ends the reading.</summary>
    public PixelDataLocation? PixelData { get; private set; }

    /// <summary>True for the two letters of a value representation of PS3.5, section 6.2.</summary>
    public static bool IsKnownVr(byte first, byte second) => IsShortVr(first, second) || IsLongVr(first, second);

    /// <summary>True for those whose length takes four bytes.</summary>
    public static bool IsLongVr(byte first, byte second) => Holds("OBODOFOLOVOWSQSVUCUNURUTUV"u8, first, second);

    /// <summary>Reads the elements of group 2, which are always explicit little endian.</summary>
    public DicomDataSet ReadMetaInformation()
    {
        DicomDataSet elements = new(bigEndian: false);
        while (source.Has(Position, 8) && BinaryPrimitives.ReadUInt16LittleEndian(source.Peek(Position, 2)) == 2)
        {
            Element element = ReadElementHeader(DicomEncoding.ExplicitLittle, long.MaxValue);
            if (element.Length == Undefined) throw Damaged(element.Tag, "has no length");
            TakeValue(elements, element);
        }
        return elements;
    }

    /// <summary>Reads a data set up to its pixel data or its end.</summary>
    /// <exception cref="InvalidFileException">A length or the nesting is impossible.</exception>
    public DicomDataSet ReadDataSet(DicomEncoding encoding)
    {
        DicomDataSet elements = new(encoding.BigEndian);
        ReadElements(elements, encoding, long.MaxValue, 0);
        return elements;
    }

    /// <summary>Reads elements into a data set (or nowhere) until the end, an item delimiter or the pixel data.</summary>
    private void ReadElements(DicomDataSet? into, DicomEncoding encoding, long end, int depth)
    {
        while (Position < end && source.Has(Position, 8))
        {
            Element element = ReadElementHeader(encoding, end);
            if (element.Tag is DicomTags.ItemDelimiter or DicomTags.SequenceDelimiter)
            {
                if (depth > 0) return;
                continue;
            }
            if (depth == 0 && element.Tag is DicomTags.PixelData or DicomTags.FloatPixelData or DicomTags.DoublePixelData)
            {
                PixelData = new(element.Tag, Position, element.Length == Undefined ? -1 : element.Length);
                return;
            }
            DicomEncoding itemEncoding = element.IsUnknownVr ? DicomEncoding.ImplicitLittle : encoding;
            if (into is not null && DicomTags.Sequences.Contains(element.Tag))
                into.Add(element.Tag, ReadItems(element, itemEncoding, end, depth + 1, keep: true)!);
            else if (element.Length == Undefined) ReadItems(element, itemEncoding, end, depth + 1, keep: false);
            else TakeValue(into, element);
        }
        if (end != long.MaxValue && Position != end) throw Damaged(0, "an item ends within an element");
    }

    private List<DicomDataSet>? ReadItems(Element sequence, DicomEncoding encoding, long parentEnd, int depth, bool keep)
    {
        if (depth > DeepestSequence) throw Damaged(sequence.Tag, $"lies in sequences nested more than {DeepestSequence} deep");
        long end = sequence.Length == Undefined ? parentEnd : EndOf(sequence, parentEnd);
        List<DicomDataSet>? items = keep ? [] : null;
        while (Position < end)
        {
            if (!source.Has(Position, 8)) throw Damaged(sequence.Tag, "does not end before the file does");
            ReadOnlySpan<byte> head = source.Peek(Position, 8);
            uint tag = TagOf(head, encoding), length = UInt32Of(head[4..], encoding);
            Position += 8;
            if (tag == DicomTags.SequenceDelimiter) break;
            if (tag != DicomTags.Item) throw Damaged(sequence.Tag, $"holds {DicomTags.Format(tag)} where an item should begin");
            if (++_items > MostItems) throw Damaged(sequence.Tag, $"brings the file to more than {MostItems} items");
            DicomDataSet? item = keep ? new(encoding.BigEndian) : null;
            // An item may claim a little more than its sequence, as writers do that drop an element; the sequence's end is the one that was checked.
            long itemEnd = length == Undefined ? long.MaxValue : sequence.Length == Undefined ? EndOf(new(tag, length, false), end) : Math.Min(Position + length, end);
            if (!keep && length != Undefined) Position = itemEnd;
            else ReadElements(item, encoding, itemEnd, depth);
            if (item is not null) items!.Add(item);
        }
        return items;
    }

    private void TakeValue(DicomDataSet? into, Element element)
    {
        long end = EndOf(element, long.MaxValue);
        if (into is not null && element.Length <= LongestKeptValue && DicomTags.Values.Contains(element.Tag))
        {
            byte[] value = new byte[element.Length];
            source.Read(Position, value);
            into.Add(element.Tag, value);
        }
        Position = end;
    }

    private long EndOf(Element element, long parentEnd)
    {
        long end = Position + element.Length;
        if (end > parentEnd || !source.Has(Position, element.Length))
            throw Damaged(element.Tag, $"claims {element.Length} bytes, more than there are left");
        return end;
    }

    private Element ReadElementHeader(DicomEncoding encoding, long end)
    {
        ReadOnlySpan<byte> head = source.Peek(Position, 8);
        uint tag = TagOf(head, encoding);
        uint length;
        int size = 8;
        bool unknownVr = false;
        bool isDelimiter = tag >> 16 == 0xFFFE;
        // A type that is not two capital letters was written by software that knows no explicit types there.
        bool implicitHere = !encoding.ExplicitVr || isDelimiter || !(char.IsAsciiLetterUpper((char)head[4]) && char.IsAsciiLetterUpper((char)head[5]));
        if (implicitHere) length = UInt32Of(head[4..], encoding);
        else if (IsLongVr(head[4], head[5]))
        {
            unknownVr = head[4] == 'U' && head[5] == 'N';
            size = 12;
            if (!source.Has(Position, size)) throw Damaged(tag, "ends within its head");
            length = UInt32Of(source.Peek(Position, size)[8..], encoding);
        }
        else length = encoding.BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(head[6..]) : BinaryPrimitives.ReadUInt16LittleEndian(head[6..]);
        Position += size;
        if (Position > end) throw Damaged(tag, "begins behind the end of its item");
        return new(tag, length, unknownVr);
    }

    private static uint TagOf(ReadOnlySpan<byte> head, DicomEncoding encoding) => encoding.BigEndian
        ? (uint)(BinaryPrimitives.ReadUInt16BigEndian(head) << 16 | BinaryPrimitives.ReadUInt16BigEndian(head[2..]))
        : (uint)(BinaryPrimitives.ReadUInt16LittleEndian(head) << 16 | BinaryPrimitives.ReadUInt16LittleEndian(head[2..]));

    private static uint UInt32Of(ReadOnlySpan<byte> bytes, DicomEncoding encoding) =>
        encoding.BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static bool IsShortVr(byte first, byte second) => Holds("AEASATCSDADSDTFLFDISLOLTPNSHSLSSSTTMUIULUS"u8, first, second);

    private static bool Holds(ReadOnlySpan<byte> pairs, byte first, byte second)
    {
        for (int n = 0; n < pairs.Length; n += 2)
            if (pairs[n] == first && pairs[n + 1] == second) return true;
        return false;
    }

    private InvalidFileException Damaged(uint tag, string problem) => new(name,
        tag == 0 ? $"is a damaged DICOM file: {problem}; copy it again from its source"
            : $"is a damaged DICOM file: element {DicomTags.Format(tag)} {problem}; copy it again from its source");

    private readonly record struct Element(uint Tag, uint Length, bool IsUnknownVr);
}
