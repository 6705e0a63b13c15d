using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Voxels;

/// <summary>
/// The stored voxels of a file, which may be gzip. Memory for them is only asked for once the file has shown that it can hold them:
/// a plain file by its length; a compressed one because DEFLATE cannot shrink by more than 1032:1, and, where the claim is over
/// <see cref="UnprovenLimitBytes"/> and four times the file, by inflating it once without keeping anything.
/// </summary>
/// <param name="Path">The file as the user named it, for messages.</param>
/// <param name="DataPath">The file that holds the voxels.</param>
/// <param name="IsCompressed">True for gzip.</param>
/// <param name="OffsetBytes">Where the voxels start, after inflating.</param>
internal sealed record VoxelPayload(string Path, string DataPath, bool IsCompressed, long OffsetBytes)
{
    /// <summary>What may be allocated on a header's word alone.</summary>
    public const long UnprovenLimitBytes = 64L << 20;

    private const long DeflateLimit = 1032;
    private const int BlockBytes = 4 << 20;

    /// <summary>Checks that the file can hold as many bytes as its header claims.</summary>
    /// <param name="claimedBytes">Bytes of all voxels of all frames.</param>
    /// <param name="claim">The header's words, for the message.</param>
    /// <exception cref="InvalidFileException">It cannot.</exception>
    public void CheckSize(long claimedBytes, string claim)
    {
        long length = LengthOnDisk();
        long atMost = IsCompressed ? checked(length * DeflateLimit) : length;
        if (OffsetBytes > atMost || claimedBytes > atMost - OffsetBytes)
            throw new InvalidFileException(Path,
                $"its header claims {claim} ({claimedBytes:N0} bytes from byte {OffsetBytes:N0} on), but the file has only {length:N0} bytes{(IsCompressed ? " compressed" : "")}; "
                + "it is cut short or its header is damaged: copy or download it again");
    }

    /// <summary>Reads numbers into a new array.</summary>
    /// <param name="skipBytes">Bytes to leave out after <see cref="OffsetBytes"/> (the frames before the one wanted).</param>
    /// <param name="count">How many numbers; <see cref="CheckSize"/> has accepted them.</param>
    /// <param name="isSwapped">True when the file has the other byte order.</param>
    /// <param name="progress">Told bytes done of all.</param>
    /// <param name="cancellation">Looked at every few megabytes.</param>
    /// <exception cref="InvalidFileException">The file ends early or its compressed data is damaged.</exception>
    /// <exception cref="InsufficientMemoryForWorkException">The machine has less memory than the voxels need.</exception>
    public T[] Read<T>(long skipBytes, long count, bool isSwapped, ProgressCallback? progress, CancellationToken cancellation)
        where T : unmanaged, INumber<T> => SourceFile.Guard(Path, () =>
    {
        long start = checked(OffsetBytes + skipBytes), bytes = checked(count * VoxelTypes.Of<T>().SizeBytes());
        if (IsCompressed && bytes > Math.Max(UnprovenLimitBytes, 4 * LengthOnDisk())) Prove(start + bytes, cancellation);
        using Stream stream = OpenAt(start, cancellation);
        T[] voxels = VoxelMemory.Allocate<T>(Path, count);
        const int block = BlockBytes;
        for (long done = 0; done < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            int length = (int)Math.Min(block / System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), count - done);
            Span<T> part = voxels.AsSpan((int)done, length);
            stream.ReadExactly(MemoryMarshal.AsBytes(part));
            if (isSwapped) ByteOrder.Reverse(part);
            done += length;
            progress?.Invoke(done, count);
        }
        // Where the voxels end the stream, one more read makes the inflater compare its check sum.
        if (IsCompressed) stream.ReadByte();
        return voxels;
    });

    private long LengthOnDisk()
    {
        using FileStream file = SourceFile.Open(DataPath);
        return file.Length;
    }

    private Stream OpenAt(long start, CancellationToken cancellation)
    {
        FileStream file = SourceFile.Open(DataPath);
        try
        {
            if (!IsCompressed)
            {
                file.Position = start;
                return file;
            }
            GZipStream inflated = new(file, CompressionMode.Decompress);
            Skip(inflated, start, cancellation);
            return inflated;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Prove(long bytes, CancellationToken cancellation)
    {
        using Stream stream = OpenAt(0, cancellation);
        Skip(stream, bytes, cancellation);
    }

    private static void Skip(Stream stream, long bytes, CancellationToken cancellation)
    {
        byte[] scratch = new byte[(int)Math.Min(bytes, 1 << 18)];
        for (long left = bytes; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            int part = (int)Math.Min(left, scratch.Length);
            stream.ReadExactly(scratch.AsSpan(0, part));
            left -= part;
        }
    }
}
