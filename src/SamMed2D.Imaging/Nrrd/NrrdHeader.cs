using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Nrrd;

/// <summary>
/// The header of an NRRD file, checked before ITK sees the file. Source: the NRRD format definition, version 5 (teem).
/// </summary>
internal sealed record NrrdHeader
{
    private const int MaxHeaderBytes = 16 << 20;
    private const int MaxDimension = 5;

    /// <summary>Sizes of all axes, the fastest first.</summary>
    public required long[] Sizes { get; init; }

    /// <summary>The axis that lists values of one voxel (frames, layers), or -1.</summary>
    public required int ListAxis { get; init; }

    /// <summary>Type of the numbers.</summary>
    public required VoxelType Type { get; init; }

    /// <summary>True where the header says where the voxels lie.</summary>
    public required bool HasPlacement { get; init; }

    /// <summary>The name of the space, empty where there is none.</summary>
    public required string Space { get; init; }

    /// <summary>Free key/value pairs (<c>key:=value</c>).</summary>
    public required IReadOnlyDictionary<string, string> Pairs { get; init; }

    /// <summary>The numbers in the order that ITK gives them; null where only ITK can read them.</summary>
    public StoredNumbers? Data { get; private init; }

    /// <summary>Sizes of the spatial and time axes.</summary>
    public long[] DomainSizes => [.. Sizes.Where((_, axis) => axis != ListAxis)];

    /// <summary>Numbers per voxel.</summary>
    public int Components => ListAxis < 0 ? 1 : (int)Sizes[ListAxis];

    /// <summary>Reads and checks a header, and that the data can be as long as it claims.</summary>
    /// <param name="path">The <c>.nrrd</c> or <c>.nhdr</c> file.</param>
    /// <param name="cancellation">Stops a check that has to inflate.</param>
    public static NrrdHeader Read(string path, CancellationToken cancellation)
    {
        using FileStream file = SourceFile.Open(path);
        return SourceFile.Guard(path, () => Parse(path, file, cancellation));
    }

    private static NrrdHeader Parse(string path, FileStream file, CancellationToken cancellation)
    {
        HeaderFields fields = new(path);
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        HeaderLines lines = new(path, file, MaxHeaderBytes);
        lines.Next(); // the magic, which brought us here
        while (lines.Next() is { Length: > 0 } line)
        {
            if (line[0] == '#') continue;
            int pair = line.IndexOf(":=", StringComparison.Ordinal), field = line.IndexOf(": ", StringComparison.Ordinal);
            if (pair > 0 && (field < 0 || pair < field)) pairs[Unescape(line[..pair])] = Unescape(line[(pair + 2)..]);
            else if (field > 0) fields.Add(line[..field].Replace(" ", "").ToLowerInvariant(), line[(field + 2)..].Trim());
            else throw fields.Damaged($"has the line '{line[..Math.Min(line.Length, 40)]}', which is no field");
        }
        long dimension = fields.GetWholeNumber("dimension", 0);
        if (dimension is < 1 or > MaxDimension) throw fields.Damaged($"says {dimension} dimensions, and 1 to {MaxDimension} are read");
        // ITK 5.2 turns this space the wrong way round.
        string space = fields.Find("space") ?? "";
        if (space.StartsWith("left-anterior-superior", StringComparison.OrdinalIgnoreCase) || space.StartsWith("LAS", StringComparison.OrdinalIgnoreCase))
            throw new UnsupportedInputException(path, "is placed in the space left-anterior-superior, which is not read; save it as left-posterior-superior or right-anterior-superior");
        NrrdHeader header = new()
        {
            Sizes = fields.GetSizes("sizes", dimension),
            ListAxis = FindListAxis(path, fields, (int)dimension),
            Type = ReadType(path, fields.Get("type")),
            HasPlacement = fields.Find("spacedirections") is not null,
            Space = space,
            Pairs = pairs,
        };
        return header with { Data = CheckData(path, fields, header, lines.Position, cancellation) };
    }

