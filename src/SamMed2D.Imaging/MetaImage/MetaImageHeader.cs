using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.MetaImage;

/// <summary>
/// The header of a MetaImage file, checked before ITK sees the file: its reader has written beyond its buffers for tiny headers.
/// Source: the MetaIO documentation (Kitware).
/// </summary>
internal sealed record MetaImageHeader
{
    private const int MaxHeaderBytes = 1 << 20, MaxLine = 500, MaxKey = 64, MaxDimension = 4, MaxChannels = 4096;

    /// <summary>Sizes along the axes, the fastest first.</summary>
    public required long[] Sizes { get; init; }

    /// <summary>Numbers per voxel.</summary>
    public required int Channels { get; init; }

    /// <summary>Type of the numbers.</summary>
    public required VoxelType Type { get; init; }

    /// <summary>DICOM code of the modality, or empty.</summary>
    public required string Modality { get; init; }

    /// <summary>The numbers; null where they are text, which only ITK reads.</summary>
    public StoredNumbers? Data { get; private init; }

    /// <summary>Reads and checks a header, and that the data can be as long as it claims.</summary>
    /// <param name="path">The <c>.mha</c> or <c>.mhd</c> file.</param>
    public static MetaImageHeader Read(string path)
    {
        using FileStream file = SourceFile.Open(path);
        return SourceFile.Guard(path, () => Parse(path, file));
    }

    private static MetaImageHeader Parse(string path, FileStream file)
    {
        HeaderFields fields = new(path);
        HeaderLines lines = new(path, file, MaxHeaderBytes);
        while (fields.Find("ElementDataFile") is null)
        {
            string line = lines.Next() ?? throw fields.Damaged("ends before it names its data (ElementDataFile)");
            int separator = line.IndexOfAny(['=', ':']);
            if (separator < 1 || separator > MaxKey || line.Length > MaxLine) throw fields.Damaged($"has the line '{line[..Math.Min(line.Length, 40)]}', which is no field");
            string key = line[..separator].Trim();
            // The reader sizes its arrays by NDims, so NDims comes first.
            if (key is not ("ObjectType" or "ObjectSubType" or "Comment" or "NDims") && fields.Find("NDims") is null)
                throw fields.Damaged($"has the field '{key}' before NDims");
            fields.Add(key, line[(separator + 1)..].Trim());
            if (key == "NDims" && fields.GetWholeNumber("NDims", 0) is < 1 or > MaxDimension)
                throw fields.Damaged($"says {fields.Get("NDims")} dimensions, and 1 to {MaxDimension} are read");
        }
        if (fields.Find("ObjectType") is string type && type != "Image")
            throw new UnsupportedInputException(path, $"is a MetaIO file of the kind '{type}', and only images are read");
        MetaImageHeader header = new()
        {
            Sizes = fields.GetSizes("DimSize", fields.GetWholeNumber("NDims", 0)),
            Channels = ReadChannels(path, fields),
            Type = ReadType(path, fields.Get("ElementType")),
            Modality = fields.Find("Modality") switch { "MET_MOD_CT" => "CT", "MET_MOD_MR" => "MR", "MET_MOD_NM" => "NM", "MET_MOD_US" => "US", _ => "" },
        };
        CheckArrays(fields, header.Sizes.Length);
        return header with { Data = CheckData(path, fields, header, lines.Position) };
    }

    private static int ReadChannels(string path, HeaderFields fields)
    {
        long channels = fields.GetWholeNumber("ElementNumberOfChannels", 1);
        if (channels is < 1 or > MaxChannels) throw fields.Damaged($"says {channels} channels");
        if (channels is 3 or 4 && fields.Get("ElementType") == "MET_UCHAR")
            throw new UnsupportedInputException(path, "holds colours, and a scan has one number a voxel; convert it to grey values");
        return (int)channels;
    }

    private static VoxelType ReadType(string path, string name) => name switch
    {
        "MET_UCHAR" => VoxelType.UInt8,
        "MET_CHAR" => VoxelType.Int8,
        "MET_USHORT" => VoxelType.UInt16,
        "MET_SHORT" => VoxelType.Int16,
        "MET_UINT" or "MET_ULONG" => VoxelType.UInt32,
        "MET_INT" or "MET_LONG" => VoxelType.Int32,
        "MET_ULONG_LONG" => VoxelType.UInt64,
        "MET_LONG_LONG" => VoxelType.Int64,
        "MET_FLOAT" => VoxelType.Float32,
        "MET_DOUBLE" => VoxelType.Float64,
        _ => throw new UnsupportedInputException(path, $"holds numbers of the type '{name}'; export it as MET_SHORT, MET_UCHAR or MET_FLOAT"),
    };

    // As many numbers as dimensions, so that no array in the reader beneath runs over.
    private static void CheckArrays(HeaderFields fields, int dimension)
    {
        foreach (string key in (ReadOnlySpan<string>)["ElementSpacing", "ElementSize", "Offset", "Origin", "Position", "CenterOfRotation"]) Check(key, dimension);
        foreach (string key in (ReadOnlySpan<string>)["TransformMatrix", "Rotation", "Orientation"]) Check(key, dimension * dimension);

        void Check(string key, int count)
        {
            int found = fields.Find(key)?.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length ?? count;
            if (found != count) throw fields.Damaged($"has {found} numbers in the field '{key}', where {count} belong");
        }
    }

    private static StoredNumbers? CheckData(string path, HeaderFields fields, MetaImageHeader header, long headerEnd)
    {
        string name = fields.Get("ElementDataFile");
        if (HeaderFields.NamesSeveral(name))
            throw new UnsupportedInputException(path, "keeps its voxels in several files; export it as one .mha file");
        bool isLocal = name.Equals("LOCAL", StringComparison.OrdinalIgnoreCase);
        string dataPath = isLocal ? path : fields.ResolveDataFile(name);
        long length = new FileInfo(dataPath).Length;
        if (fields.GetWholeNumber("CompressedDataSize", 0) is long packed && (packed < 0 || packed > length))
            throw fields.Damaged($"claims {packed:N0} compressed bytes of {length:N0}");
        long count = header.Sizes.Aggregate((long)header.Channels, (product, size) => checked(product * size)), bytes = checked(count * header.Type.SizeBytes());
        bool isText = fields.Find("BinaryData") is not null && !IsTrue(fields, "BinaryData");
        long start = fields.GetWholeNumber("HeaderSize", 0) switch
        {
            -1 => length - bytes, // the voxels are the file's end
            0 when isLocal => headerEnd,
            long skip when skip >= 0 && skip <= length => skip,
            long skip => throw fields.Damaged($"skips {skip} bytes of {length}"),
        };
        if (start < 0) throw SourceFile.Truncated(path);
        Packing packing = !IsTrue(fields, "CompressedData") ? Packing.None : IsGzip(dataPath, start) ? Packing.Gzip : Packing.Zlib;
        VoxelPayload payload = new(path, dataPath, packing, start, 0);
        payload.CheckSize(isText ? count : bytes, $"{string.Join('×', header.Sizes)} voxels of {header.Type.ToString().ToLowerInvariant()}");
        if (isText) return null;
        return new StoredNumbers(payload, IsTrue(fields, "BinaryDataByteOrderMSB") || IsTrue(fields, "ElementByteOrderMSB"));
    }

    private static bool IsGzip(string path, long start)
    {
        using FileStream file = SourceFile.Open(path);
        file.Position = start;
        return file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
    }

    private static bool IsTrue(HeaderFields fields, string key) => fields.Find(key) is { Length: > 0 } text && text[0] is ('T' or 't' or '1');
}
