using System.Buffers.Binary;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Nifti;

/// <summary>
/// Writes single-file NIfTI-1, or NIfTI-2 where an axis is longer than NIfTI-1 can say. The affine goes into the sform, and into the
/// qform too unless it is sheared, which a qform cannot say. All free-text fields stay empty, as they often carry patients' names.
/// </summary>
internal static class NiftiWriter
{
    private const int ScannerCode = 1;
    private const byte Millimetres = 2;

    /// <summary>Writes header and voxels to an empty stream.</summary>
    /// <param name="source">What to write.</param>
    /// <param name="target">The file's stream.</param>
    /// <param name="isCompressed">True for gzip.</param>
    /// <param name="cancellation">Looked at between blocks.</param>
    public static void Write(VoxelSource source, Stream target, bool isCompressed, CancellationToken cancellation)
    {
        byte[] header = MakeHeader(source);
        if (isCompressed)
        {
            using Stream deflated = source.Compress(target);
            deflated.Write(header);
            source.Pour(deflated, cancellation);
        }
        else
        {
            target.Write(header);
            source.Pour(target, cancellation);
        }
    }

    /// <summary>The header with the four bytes that say that no extension follows.</summary>
    internal static byte[] MakeHeader(VoxelSource source)
    {
        VolumeGeometry grid = source.Geometry;
        int longest = Math.Max(grid.SizeI, Math.Max(grid.SizeJ, grid.SizeK));
        return longest <= short.MaxValue ? MakeFirst(source) : MakeSecond(source);
    }

    private static byte[] MakeFirst(VoxelSource source)
    {
        byte[] header = new byte[NiftiHeader.SizeBytes1 + 4];
        Span<byte> bytes = header;
        BinaryPrimitives.WriteInt32LittleEndian(bytes, NiftiHeader.SizeBytes1);
        bytes[38] = (byte)'r';
        PutShorts(bytes[40..], [3, (short)source.Geometry.SizeI, (short)source.Geometry.SizeJ, (short)source.Geometry.SizeK, 1, 1, 1, 1]);
        PutShorts(bytes[68..], [(short)(source.IsLabelMap ? NiftiHeader.LabelIntent : 0), TypeCode(source), (short)(8 * source.Type.SizeBytes())]);
        QForm qform = QForm.Of(source.Geometry.IndexToRas);
        PutFloats(bytes[76..], [qform.Handedness, .. Spacing(source.Geometry), 1, 1, 1, 1]);
        PutFloats(bytes[108..], [header.Length, source.Scale.Slope, source.Scale.Intercept]);
        bytes[123] = Millimetres;
        PutShorts(bytes[252..], [(short)(source.Geometry.IsSheared ? 0 : ScannerCode), ScannerCode]);
        PutFloats(bytes[256..], [qform.B, qform.C, qform.D, .. Origin(source.Geometry)]);
        PutFloats(bytes[280..], Rows(source.Geometry.IndexToRas));
        "n+1\0"u8.CopyTo(bytes[344..]);
        return header;
    }

    private static byte[] MakeSecond(VoxelSource source)
    {
        byte[] header = new byte[NiftiHeader.SizeBytes2 + 4];
        Span<byte> bytes = header;
        BinaryPrimitives.WriteInt32LittleEndian(bytes, NiftiHeader.SizeBytes2);
        "n+2\0\r\n\x1a\n"u8.CopyTo(bytes[4..]);
        PutShorts(bytes[12..], [TypeCode(source), (short)(8 * source.Type.SizeBytes())]);
        PutLongs(bytes[16..], [3, source.Geometry.SizeI, source.Geometry.SizeJ, source.Geometry.SizeK, 1, 1, 1, 1]);
        QForm qform = QForm.Of(source.Geometry.IndexToRas);
        PutDoubles(bytes[104..], [qform.Handedness, .. Spacing(source.Geometry), 1, 1, 1, 1]);
        PutLongs(bytes[168..], [header.Length]);
        PutDoubles(bytes[176..], [source.Scale.Slope, source.Scale.Intercept]);
        PutInts(bytes[344..], [source.Geometry.IsSheared ? 0 : ScannerCode, ScannerCode]);
        PutDoubles(bytes[352..], [qform.B, qform.C, qform.D, .. Origin(source.Geometry)]);
        PutDoubles(bytes[400..], Rows(source.Geometry.IndexToRas));
        PutInts(bytes[500..], [Millimetres, source.IsLabelMap ? NiftiHeader.LabelIntent : 0]);
        return header;
    }

    private static short TypeCode(VoxelSource source) => source.Type switch
    {
        VoxelType.UInt8 => 2,
        VoxelType.Int8 => 256,
        VoxelType.UInt16 => 512,
        VoxelType.Int16 => 4,
        VoxelType.UInt32 => 768,
        VoxelType.Int32 => 8,
        VoxelType.UInt64 => 1280,
        VoxelType.Int64 => 1024,
        VoxelType.Float32 => 16,
        _ => 64,
    };

    private static double[] Spacing(VolumeGeometry grid) => [grid.SpacingMm(SliceAxis.I), grid.SpacingMm(SliceAxis.J), grid.SpacingMm(SliceAxis.K)];

    private static double[] Origin(VolumeGeometry grid) => [grid.IndexToRas.Xo, grid.IndexToRas.Yo, grid.IndexToRas.Zo];

    private static double[] Rows(Affine a) => [a.Xi, a.Xj, a.Xk, a.Xo, a.Yi, a.Yj, a.Yk, a.Yo, a.Zi, a.Zj, a.Zk, a.Zo];

    private static void PutShorts(Span<byte> target, ReadOnlySpan<short> values)
    {
        for (int n = 0; n < values.Length; n++) BinaryPrimitives.WriteInt16LittleEndian(target[(2 * n)..], values[n]);
    }

    private static void PutInts(Span<byte> target, ReadOnlySpan<int> values)
    {
        for (int n = 0; n < values.Length; n++) BinaryPrimitives.WriteInt32LittleEndian(target[(4 * n)..], values[n]);
    }

    private static void PutLongs(Span<byte> target, ReadOnlySpan<long> values)
    {
        for (int n = 0; n < values.Length; n++) BinaryPrimitives.WriteInt64LittleEndian(target[(8 * n)..], values[n]);
    }

    private static void PutFloats(Span<byte> target, ReadOnlySpan<double> values)
    {
        for (int n = 0; n < values.Length; n++) BinaryPrimitives.WriteSingleLittleEndian(target[(4 * n)..], (float)values[n]);
    }

    private static void PutDoubles(Span<byte> target, ReadOnlySpan<double> values)
    {
        for (int n = 0; n < values.Length; n++) BinaryPrimitives.WriteDoubleLittleEndian(target[(8 * n)..], values[n]);
    }
}
