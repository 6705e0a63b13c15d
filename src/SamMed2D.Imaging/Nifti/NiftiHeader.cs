using System.Buffers.Binary;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Nifti;

/// <summary>
/// The parts of a NIfTI-1 or NIfTI-2 header that place and type the voxels, checked and with nibabel's repairs applied.
/// Source: nifti1.h and nifti2.h of the NIfTI Data Format Working Group.
/// </summary>
internal sealed record NiftiHeader
{
    /// <summary>Length of a NIfTI-1 header.</summary>
    public const int SizeBytes1 = 348;

    /// <summary>Length of a NIfTI-2 header.</summary>
    public const int SizeBytes2 = 540;

    /// <summary>NIfTI's intent code for label maps.</summary>
    public const int LabelIntent = 1002;

    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>True when the voxels are in a file of their own (<c>.img</c>).</summary>
    public required bool IsPair { get; init; }

    /// <summary>True when numbers are in the byte order that this machine does not use.</summary>
    public required bool IsSwapped { get; init; }

    /// <summary>Sizes along the axes in use, 1 to 7 of them, each at least 1.</summary>
    public required long[] Sizes { get; init; }

    /// <summary>Type of the voxels.</summary>
    public required VoxelType Type { get; init; }

    /// <summary>Where the voxels start in their file.</summary>
    public required long VoxelOffset { get; init; }

    /// <summary>What stored numbers mean.</summary>
    public required IntensityScale Scale { get; init; }

    /// <summary>Voxel indices to RAS, in millimetres.</summary>
    public required Affine IndexToRas { get; init; }

    /// <summary>What the voxels are meant as; 0 for none.</summary>
    public required int IntentCode { get; init; }

    /// <summary>Things the user should know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>True when the bytes start like a NIfTI header, of either version, order and kind.</summary>
    public static bool IsNifti(ReadOnlySpan<byte> head) => FindVersion(head) != 0;

    /// <summary>True when the bytes start like the header of NIfTI's ancestor, which does not say where left and right are.</summary>
    public static bool IsAnalyze(ReadOnlySpan<byte> head) => head.Length >= SizeBytes1 && !IsNifti(head)
        && (BinaryPrimitives.ReadInt32LittleEndian(head) == SizeBytes1 || BinaryPrimitives.ReadInt32BigEndian(head) == SizeBytes1)
        && ReadsAsRank(head[40..]);

    /// <summary>True when the bytes are all of a file and only the beginning of a NIfTI header.</summary>
    public static bool IsCutShort(ReadOnlySpan<byte> head) => head.Length is >= 4 and < SizeBytes1
        && (BinaryPrimitives.ReadInt32LittleEndian(head) is SizeBytes1 or SizeBytes2 || BinaryPrimitives.ReadInt32BigEndian(head) is SizeBytes1 or SizeBytes2);

    /// <summary>Reads and checks a header.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="head">At least the first <see cref="SizeBytes2"/> bytes of the file, or all of it.</param>
    /// <exception cref="InvalidFileException">The header is cut short or makes no sense.</exception>
    /// <exception cref="UnsupportedInputException">The voxels are colours or complex numbers.</exception>
    public static NiftiHeader Parse(string path, ReadOnlySpan<byte> head)
    {
        int version = FindVersion(head);
        if (version == 0) throw new InvalidFileException(path, "has no NIfTI header; give a NIfTI file");
        if (version == 2 && head.Length < SizeBytes2)
            throw new InvalidFileException(path, $"ends after {head.Length} bytes of a NIfTI-2 header of {SizeBytes2}; copy or download it again");
        NiftiFields fields = new(head, version);
        long[] sizes = ReadSizes(path, fields);
        NiftiAffine placement = NiftiAffine.Select(path, fields, sizes);
        return new NiftiHeader
        {
            Version = version,
            IsPair = fields.IsPair,
            IsSwapped = fields.IsSwapped,
            Sizes = sizes,
            Type = ReadType(path, fields.DataType),
            VoxelOffset = ReadOffset(path, fields),
            Scale = ReadScale(path, fields),
            IndexToRas = placement.IndexToRas,
            IntentCode = fields.IntentCode,
            Notes = placement.Notes,
        };
    }

