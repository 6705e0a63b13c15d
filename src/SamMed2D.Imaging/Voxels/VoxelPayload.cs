using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Voxels;

/// <summary>How stored bytes are packed.</summary>
internal enum Packing
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>DEFLATE with gzip's header.</summary>
    Gzip,

    /// <summary>DEFLATE with zlib's header.</summary>
    Zlib,
}

/// <summary>Numbers that <see cref="VoxelPayload"/> can read.</summary>
/// <param name="Payload">Where and how they are stored.</param>
/// <param name="IsSwapped">True for big endian.</param>
internal sealed record StoredNumbers(VoxelPayload Payload, bool IsSwapped);

/// <summary>
/// The stored voxels of a file, which may be gzip. Memory for them is only asked for once the file has shown that it can hold them:
/// a plain file by its length; a compressed one because DEFLATE cannot shrink by more than 1032:1, and, where the claim is over
/// <see cref="UnprovenLimitBytes"/> and four times the file, by inflating it once without keeping anything.
/// </summary>
/// <param name="Path">The file as the user named it, for messages.</param>
/// <param name="DataPath">The file that holds the voxels.</param>
/// <param name="Packing">How they are packed.</param>
/// <param name="StartBytes">Where in the file the packed data starts.</param>
/// <param name="OffsetBytes">Where the voxels start in the unpacked data.</param>
internal sealed record VoxelPayload(string Path, string DataPath, Packing Packing, long StartBytes, long OffsetBytes)
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
        long length = Math.Max(LengthOnDisk() - StartBytes, 0);
        long atMost = IsPacked ? checked(length * DeflateLimit) : length;
        if (OffsetBytes > atMost || claimedBytes > atMost - OffsetBytes)
            throw new InvalidFileException(Path,
                $"its header claims {claim} ({claimedBytes:N0} bytes), but there are only {Math.Max(length - OffsetBytes, 0):N0} bytes for them{(IsPacked ? ", compressed" : "")}; "
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
        ProveIfLarge(start + bytes, cancellation);
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
        if (IsPacked) stream.ReadByte();
        return voxels;
    });

    /// <summary>Inflates once without keeping anything, where a header claims more than may be allocated on its word.</summary>
    /// <param name="bytes">How far the data must reach.</param>
    /// <param name="cancellation">Looked at every few hundred kilobytes.</param>
    /// <exception cref="InvalidFileException">The data ends earlier or is damaged.</exception>
    public void ProveIfLarge(long bytes, CancellationToken cancellation)
    {
        if (bytes > Math.Max(UnprovenLimitBytes, 4 * LengthOnDisk())) Prove(bytes, cancellation);
    }

    /// <summary>Inflates packed data once without keeping anything.</summary>
    /// <param name="bytes">How far the data must reach.</param>
    /// <param name="cancellation">Looked at every few hundred kilobytes.</param>
    /// <exception cref="InvalidFileException">The data ends earlier or is damaged.</exception>
    public void Prove(long bytes, CancellationToken cancellation)
    {
        if (!IsPacked) return;
        SourceFile.Guard(Path, () =>
        {
            using Stream stream = OpenAt(bytes, cancellation);
            return true;
        });
    }

    private bool IsPacked => Packing != Packing.None;

    private long LengthOnDisk()
    {
        FileInfo file = new(DataPath);
        return file.Exists ? file.Length : throw new InvalidFileException(Path, "its voxels' file is gone; check the folder");
    }

    private Stream OpenAt(long start, CancellationToken cancellation)
    {
        FileStream file = SourceFile.Open(DataPath);
        try
        {
            file.Position = IsPacked ? StartBytes : StartBytes + start;
            if (!IsPacked) return file;
            Stream inflated = Packing == Packing.Gzip ? new GZipStream(file, CompressionMode.Decompress) : new ZLibStream(file, CompressionMode.Decompress);
            Skip(inflated, start, cancellation);
            return inflated;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Skip(Stream stream, long bytes, CancellationToken cancellation)
    {
        byte[] scratch = new byte[(int)Math.Min(bytes, 1 << 16)];
        for (long left = bytes; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            int part = (int)Math.Min(left, scratch.Length);
            stream.ReadExactly(scratch.AsSpan(0, part));
            left -= part;
        }
    }
}
