using System.Globalization;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging;

/// <summary>
/// The fields of a text header (NRRD, MetaImage), each at most once, with the checks that both formats share. Strict on purpose: what two
/// programs could read differently is refused.
/// </summary>
/// <param name="path">The file, for messages.</param>
internal sealed class HeaderFields(string path)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Adds a field.</summary>
    /// <exception cref="InvalidFileException">The field is there already.</exception>
    public void Add(string key, string value)
    {
        if (!_values.TryAdd(key, value)) throw Damaged($"has the field '{key}' twice");
    }

    /// <summary>A field's text, or null.</summary>
    public string? Find(string key) => _values.GetValueOrDefault(key);

    /// <summary>A field's text.</summary>
    /// <exception cref="InvalidFileException">It is missing.</exception>
    public string Get(string key) => Find(key) ?? throw Damaged($"lacks the field '{key}'");

    /// <summary>Whole numbers, separated by blanks.</summary>
    public long[] GetWholeNumbers(string key)
    {
        string[] parts = Get(key).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        long[] numbers = new long[parts.Length];
        for (int n = 0; n < parts.Length; n++)
            if (!long.TryParse(parts[n], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[n]))
                throw Damaged($"has '{Shorten(parts[n])}' in the field '{key}', where a whole number belongs");
        return numbers;
    }

    /// <summary>One whole number, or the default where the field is missing.</summary>
    public long GetWholeNumber(string key, long missing)
    {
        if (Find(key) is null) return missing;
        long[] numbers = GetWholeNumbers(key);
        return numbers.Length == 1 ? numbers[0] : throw Damaged($"has {numbers.Length} numbers in the field '{key}', where one belongs");
    }

    /// <summary>Numbers of voxels along each axis.</summary>
    /// <param name="key">The field.</param>
    /// <param name="dimension">How many axes there must be.</param>
    /// <exception cref="InvalidFileException">There are more or fewer, one is under 1, or the product is absurd.</exception>
    public long[] GetSizes(string key, long dimension)
    {
        long[] sizes = GetWholeNumbers(key);
        if (sizes.Length != dimension) throw Damaged($"has {sizes.Length} sizes for {dimension} dimensions");
        long product = 1;
        foreach (long size in sizes)
        {
            if (size < 1) throw Damaged($"says {size} voxels along an axis, and there must be at least 1");
            if (size > int.MaxValue || product > long.MaxValue / 16 / size) throw Damaged($"claims an impossible {size:N0} voxels along an axis");
            product *= size;
        }
        return sizes;
    }

    /// <summary>True where NRRD and MetaImage take the name of a data file for a list or a pattern of several.</summary>
    public static bool NamesSeveral(string name) => name.StartsWith("LIST", StringComparison.Ordinal) || name.Contains('%');

    /// <summary>True for the name of a file in the header's own folder, which may be written as <c>./name</c>.</summary>
    public static bool IsInSameFolder(string name) => name is not ("" or "." or "..") && !name.AsSpan().ContainsAny("/\\\0\r\n");

    /// <summary>The file of the voxels, which must lie beside the header: a plain name, no folder, no link.</summary>
    /// <param name="name">The name in the header.</param>
    public string ResolveDataFile(string name)
    {
        if (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
        if (!IsInSameFolder(name))
            throw new UnsupportedInputException(path, $"keeps its voxels in '{Shorten(name)}', and only a file in the same folder is opened; put it beside the header and name it there without a folder");
        string resolved = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name);
        if (new FileInfo(resolved) is not { Exists: true } file)
            throw new InvalidFileException(path, $"keeps its voxels in '{Shorten(name)}', which is not beside it; put both into one folder");
        if (file.LinkTarget is not null)
            throw new UnsupportedInputException(path, $"keeps its voxels in '{Shorten(name)}', which is a link; put the file itself beside the header");
        return resolved;
    }

    /// <summary>The error of a header that makes no sense.</summary>
    public InvalidFileException Damaged(string problem) => new(path, $"its header {problem}; it is damaged: copy or export it again");

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
