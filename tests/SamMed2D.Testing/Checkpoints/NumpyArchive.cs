using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace SamMed2D.Testing.Checkpoints;

/// <summary>An array of a NumPy archive.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Its values, row-major, as float32.</param>
public sealed record NumpyArray(int[] Shape, float[] Values);

/// <summary>Reads the <c>.npz</c> goldens: C order, little endian, float32, float64, uint8, int32 or int64 (NumPy's format.py).</summary>
public sealed class NumpyArchive : IDisposable
{
    private readonly ZipArchive _archive;

    public NumpyArchive(string path) => _archive = ZipFile.OpenRead(path);

    public IEnumerable<string> Names => _archive.Entries.Select(entry => entry.FullName[..^".npy".Length]);

    public bool Has(string name) => _archive.GetEntry(name + ".npy") is not null;

    public NumpyArray this[string name] => Parse(ReadAll(_archive.GetEntry(name + ".npy") ?? throw new KeyNotFoundException(name)));

    public void Dispose() => _archive.Dispose();

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static NumpyArray Parse(ReadOnlySpan<byte> bytes)
    {
        int headerLength = bytes[6] == 1 ? BitConverter.ToUInt16(bytes[8..]) : BitConverter.ToInt32(bytes[8..]);
        int headerStart = bytes[6] == 1 ? 10 : 12;
        string header = Encoding.ASCII.GetString(bytes.Slice(headerStart, headerLength));
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal)) throw new NotSupportedException("Fortran order");
        int[] shape = [.. Regex.Match(header, @"'shape': \(([^)]*)\)").Groups[1].Value
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
        string type = Regex.Match(header, "'descr': '([^']*)'").Groups[1].Value;
        return new(shape, ToFloats(type, bytes[(headerStart + headerLength)..]));
    }

    private static float[] ToFloats(string type, ReadOnlySpan<byte> data) => type switch
    {
        "<f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
        "<f8" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(data).ToArray(), value => (float)value),
        "<i4" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(data).ToArray(), value => (float)value),
        "<i8" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(data).ToArray(), value => (float)value),
        "|u1" or "|b1" => Array.ConvertAll(data.ToArray(), value => (float)value),
        _ => throw new NotSupportedException($"NumPy type {type}"),
    };
}
