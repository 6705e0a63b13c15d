using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Checkpoints;

/// <summary>
/// The table of contents of a zip archive whose entries are stored without compression, so that any part of one can be read by its offset.
/// Reads the directory only. Every offset and length is checked against the file before use (APPNOTE.TXT 4.3, with the zip64 fields of 4.5.3).
/// </summary>
internal sealed class StoredZip
{
    private const int MaximumDirectoryBytes = 32 << 20;
    private const int MaximumEntries = 100_000;
    private const uint EndSignature = 0x06054b50, Zip64EndSignature = 0x06064b50, Zip64LocatorSignature = 0x07064b50;
    private const uint DirectorySignature = 0x02014b50, LocalSignature = 0x04034b50;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _fileLength;
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Reads the directory.</summary>
    /// <param name="path">The file's name for messages.</param>
    /// <param name="file">The open file; the caller keeps and closes it.</param>
    /// <exception cref="ModelException">There is no sound directory.</exception>
    public StoredZip(string path, SafeFileHandle file)
    {
        (_path, _file, _fileLength) = (path, file, RandomAccess.GetLength(file));
        (long start, long length, long count) = FindDirectory();
        if (length > MaximumDirectoryBytes || count > MaximumEntries) throw Damaged($"its table of contents is too large ({count} entries, {length} bytes)");
        ReadEntries(ReadBytes(start, (int)length), count);
    }

    /// <summary>The names of all entries.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Where an entry's bytes lie.</summary>
    /// <exception cref="ModelException">There is no such entry, or it is compressed or reaches beyond the file.</exception>
    public ByteRange Find(string name)
    {
        if (!_entries.TryGetValue(name, out Entry entry)) throw Damaged($"the part {name} is missing");
        if (entry.IsCompressed) throw new ModelException(_path, $"the part {name} is compressed, and a checkpoint's parts are stored plainly; save it again with torch.save instead of zipping it");
        Span<byte> header = stackalloc byte[30];
        ReadExactly(entry.HeaderOffset, header);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature) throw Damaged($"the part {name} does not begin where the table of contents says");
        long start = entry.HeaderOffset + 30 + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if (start > _fileLength - entry.Length) throw Damaged($"the part {name} reaches beyond the end of the file");
        return new(start, entry.Length);
    }

    /// <summary>Reads a small entry whole.</summary>
    /// <exception cref="ModelException">It is missing, damaged or longer than the limit.</exception>
    public byte[] ReadAll(string name, int maximumBytes)
    {
        ByteRange range = Find(name);
        if (range.Length > maximumBytes) throw Damaged($"the part {name} has {range.Length} bytes, over the limit of {maximumBytes}");
        return ReadBytes(range.Offset, (int)range.Length);
    }

    private (long Start, long Length, long Count) FindDirectory()
    {
        const int endLength = 22, longestComment = 65535;
        int tailLength = (int)Math.Min(_fileLength, endLength + longestComment);
        long tailStart = _fileLength - tailLength;
        ReadOnlySpan<byte> tail = ReadBytes(tailStart, tailLength);
        for (int at = tailLength - endLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail[at..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature) continue;
            long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            long start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            bool isZip64 = count == 0xFFFF || length == 0xFFFFFFFF || start == 0xFFFFFFFF;
            return isZip64 ? FindZip64Directory(tailStart + at) : CheckedDirectory(start, length, count);
        }
        throw Damaged("the end of the archive is missing; the file may be cut off, so copy or download it again");
    }

    private (long Start, long Length, long Count) FindZip64Directory(long endOffset)
    {
        Span<byte> locator = stackalloc byte[20];
        ReadExactly(endOffset - locator.Length, locator);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Zip64LocatorSignature) throw Damaged("its zip64 locator is missing");
        Span<byte> end = stackalloc byte[56];
        ReadExactly(BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != Zip64EndSignature) throw Damaged("its zip64 end record is missing");
        return CheckedDirectory(
            BinaryPrimitives.ReadInt64LittleEndian(end[48..]), BinaryPrimitives.ReadInt64LittleEndian(end[40..]), BinaryPrimitives.ReadInt64LittleEndian(end[32..]));
    }

    private (long Start, long Length, long Count) CheckedDirectory(long start, long length, long count) =>
        start >= 0 && length >= 0 && count >= 0 && start <= _fileLength && length <= _fileLength - start
            ? (start, length, count)
            : throw Damaged("its table of contents lies outside the file");

    private void ReadEntries(ReadOnlySpan<byte> directory, long count)
    {
        const int headerLength = 46;
        for (long n = 0; n < count; n++)
        {
            if (directory.Length < headerLength || BinaryPrimitives.ReadUInt32LittleEndian(directory) != DirectorySignature) throw Damaged($"entry {n} of its table of contents is not sound");
            int method = BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]);
            long stored = BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            long header = BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]);
            if (directory.Length < headerLength + nameLength + extraLength + commentLength) throw Damaged($"entry {n} of its table of contents is cut off");
            ReadZip64Extra(directory.Slice(headerLength + nameLength, extraLength), ref length, ref stored, ref header);
            string name = Encoding.UTF8.GetString(directory.Slice(headerLength, nameLength));
            if (length < 0 || header < 0 || header > _fileLength || (method == 0 && length != stored)) throw Damaged($"the part {name} has impossible sizes");
            if (!_entries.TryAdd(name, new(header, length, method != 0))) throw Damaged($"the part {name} occurs twice");
            directory = directory[(headerLength + nameLength + extraLength + commentLength)..];
        }
    }

    private static void ReadZip64Extra(ReadOnlySpan<byte> extra, ref long length, ref long stored, ref long header)
    {
        const int zip64Tag = 1;
        while (extra.Length >= 4)
        {
            int tag = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int size = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            ReadOnlySpan<byte> fields = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (tag != zip64Tag) continue;
            TakeWhereSaturated(ref length, ref fields);
            TakeWhereSaturated(ref stored, ref fields);
            TakeWhereSaturated(ref header, ref fields);
        }
    }

    private static void TakeWhereSaturated(ref long value, ref ReadOnlySpan<byte> fields)
    {
        if (value != 0xFFFFFFFF || fields.Length < 8) return;
        value = BinaryPrimitives.ReadInt64LittleEndian(fields);
        fields = fields[8..];
    }

    private byte[] ReadBytes(long offset, int length)
    {
        byte[] bytes = new byte[length];
        ReadExactly(offset, bytes);
        return bytes;
    }

    private void ReadExactly(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > _fileLength - destination.Length) throw Damaged("a part of it lies outside the file");
        if (!_file.TryReadExactly(offset, destination)) throw Damaged("it ended while being read");
    }

    private ModelException Damaged(string found) => new(_path, $"is not a sound checkpoint archive: {found}");

    private readonly record struct Entry(long HeaderOffset, long Length, bool IsCompressed);
}

/// <summary>A stretch of a file that has been proven to lie inside it.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct ByteRange(long Offset, long Length);

/// <summary>Reading at an offset, without a shared position.</summary>
internal static class PositionedReading
{
    /// <summary>Fills the destination; false where the file ends first.</summary>
    public static bool TryReadExactly(this SafeFileHandle file, long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(file, destination, offset);
            if (read == 0) return false;
            offset += read;
            destination = destination[read..];
        }
        return true;
    }
}
