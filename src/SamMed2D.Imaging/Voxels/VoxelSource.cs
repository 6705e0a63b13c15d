using System.IO.Compression;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Voxels;

/// <summary>Writes voxels to a stream in the machine's byte order (little endian); looks at the token between blocks.</summary>
internal delegate void VoxelPour(Stream target, CancellationToken cancellation);

/// <summary>What a format's writer needs of a volume or label map.</summary>
/// <param name="Geometry">The grid.</param>
/// <param name="Type">The number type that <paramref name="Pour"/> writes.</param>
/// <param name="Scale">What the numbers mean.</param>
/// <param name="IsLabelMap">True where the numbers are labels.</param>
/// <param name="Pour">Writes all voxels.</param>
internal sealed record VoxelSource(VolumeGeometry Geometry, VoxelType Type, IntensityScale Scale, bool IsLabelMap, VoxelPour Pour)
{
    private const int BlockBytes = 1 << 20;

    // zlib's level 2 halves CT at twice the speed of the default; level 1 packs far worse. Labels of 8 bits are runs, and looking for nothing else takes
    // a quarter less time for files of about the same size; labels of 16 bits repeat every other byte, which run lengths miss.
    private static readonly ZLibCompressionOptions s_general = new() { CompressionLevel = 2 }, s_runs = new() { CompressionLevel = 2, CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding };

    /// <summary>How the voxels are compressed, in every format.</summary>
    public ZLibCompressionOptions Compression => IsLabelMap && Type.SizeBytes() == 1 ? s_runs : s_general;

    /// <summary>A volume in its own voxel type.</summary>
    public static VoxelSource Of(Volume volume) =>
        new(volume.Geometry, volume.VoxelType, volume.Scale, IsLabelMap: false, volume.Accept(new VolumePour()));

    /// <summary>A label map in 8 bits where all its labels fit, else 16.</summary>
    public static VoxelSource Of(LabelMap labels) => labels.MaxLabel() <= byte.MaxValue
        ? new(labels.Geometry, VoxelType.UInt8, IntensityScale.Identity, IsLabelMap: true, (target, cancellation) => PourNarrowed(labels.Labels, target, cancellation))
        : new(labels.Geometry, VoxelType.UInt16, IntensityScale.Identity, IsLabelMap: true, (target, cancellation) => PourAll(labels.Labels, target, cancellation));

    /// <summary>A gzip stream at the level that suits voxels. Disposing it ends the gzip data and leaves the target open.</summary>
    public GZipStream Compress(Stream target) => new(target, Compression, leaveOpen: true);

    /// <summary>Writes numbers block by block.</summary>
    public static void PourAll<T>(ReadOnlySpan<T> numbers, Stream target, CancellationToken cancellation) where T : unmanaged
    {
        int block = BlockBytes / Unsafe.SizeOf<T>();
        for (int done = 0; done < numbers.Length; done += block)
        {
            cancellation.ThrowIfCancellationRequested();
            target.Write(MemoryMarshal.AsBytes(numbers.Slice(done, Math.Min(block, numbers.Length - done))));
        }
    }

    private static void PourNarrowed(ReadOnlySpan<ushort> labels, Stream target, CancellationToken cancellation)
    {
        byte[] block = new byte[Math.Min(BlockBytes, labels.Length)];
        for (int done = 0; done < labels.Length; done += block.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<ushort> part = labels.Slice(done, Math.Min(block.Length, labels.Length - done));
            Narrow(part, block);
            target.Write(block.AsSpan(0, part.Length));
        }
    }

    private static void Narrow(ReadOnlySpan<ushort> labels, Span<byte> bytes)
    {
        int done = 0;
        for (; done <= labels.Length - Vector<byte>.Count; done += Vector<byte>.Count)
            Vector.Narrow(new Vector<ushort>(labels[done..]), new Vector<ushort>(labels[(done + Vector<ushort>.Count)..])).CopyTo(bytes[done..]);
        for (; done < labels.Length; done++) bytes[done] = (byte)labels[done];
    }

    private sealed class VolumePour : IVolumeVisitor<VoxelPour>
    {
        public VoxelPour Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> =>
            (target, cancellation) => PourAll(volume.Voxels, target, cancellation);
    }
}
