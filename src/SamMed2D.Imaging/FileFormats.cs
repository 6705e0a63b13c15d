using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Imaging.Nifti;

namespace SamMed2D.Imaging;

/// <summary>The kinds of volume source that the product reads.</summary>
internal enum FileFormat
{
    /// <summary>None of them.</summary>
    Unknown,

    /// <summary>NIfTI-1 or NIfTI-2.</summary>
    Nifti,

    /// <summary>NRRD, with its voxels inside or in a file of their own.</summary>
    Nrrd,

    /// <summary>MetaImage, likewise.</summary>
    MetaImage,

    /// <summary>A DICOM file, a DICOMDIR, or a folder of DICOM files.</summary>
    Dicom,
}

/// <summary>Finds out what a file is by its first bytes.</summary>
internal static class FileFormats
{
    private const int HeadBytes = NiftiHeader.SizeBytes2;

    // What people open by mistake, and the bytes that give it away.
    private static readonly (byte[] Magic, string Name)[] s_strangers =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        ("GIF8"u8.ToArray(), "a GIF picture"),
        ("BM"u8.ToArray(), "a BMP picture"),
        ([(byte)'I', (byte)'I', 42, 0], "a TIFF picture"),
        ([(byte)'M', (byte)'M', 0, 42], "a TIFF picture"),
        ([(byte)'P', (byte)'K', 3, 4], "a ZIP archive (unpack it first)"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file (MINC-2, perhaps)"),
        ("CDF"u8.ToArray(), "a NetCDF file (MINC-1, perhaps)"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "a NumPy array"),
        ("solid "u8.ToArray(), "an STL surface"),
        ("# vtk"u8.ToArray(), "a VTK file"),
        ([0, 0, 0, 1], "a FreeSurfer MGH volume, perhaps"),
    ];

    /// <summary>What a file or folder is.</summary>
    /// <exception cref="InvalidFileException">The file is missing or empty, or may not be read.</exception>
    /// <exception cref="UnsupportedInputException">It is an Analyze 7.5 header, or NRRD, MetaImage or DICOM packed with gzip as a whole.</exception>
    public static FileFormat Identify(string path)
    {
        if (Directory.Exists(path)) return FileFormat.Dicom;
        if (NiftiReader.FindHeader(path) is string header) path = header;
        byte[] head = SourceFile.ReadHead(path, HeadBytes, out bool isCompressed);
        if (head.Length == 0) throw new InvalidFileException(path, "is empty; copy or download it again");
        if (NiftiHeader.IsNifti(head)) return FileFormat.Nifti;
        if (NiftiHeader.IsCutShort(head))
            throw new InvalidFileException(path, $"ends after {head.Length} bytes, within its NIfTI header; copy or download it again");
        if (NiftiHeader.IsAnalyze(head))
            throw new UnsupportedInputException(path, "is an Analyze 7.5 header, which does not say where left and right are; export the scan as NIfTI");
        FileFormat format = IdentifyOther(head);
        if (format != FileFormat.Unknown && isCompressed)
            throw new UnsupportedInputException(path, $"is {(format == FileFormat.Nrrd ? "NRRD" : format == FileFormat.Dicom ? "DICOM" : "MetaImage")} packed with gzip as a whole, and only NIfTI is read like that; unpack it first (gunzip)");
        return format != FileFormat.Unknown || DicomHeader.TryRead(path, path) is null ? format : FileFormat.Dicom; // one without the magic
    }

    /// <summary>The error for a file of no known format, with what it looks like.</summary>
    public static UnsupportedInputException Unknown(string path)
    {
        byte[] head = SourceFile.ReadHead(path, HeadBytes, out bool isCompressed);
        return new(path, $"is {Describe(head)}{(isCompressed ? ", compressed with gzip" : "")}; expected NIfTI (.nii, .nii.gz, .hdr/.img), NRRD, MetaImage (.mha, .mhd) or DICOM, so export the scan as one of these");
    }

    private static FileFormat IdentifyOther(ReadOnlySpan<byte> head) =>
        head.StartsWith("NRRD000"u8) ? FileFormat.Nrrd
        : head.Length >= 132 && head.Slice(128, 4).SequenceEqual("DICM"u8) ? FileFormat.Dicom
        : IsMetaImage(head) ? FileFormat.MetaImage : FileFormat.Unknown;

    private static string Describe(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] magic, string name) in s_strangers)
            if (head.StartsWith(magic)) return name;
        string shown = string.Join(' ', head[..Math.Min(8, head.Length)].ToArray().Select(b => b.ToString("x2")));
        return head.IndexOfAnyExceptInRange((byte)9, (byte)126) < 0 ? "a text file" : $"of an unknown format (its first bytes are {shown})";
    }

    // MetaImage has no magic number: it is text of the form "Key = value", and each header names its data's place last.
    private static bool IsMetaImage(ReadOnlySpan<byte> head)
    {
        int lineEnd = head.IndexOf((byte)'\n');
        if (lineEnd < 0) return false;
        string line = Encoding.Latin1.GetString(head[..lineEnd]);
        string key = line.Split('=', ':')[0].Trim();
        return key is "ObjectType" or "NDims" or "Comment" or "ObjectSubType" or "TransformType" && line.AsSpan().ContainsAny('=', ':');
    }
}
