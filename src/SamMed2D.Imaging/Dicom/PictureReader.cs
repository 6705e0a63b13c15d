using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Reads the pictures of one file. Plain pixels go from the disk straight into the caller's array; compressed ones through GDCM.</summary>
internal sealed class PictureReader : IDisposable
{
    private const uint SequenceDelimiter = DicomTags.SequenceDelimiter;
    private readonly DicomInstance _instance;
    private readonly DicomByteSource _source;
    private List<List<(long Offset, int SizeBytes)>>? _fragmentsByPicture;
    private (int Picture, DecodedPicture Decoded)? _last;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidFileException">It cannot be opened.</exception>
    public PictureReader(DicomInstance instance)
    {
        _instance = instance;
        try
        {
            _source = DicomHeader.OpenPixelSource(instance.Path, instance.Name, instance.TransferSyntax, checked(instance.Format.PictureBytes * instance.PictureCount));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(instance.Name, "cannot be read; check that it exists and that you may read it", failure);
        }
    }

    /// <summary>Copies the stored numbers of a slice, as the type in which the file holds them, masked to the bits stored.</summary>
    /// <param name="frame">A frame of this file.</param>
    /// <param name="destination">One element a pixel.</param>
    /// <exception cref="InvalidFileException">The pixels are cut off or cannot be decoded.</exception>
    public void Read<T>(DicomFrame frame, Span<T> destination) where T : unmanaged
    {
        PixelFormat format = _instance.Format;
        try
        {
            bool whole = frame.Columns == format.Columns && frame.Rows == format.Rows;
            if (TransferSyntaxes.IsNative(_instance.TransferSyntax) && whole) ReadPlain(frame.Picture, MemoryMarshal.AsBytes(destination));
            else CopyTile(frame, ReadPicture(frame.Picture), MemoryMarshal.AsBytes(destination));
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidFileException(_instance.Name, problem.Message, problem);
        }
        catch (IOException failure)
        {
            throw new InvalidFileException(_instance.Name, "cannot be read to its end", failure);
        }
        // A codec delivers numbers from bit 0 on; run-length coding only packs the bytes.
        bool compressed = !TransferSyntaxes.IsNative(_instance.TransferSyntax) && _instance.TransferSyntax != TransferSyntaxes.Rle;
        int bits = compressed ? _last!.Value.Decoded.Bits : format.BitsStored;
        int highBit = compressed ? bits - 1 : format.HighBit;
        StoredBits.Extract(destination, format.BitsAllocated, bits, highBit, format.IsSigned);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private void ReadPlain(int picture, Span<byte> destination)
    {
        PixelFormat format = _instance.Format;
        long offset = _instance.PixelData!.Value.Offset + picture * format.PictureBytes;
        if (_instance.PixelData.Value.IsEncapsulated) throw new InvalidDataException("says that its pixels are plain, but they are in fragments; the file is damaged");
        if (offset + destination.Length > _instance.PixelData.Value.Offset + _instance.PixelData.Value.SizeBytes || !_source.Has(offset, destination.Length))
            throw new InvalidDataException($"is cut off: image {picture + 1} needs {destination.Length} bytes of pixels, and they are not all there; copy it again from its source");
        _source.Read(offset, destination);
        if (_instance.TransferSyntax == TransferSyntaxes.ExplicitBigEndian) SwapBytes(destination, format.BytesPerPixel);
    }

    private DecodedPicture ReadPicture(int picture)
    {
        if (_last is { } last && last.Picture == picture) return last.Decoded;
        DecodedPicture decoded;
        if (TransferSyntaxes.IsNative(_instance.TransferSyntax))
        {
            byte[] pixels = new byte[_instance.Format.PictureBytes];
            ReadPlain(picture, pixels);
            decoded = new(pixels, _instance.Format.BytesPerPixel, _instance.Format.BitsStored);
        }
        else if (_instance.TransferSyntax == TransferSyntaxes.Rle)
            decoded = new(RunLengthDecoder.Decode(_instance.Format, ReadCompressed(picture)), _instance.Format.BytesPerPixel, _instance.Format.BitsStored);
        else decoded = GdcmDecoder.Decode(_instance.TransferSyntax, _instance.Format, ReadCompressed(picture));
        _last = (picture, decoded);
        return decoded;
    }

    /// <summary>Cuts the slice out of its picture and widens 8-bit output of a codec where the header says 16.</summary>
    private void CopyTile(DicomFrame frame, DecodedPicture decoded, Span<byte> destination)
    {
        int wanted = _instance.Format.BytesPerPixel, found = decoded.BytesPerPixel;
        if (found > wanted) throw new InvalidDataException($"its compressed image has {found} bytes per pixel where the header says {wanted}");
        destination.Clear();
        for (int row = 0; row < frame.Rows; row++)
        {
            long start = ((long)(frame.TileRow + row) * _instance.Format.Columns + frame.TileColumn) * found;
            ReadOnlySpan<byte> from = decoded.Pixels.AsSpan((int)start, frame.Columns * found);
            Span<byte> to = destination.Slice(row * frame.Columns * wanted, frame.Columns * wanted);
            if (found == wanted) from.CopyTo(to);
            else
                for (int n = 0; n < frame.Columns; n++) from.Slice(n * found, found).CopyTo(to[(n * wanted)..]);
        }
    }

    private byte[] ReadCompressed(int picture)
    {
        _fragmentsByPicture ??= AssignFragments();
        if (picture >= _fragmentsByPicture.Count) throw new InvalidDataException($"is cut off: image {picture + 1} of {_instance.PictureCount} is missing; copy it again from its source");
        List<(long Offset, int SizeBytes)> fragments = _fragmentsByPicture[picture];
        byte[] bytes = new byte[fragments.Sum(fragment => (long)fragment.SizeBytes)];
        int at = 0;
        foreach ((long offset, int size) in fragments)
        {
            _source.Read(offset, bytes.AsSpan(at, size));
            at += size;
        }
        return bytes;
    }

    /// <summary>Which fragments make which picture (PS3.5, A.4): all of them for one picture, one each, as the offset table says, or from one image start to the next.</summary>
    private List<List<(long Offset, int SizeBytes)>> AssignFragments()
    {
        (List<(long Offset, int SizeBytes)> fragments, uint[] offsets) = ListFragments();
        int pictures = _instance.PictureCount;
        if (pictures == 1) return [fragments];
        if (fragments.Count == pictures) return [.. fragments.Select(fragment => new List<(long, int)> { fragment })];
        List<List<(long Offset, int SizeBytes)>> result = [];
        long first = fragments.Count > 0 ? fragments[0].Offset : 0;
        HashSet<long> starts = offsets.Length == pictures ? [.. offsets.Select(offset => first + offset)] : [];
        foreach ((long Offset, int SizeBytes) fragment in fragments)
        {
            bool begins = starts.Count > 0 ? starts.Contains(fragment.Offset) : BeginsImage(fragment);
            if (begins || result.Count == 0) result.Add([]);
            result[^1].Add(fragment);
        }
        return result;
    }

    private bool BeginsImage((long Offset, int SizeBytes) fragment) =>
        fragment.SizeBytes >= 4 && _source.Peek(fragment.Offset, 4) is [0xFF, 0xD8, 0xFF, _] or [0xFF, 0x4F, 0xFF, 0x51];

    private (List<(long Offset, int SizeBytes)> Fragments, uint[] Offsets) ListFragments()
    {
        PixelDataLocation location = _instance.PixelData!.Value;
        if (!location.IsEncapsulated) throw new InvalidDataException("says that its pixels are compressed, but they are not in fragments; the file is damaged");
        List<(long Offset, int SizeBytes)> fragments = [];
        uint[] offsets = [];
        long at = location.Offset;
        for (bool isTable = true; _source.Has(at, 8); isTable = false)
        {
            ReadOnlySpan<byte> head = _source.Peek(at, 8);
            uint tag = (uint)(BinaryPrimitives.ReadUInt16LittleEndian(head) << 16 | BinaryPrimitives.ReadUInt16LittleEndian(head[2..]));
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            at += 8;
            if (tag == SequenceDelimiter) break;
            if (tag != DicomTags.Item || size > int.MaxValue || !_source.Has(at, size))
                throw new InvalidDataException("is cut off or damaged within its compressed pixels; copy it again from its source");
            if (isTable)
            {
                byte[] table = new byte[size / 4 * 4];
                _source.Read(at, table);
                offsets = [.. MemoryMarshal.Cast<byte, uint>(table)];
            }
            else fragments.Add((at, (int)size));
            at += size;
        }
        return (fragments, offsets);
    }

    private static void SwapBytes(Span<byte> bytes, int bytesPerPixel)
    {
        if (bytesPerPixel == 2)
        {
            Span<ushort> numbers = MemoryMarshal.Cast<byte, ushort>(bytes);
            BinaryPrimitives.ReverseEndianness(numbers, numbers);
        }
        else if (bytesPerPixel == 4)
        {
            Span<uint> numbers = MemoryMarshal.Cast<byte, uint>(bytes);
            BinaryPrimitives.ReverseEndianness(numbers, numbers);
        }
    }
}
