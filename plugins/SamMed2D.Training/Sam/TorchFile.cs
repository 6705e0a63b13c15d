using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Sam;

/// <summary>
/// Writes a state dict of float32 tensors as PyTorch's <c>torch.save({"model": …})</c> does, so that <c>torch.load</c> and <c>sammed2d model import</c>
/// take it: a zip archive with a pickle (protocol 2) and one plain part for each tensor. Tensors are asked for one at a time.
/// </summary>
internal static class TorchFile
{
    private const string Root = "archive";

    /// <summary>Writes the file in one step.</summary>
    /// <exception cref="OutputException">The place cannot be written, or the disk is full; a file already there is unchanged.</exception>
    public static void Write(string path, IReadOnlyList<NamedValues> tensors) => AtomicFile.Write(path, stream =>
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        WritePart(archive, "data.pkl", ToPickle(tensors));
        WritePart(archive, "byteorder", "little"u8);
        for (int n = 0; n < tensors.Count; n++) WritePart(archive, $"data/{n}", MemoryMarshal.AsBytes<float>(tensors[n].Read()));
        WritePart(archive, "version", "3\n"u8);
    });

    private static void WritePart(ZipArchive archive, string name, ReadOnlySpan<byte> bytes)
    {
        ZipArchiveEntry entry = archive.CreateEntry($"{Root}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // equal weights make equal files
        using Stream part = entry.Open();
        part.Write(bytes);
    }

    // The op codes are those of Python's pickletools.
    private static byte[] ToPickle(IReadOnlyList<NamedValues> tensors)
    {
        using MemoryStream pickle = new();
        Put(pickle, [0x80, 2]); // PROTO
        Put(pickle, "}("u8); // EMPTY_DICT, MARK
        PutText(pickle, "model");
        PutEmptyOrderedDict(pickle);
        Put(pickle, "("u8);
        for (int n = 0; n < tensors.Count; n++)
        {
            PutText(pickle, tensors[n].Name);
            PutTensor(pickle, tensors[n], $"{n}");
        }
        Put(pickle, "uu."u8); // SETITEMS into the state dict, SETITEMS into the outer one, STOP
        return pickle.ToArray();
    }

    // torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)
    private static void PutTensor(MemoryStream pickle, NamedValues tensor, string key)
    {
        PutGlobal(pickle, "torch._utils", "_rebuild_tensor_v2");
        Put(pickle, "(("u8);
        PutText(pickle, "storage");
        PutGlobal(pickle, "torch", "FloatStorage");
        PutText(pickle, key);
        PutText(pickle, "cpu");
        PutNumber(pickle, tensor.Count);
        Put(pickle, "tQ"u8); // TUPLE, BINPERSID
        PutNumber(pickle, 0);
        PutNumbers(pickle, tensor.Shape);
        PutNumbers(pickle, RowMajorStrides(tensor.Shape));
        Put(pickle, [0x89]); // NEWFALSE
        PutEmptyOrderedDict(pickle);
        Put(pickle, "tR"u8); // TUPLE, REDUCE
    }

    private static void PutEmptyOrderedDict(MemoryStream pickle)
    {
        PutGlobal(pickle, "collections", "OrderedDict");
        Put(pickle, ")R"u8); // EMPTY_TUPLE, REDUCE
    }

    private static void PutGlobal(MemoryStream pickle, string module, string name) => Put(pickle, Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private static void PutText(MemoryStream pickle, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        Put(pickle, "X"u8);
        Put(pickle, length);
        Put(pickle, utf8);
    }

    private static void PutNumber(MemoryStream pickle, long number)
    {
        Span<byte> digits = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(digits, number);
        Put(pickle, [0x8a, 8]); // LONG1
        Put(pickle, digits);
    }

    private static void PutNumbers(MemoryStream pickle, ReadOnlySpan<long> numbers)
    {
        Put(pickle, "("u8);
        foreach (long number in numbers) PutNumber(pickle, number);
        Put(pickle, "t"u8);
    }

    private static long[] RowMajorStrides(long[] shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    private static void Put(MemoryStream pickle, ReadOnlySpan<byte> bytes) => pickle.Write(bytes);
}
