using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace SamMed2D.Inference.Tests.Goldens;

/// <summary>Reads the arrays of a NumPy <c>.npz</c> archive: little endian, C order, float32 or uint8.</summary>
internal sealed partial class NpzFile(string path)
{
    private readonly Dictionary<string, (int[] Shape, byte[] Bytes)> _arrays = ReadAll(path);

    public IReadOnlyCollection<string> Names => _arrays.Keys;

    public int[] ShapeOf(string name) => _arrays[name].Shape;

    public ReadOnlySpan<byte> Bytes(string name) => _arrays[name].Bytes;

    public ReadOnlySpan<float> Floats(string name) => MemoryMarshal.Cast<byte, float>(_arrays[name].Bytes);

    private static Dictionary<string, (int[], byte[])> ReadAll(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(entry => Path.GetFileNameWithoutExtension(entry.FullName), ReadArray);
    }

    private static (int[] Shape, byte[] Bytes) ReadArray(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] start = new byte[10];
        stream.ReadExactly(start);
        byte[] header = new byte[start[8] | start[9] << 8];
        stream.ReadExactly(header);
        string text = Encoding.ASCII.GetString(header);
        string type = TypePattern().Match(text).Groups[1].Value;
        if (type is not ("<f4" or "|u1") || !text.Contains("'fortran_order': False")) throw new InvalidDataException($"{entry.FullName}: {text}");
        int[] shape = [.. ShapePattern().Match(text).Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];
        byte[] bytes = new byte[shape.Aggregate(type == "<f4" ? 4 : 1, (product, size) => product * size)];
        stream.ReadExactly(bytes);
        return (shape, bytes);
    }

    [GeneratedRegex("'descr': '([^']*)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