    private static int FindListAxis(string path, HeaderFields fields, int dimension)
    {
        if (fields.Find("kinds") is not string text) return -1;
        string[] kinds = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (kinds.Length != dimension) throw fields.Damaged($"has {kinds.Length} kinds for {dimension} dimensions");
        int found = -1;
        for (int axis = 0; axis < kinds.Length; axis++)
        {
            string kind = kinds[axis].ToLowerInvariant();
            if (kind is "domain" or "space" or "time" or "???" or "none") continue;
            if (kind is not ("list" or "vector" or "point" or "scalar" or "stub" or "covariant-vector"))
                throw new UnsupportedInputException(path, $"holds voxels of the kind '{kinds[axis]}', and a scan has one number a voxel; convert it to grey values");
            if (found >= 0) throw new UnsupportedInputException(path, "lists several values a voxel along more than one axis; export one volume");
            found = axis;
        }
        return found;
    }

    private static VoxelType ReadType(string path, string name) => name.ToLowerInvariant() switch
    {
        "uchar" or "unsigned char" or "uint8" or "uint8_t" => VoxelType.UInt8,
        "signed char" or "int8" or "int8_t" => VoxelType.Int8,
        "ushort" or "unsigned short" or "unsigned short int" or "uint16" or "uint16_t" => VoxelType.UInt16,
        "short" or "short int" or "signed short" or "signed short int" or "int16" or "int16_t" => VoxelType.Int16,
        "uint" or "unsigned int" or "uint32" or "uint32_t" => VoxelType.UInt32,
        "int" or "signed int" or "int32" or "int32_t" => VoxelType.Int32,
        "ulonglong" or "unsigned long long" or "unsigned long long int" or "uint64" or "uint64_t" => VoxelType.UInt64,
        "longlong" or "long long" or "long long int" or "signed long long" or "signed long long int" or "int64" or "int64_t" => VoxelType.Int64,
        "float" => VoxelType.Float32,
        "double" => VoxelType.Float64,
        _ => throw new UnsupportedInputException(path, $"holds numbers of the type '{name}'; export it as short, unsigned char or float"),
    };

    // The sizes are believed only as far as the data can bear them out.
    private static StoredNumbers? CheckData(string path, HeaderFields fields, NrrdHeader header, long headerEnd, CancellationToken cancellation)
    {
        string? dataFile = fields.Find("datafile");
        if (dataFile is not null && HeaderFields.NamesSeveral(dataFile))
            throw new UnsupportedInputException(path, "keeps its voxels in several files; export it as one .nrrd file");
        if (fields.GetWholeNumber("lineskip", 0) != 0 || fields.GetWholeNumber("byteskip", 0) != 0)
            throw new UnsupportedInputException(path, "skips lines or bytes before its voxels; export it as a plain .nrrd file");
        string dataPath = dataFile is null ? path : fields.ResolveDataFile(dataFile);
        long count = header.Sizes.Aggregate(1L, (product, size) => product * size), bytes = count * header.Type.SizeBytes();
        string encoding = fields.Get("encoding").ToLowerInvariant();
        bool isText = encoding is "txt" or "text" or "ascii" or "hex";
        VoxelPayload payload = new(path, dataPath, encoding is "gz" or "gzip" ? Packing.Gzip : Packing.None, dataFile is null ? headerEnd : 0, 0);
        if (!isText && payload.Packing == Packing.None && encoding != "raw")
            throw new UnsupportedInputException(path, $"is packed as '{encoding}'; export it with the encoding gzip or raw");
        // Text takes a digit a number at least, and two a byte where it is hexadecimal.
        payload.CheckSize(!isText ? bytes : encoding == "hex" ? 2 * bytes : count, $"{string.Join('×', header.Sizes)} numbers of {header.Type.ToString().ToLowerInvariant()}");
        if (!isText && header.ListAxis <= 0) return new StoredNumbers(payload, IsBigEndian(fields, header.Type));
        payload.Prove(bytes, cancellation);
        return null;
    }

    private static bool IsBigEndian(HeaderFields fields, VoxelType type)
    {
        if (type.SizeBytes() == 1) return false;
        return fields.Get("endian").ToLowerInvariant() switch { "big" => true, "little" => false, string other => throw fields.Damaged($"has the byte order '{other}'") };
    }

    // In one pass: a backslash that is escaped itself does not escape what follows.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\')) return text;
        StringBuilder plain = new();
        for (int n = 0; n < text.Length; n++)
        {
            char next = text[n] == '\\' && n + 1 < text.Length ? text[n + 1] : ' ';
            if (next is 'n' or '\\') n++;
            plain.Append(next == 'n' ? '\n' : text[n]);
        }
        return plain.ToString();
    }
}
