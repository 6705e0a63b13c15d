using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace SamMed2D.Imaging.Dicom;

/// <summary>The bytes of one DICOM file, read where they are asked for: a parser steps over gigabytes of pixels without touching them.</summary>
internal abstract class DicomByteSource : IDisposable
{
    /// <summary>The largest piece that <see cref="Peek"/> gives.</summary>
    public const int LargestPeek = 256;

    /// <summary>True when the source holds these bytes.</summary>
    public abstract bool Has(long offset, long count);

    /// <summary>Bytes that <see cref="Has"/> has confirmed, valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Peek(long offset, int count);

    /// <summary>Copies bytes that <see cref="Has"/> has confirmed.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}

/// <summary>A file on disk, with one window that holds the usual header at once.</summary>
internal sealed class DicomFileSource : DicomByteSource
{
    private readonly SafeFileHandle _handle;
    private readonly byte[] _window = new byte[8192];
    private long _windowStart;
    private int _windowLength;

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public DicomFileSource(string path)
    {
        _handle = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_handle);
    }

    /// <summary>The size of the file in bytes.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public override bool Has(long offset, long count) => offset >= 0 && count >= 0 && offset <= Length && count <= Length - offset;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Peek(long offset, int count)
    {
        if (offset < _windowStart || offset + count > _windowStart + _windowLength)
        {
            int wanted = (int)Math.Min(_window.Length, Length - offset);
            ReadFully(offset, _window.AsSpan(0, wanted));
            (_windowStart, _windowLength) = (offset, wanted);
        }
        return _window.AsSpan((int)(offset - _windowStart), count);
    }

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination)
    {
        if (destination.Length <= LargestPeek) Peek(offset, destination.Length).CopyTo(destination);
        else ReadFully(offset, destination);
    }

    /// <inheritdoc/>
    public override void Dispose() => _handle.Dispose();

    private void ReadFully(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(_handle, destination, offset);
            if (count == 0) throw new EndOfStreamException("the file became shorter while it was read");
            offset += count;
            destination = destination[count..];
        }
    }
}

/// <summary>
/// A data set of the deflated transfer syntax, inflated only as far as it is asked for. What it may grow to is bounded until the header
/// has said how many pixels follow.
/// </summary>
internal sealed class InflatedSource : DicomByteSource
{
    private readonly DicomFileSource _file;
    private readonly DeflateStream _inflater;
    private byte[] _bytes = new byte[1 << 16];
    private int _count;
    private bool _ended;

    /// <summary>Inflates what follows the file meta information. Owns the file from here on.</summary>
    public InflatedSource(DicomFileSource file, long start)
    {
        _file = file;
        _inflater = new DeflateStream(new Tail(file, start), CompressionMode.Decompress);
        LargestLength = Math.Max(64L << 20, 4 * file.Length);
    }

    /// <summary>How far it may inflate; raised once the header has told the size of the pixel data.</summary>
    public long LargestLength { get; set; }

    /// <inheritdoc/>
    public override bool Has(long offset, long count)
    {
        if (offset < 0 || count < 0 || count > long.MaxValue - offset) return false;
        long end = offset + count;
        if (end > Math.Min(LargestLength, Array.MaxLength)) return false;
        while (_count < end && !_ended) InflateMore();
        return _count >= end;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Peek(long offset, int count) => _bytes.AsSpan((int)offset, count);

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination) => _bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _inflater.Dispose();
        _file.Dispose();
    }

    private void InflateMore()
    {
        if (_count == _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, 2L * _bytes.Length));
        int count = _inflater.Read(_bytes, _count, _bytes.Length - _count);
        _count += count;
        _ended = count == 0;
    }

    /// <summary>The file from a position on, as the inflater wants it.</summary>
    private sealed class Tail(DicomFileSource file, long position) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(buffer.Length, file.Length - position);
            file.Read(position, buffer[..count]);
            position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