    private static int FindVersion(ReadOnlySpan<byte> head)
    {
        if (head.Length >= SizeBytes1 && (head.Slice(344, 4).SequenceEqual("n+1\0"u8) || head.Slice(344, 4).SequenceEqual("ni1\0"u8))) return 1;
        bool isSecond = head.Length >= 12 && (head.Slice(4, 8).SequenceEqual("n+2\0\r\n\x1a\n"u8) || head.Slice(4, 8).SequenceEqual("ni2\0\r\n\x1a\n"u8));
        return isSecond ? 2 : 0;
    }

    private static bool ReadsAsRank(ReadOnlySpan<byte> dim) =>
        BinaryPrimitives.ReadInt16LittleEndian(dim) is >= 1 and <= 7 || BinaryPrimitives.ReadInt16BigEndian(dim) is >= 1 and <= 7;

    private static long[] ReadSizes(string path, NiftiFields fields)
    {
        long rank = fields.Dim(0);
        if (rank is < 1 or > 7) throw new InvalidFileException(path, $"its header says {rank} dimensions, and NIfTI has 1 to 7; the header is damaged");
        long[] sizes = new long[rank];
        long product = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            long size = sizes[axis] = fields.Dim(axis + 1);
            if (size < 1) throw new InvalidFileException(path, $"its header says {size} voxels along axis {axis + 1}, and there must be at least 1; the header is damaged");
            if (size > int.MaxValue || product > long.MaxValue / 16 / size)
                throw new InvalidFileException(path, $"its header claims an impossible {size:N0} voxels along axis {axis + 1}; the header is damaged");
            product *= size;
        }
        return sizes;
    }

    private static VoxelType ReadType(string path, int code) => code switch
    {
        2 => VoxelType.UInt8,
        256 => VoxelType.Int8,
        512 => VoxelType.UInt16,
        4 => VoxelType.Int16,
        768 => VoxelType.UInt32,
        8 => VoxelType.Int32,
        1280 => VoxelType.UInt64,
        1024 => VoxelType.Int64,
        16 => VoxelType.Float32,
        64 => VoxelType.Float64,
        128 or 2304 => throw new UnsupportedInputException(path, "holds colours, and a scan has one number a voxel; convert it to grey values"),
        32 or 1792 or 2048 => throw new UnsupportedInputException(path, "holds complex numbers, and a scan has one number a voxel; save their magnitude"),
        1536 => throw new UnsupportedInputException(path, "holds 128-bit floating-point numbers; save it as float32"),
        1 => throw new UnsupportedInputException(path, "holds single bits; save it as uint8"),
        _ => throw new InvalidFileException(path, $"its header names the unknown data type {code}; the header is damaged"),
    };

    private static long ReadOffset(string path, NiftiFields fields)
    {
        double offset = fields.VoxelOffset;
        int least = fields.IsPair ? 0 : fields.Version == 1 ? SizeBytes1 + 4 : SizeBytes2 + 4;
        if (offset == 0) return least;
        if (!(offset >= least && offset <= long.MaxValue / 4))
            throw new InvalidFileException(path, $"its header says that the voxels start at byte {offset:0}, and they cannot start before byte {least}; the header is damaged");
        return (long)offset;
    }

    private static IntensityScale ReadScale(string path, NiftiFields fields)
    {
        (double slope, double intercept) = (fields.Slope, fields.Intercept);
        if (slope == 0 || !double.IsFinite(slope)) return IntensityScale.Identity;
        if (!double.IsFinite(intercept))
            throw new InvalidFileException(path, $"its header has the intensity slope {slope} and the offset {intercept}; the header is damaged");
        return new(slope, intercept);
    }
}
