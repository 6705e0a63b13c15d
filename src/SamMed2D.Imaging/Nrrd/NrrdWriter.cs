using System.Globalization;
using System.Text;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Nrrd;

/// <summary>Writes NRRD with gzip, its placement in LPS as 3D Slicer and ITK write it. Far faster than through ITK, whose level is fixed.</summary>
internal static class NrrdWriter
{
    /// <summary>Writes header and voxels into one file.</summary>
    /// <param name="source">What to write; its scale must be the identity, as NRRD has none.</param>
    /// <param name="pairs">Free key/value pairs to put into the header.</param>
    /// <param name="target">The file's stream.</param>
    /// <param name="cancellation">Looked at between blocks.</param>
    public static void Write(VoxelSource source, IEnumerable<KeyValuePair<string, string>> pairs, Stream target, CancellationToken cancellation)
    {
        target.Write(MakeHeader(source, dataFile: null, pairs));
        WriteData(source, target, cancellation);
    }

    /// <summary>Writes a detached header.</summary>
    /// <param name="source">What the data file holds.</param>
    /// <param name="dataFile">Name of the data file, in the same folder.</param>
    /// <param name="target">The header's stream.</param>
    public static void WriteHeader(VoxelSource source, string dataFile, Stream target) => target.Write(MakeHeader(source, dataFile, []));

    /// <summary>Writes the voxels as gzip.</summary>
    public static void WriteData(VoxelSource source, Stream target, CancellationToken cancellation)
    {
        using Stream deflated = source.Compress(target);
        source.Pour(deflated, cancellation);
    }

    private static byte[] MakeHeader(VoxelSource source, string? dataFile, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        VolumeGeometry grid = source.Geometry;
        Affine affine = grid.IndexToRas;
        StringBuilder text = new();
        text.Append("NRRD0004\n# Complete NRRD file format specification at:\n# http://teem.sourceforge.net/nrrd/format.html\n");
        text.Append(CultureInfo.InvariantCulture, $"type: {TypeName(source.Type)}\ndimension: 3\nspace: left-posterior-superior\n");
        text.Append(CultureInfo.InvariantCulture, $"sizes: {grid.SizeI} {grid.SizeJ} {grid.SizeK}\n");
        text.Append(CultureInfo.InvariantCulture, $"space directions: {LpsVector(affine.StepI)} {LpsVector(affine.StepJ)} {LpsVector(affine.StepK)}\n");
        text.Append("kinds: domain domain domain\nendian: little\nencoding: gzip\n");
        LpsPoint origin = affine.Origin.ToLps();
        text.Append(CultureInfo.InvariantCulture, $"space origin: ({Number(origin.L)},{Number(origin.P)},{Number(origin.S)})\n");
        foreach ((string key, string value) in pairs) text.Append(CultureInfo.InvariantCulture, $"{Escape(key)}:={Escape(value)}\n");
        // An attached header ends with an empty line; a detached one with the name of its data.
        text.Append(dataFile is null ? "\n" : $"data file: {dataFile}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string TypeName(VoxelType type) => type switch
    {
        VoxelType.UInt8 => "unsigned char",
        VoxelType.Int8 => "signed char",
        VoxelType.UInt16 => "unsigned short",
        VoxelType.Int16 => "short",
        VoxelType.UInt32 => "unsigned int",
        VoxelType.Int32 => "int",
        VoxelType.UInt64 => "unsigned long long int",
        VoxelType.Int64 => "long long int",
        VoxelType.Float32 => "float",
        _ => "double",
    };

    private static string LpsVector(RasVector step) => $"({Number(-step.R)},{Number(-step.A)},{Number(step.S)})";

    private static string Number(double value) => (value == 0 ? 0 : value).ToString("R", CultureInfo.InvariantCulture); // no -0

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\r", "").Replace("\n", "\\n");
}
