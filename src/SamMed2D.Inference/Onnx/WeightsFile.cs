using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SamMed2D.Inference.Onnx;

/// <summary>
/// Writes the weights of a graph one after another into a file of ONNX external data. Each begins at a page boundary, so that
/// ONNX Runtime maps it instead of copying it. Hashes what it writes, and notes whether a number was not finite.
/// </summary>
internal sealed class WeightsFile(Stream stream) : Stream
{
    private const int Alignment = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _written;
    private bool _holdsFloats;

    /// <summary>True once a NaN or an infinity was written.</summary>
    public bool HasNonFinite { get; private set; }

    /// <inheritdoc/>
    public override long Length => _written;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    /// <summary>Appends the values of a weight.</summary>
    /// <returns>The offset of its first byte.</returns>
    public long Append(WeightSource source)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        int beyond = (int)(_written % Alignment);
        if (beyond > 0) Write(zeros[beyond..]);
        long offset = _written;
        _holdsFloats = source.Element == WeightElement.Float32;
        source.Write(this);
        if (_written - offset != source.SizeBytes) throw new InvalidOperationException("A weight has not the number of elements that it announced.");
        return offset;
    }

    /// <summary>The SHA-256 of everything written, in lower-case hexadecimal; ends the hashing.</summary>
    public string GetSha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        HasNonFinite |= _holdsFloats && ContainsNonFinite(MemoryMarshal.Cast<byte, uint>(buffer));
        stream.Write(buffer);
        _hash.AppendData(buffer);
        _written += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => stream.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    private static bool ContainsNonFinite(ReadOnlySpan<uint> bits)
    {
        const uint exponent = 0x7f800000;
        ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(bits);
        Vector<uint> mask = new(exponent);
        foreach (Vector<uint> vector in vectors)
            if (Vector.EqualsAny(vector & mask, mask)) return true;
        foreach (uint rest in bits[(vectors.Length * Vector<uint>.Count)..])
            if ((rest & exponent) == exponent) return true;
        return false;
    }
}
