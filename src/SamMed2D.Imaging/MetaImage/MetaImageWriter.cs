using System.Globalization;
using System.IO.Compression;
using System.Text;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.MetaImage;

/// <summary>Writes MetaImage with zlib compression, its placement in LPS.</summary>
internal static class MetaImageWriter
{
    /// <summary>Writes header and voxels into one <c>.mha</c> file.</summary>
    /// <param name="source">What to write; its scale must be the identity, as MetaImage has none that ITK reads.</param>
    /// <param name="target">The file's stream, seekable.</param>
    /// <param name="cancellation">Looked at between blocks.</param>
    public static void Write(VoxelSource source, Stream target, CancellationToken cancellation)
    {
        // The compressed size stands in the header but is known last, so the header is written again over itself.
        byte[] header = MakeHeader(source, 0, "LOCAL");
        target.Write(header);
        WriteData(source, target, cancellation);
        long packed = target.Position - header.Length;
        target.Position = 0;
        target.Write(MakeHeader(source, packed, "LOCAL"));
    }

    /// <summary>Writes a <c>.mhd</c> header.</summary>
    /// <param name="source">What the data file holds.</param>
    /// <param name="packedBytes">Length of the data file.</param>
    /// <param name="dataFile">Its name, in the same folder.</param>
    /// <param name="target">The header's stream.</param>
    public static void WriteHeader(VoxelSource source, long packedBytes, string dataFile, Stream target) => target.Write(MakeHeader(source, packedBytes, dataFile));

    /// <summary>Writes the voxels as zlib data.</summary>
    public static void WriteData(VoxelSource source, Stream target, CancellationToken cancellation)
    {
        using ZLibStream deflated = new(target, source.Compression, leaveOpen: true);
        source.Pour(deflated, cancellation);
    }

    private static byte[] MakeHeader(VoxelSource source, long packedBytes, string dataFile)
    {
        VolumeGeometry grid = source.Geometry;
        Affine affine = grid.IndexToRas;
        LpsPoint origin = affine.Origin.ToLps();
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"""
            ObjectType = Image
            NDims = 3
            BinaryData = True
            BinaryDataByteOrderMSB = False
            CompressedData = True
            CompressedDataSize = {packedBytes,-19}
            TransformMatrix = {Direction(affine.StepI)} {Direction(affine.StepJ)} {Direction(affine.StepK)}
            Offset = {Number(origin.L)} {Number(origin.P)} {Number(origin.S)}
            CenterOfRotation = 0 0 0
            ElementSpacing = {Number(affine.StepI.Length)} {Number(affine.StepJ.Length)} {Number(affine.StepK.Length)}
            DimSize = {grid.SizeI} {grid.SizeJ} {grid.SizeK}
            ElementType = {TypeName(source.Type)}
            ElementDataFile = {dataFile}

            """));
    }

    private static string Direction(RasVector step)
    {
        RasVector unit = step.ToUnit();
        return $"{Number(-unit.R)} {Number(-unit.A)} {Number(unit.S)}";
    }

    private static string Number(double value) => (value == 0 ? 0 : value).ToString("R", CultureInfo.InvariantCulture); // no -0

    private static string TypeName(VoxelType type) => type switch
    {
        VoxelType.UInt8 => "MET_UCHAR",
        VoxelType.Int8 => "MET_CHAR",
        VoxelType.UInt16 => "MET_USHORT",
        VoxelType.Int16 => "MET_SHORT",
        VoxelType.UInt32 => "MET_UINT",
        VoxelType.Int32 => "MET_INT",
        VoxelType.UInt64 => "MET_ULONG_LONG",
        VoxelType.Int64 => "MET_LONG_LONG",
        VoxelType.Float32 => "MET_FLOAT",
        _ => "MET_DOUBLE",
    };
}
