using System.IO.Compression;
using System.Runtime.InteropServices;

namespace SamMed2D.Testing.Checkpoints;

/// <summary>Fills a stretch of a tensor; called with consecutive stretches.</summary>
public delegate void FillValues(Span<float> values);

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name in the state dict.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Fill">Gives its values.</param>
public sealed record TensorToWrite(string Name, long[] Shape, FillValues Fill)
{
    public TensorToWrite(string name, long[] shape, float[] values) : this(name, shape, FromArray(values))
    {
    }

    public long ElementCount => Shape.Aggregate(1L, (product, size) => product * size);

    private static FillValues FromArray(float[] values)
    {
        int done = 0;
        return part =>
        {
            values.AsSpan(done, part.Length).CopyTo(part);
            done += part.Length;
        };
    }
}

/// <summary>Writes checkpoints in PyTorch's zip format, a chunk at a time, so that large ones can be made too.</summary>
public static class CheckpointWriter
{
    /// <summary>Writes float32 tensors, or float16 ones where <paramref name="isHalf"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">What to write.</param>
    /// <param name="key">The key of the state dict in the outer dict; null for a bare state dict.</param>
    /// <param name="isHalf">Store float16.</param>
    public static void Write(string path, IReadOnlyList<TensorToWrite> tensors, string? key = "model", bool isHalf = false)
    {
        using FileStream file = File.Create(path);
        using ZipArchive archive = new(file, ZipArchiveMode.Create);
        WritePart(archive, "archive/data.pkl", ToPickle(tensors, key, isHalf));
        for (int n = 0; n < tensors.Count; n++) WriteStorage(archive, n, tensors[n], isHalf);
        WritePart(archive, "archive/version", "3\n"u8);
    }

    /// <summary>Writes an archive with a given pickle and given storages.</summary>
    public static byte[] ToBytes(byte[] pickle, params byte[][] storages)
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create))
        {
            WritePart(archive, "archive/data.pkl", pickle);
            for (int n = 0; n < storages.Length; n++) WritePart(archive, $"archive/data/{n}", storages[n]);
        }
        return bytes.ToArray();
    }

    private static byte[] ToPickle(IReadOnlyList<TensorToWrite> tensors, string? key, bool isHalf)
    {
        PickleWriter pickle = new();
        if (key is not null) pickle.Op('}').Op('(').Text(key);
        pickle.Global("collections", "OrderedDict").Op(')').Op('R').Op('(');
        for (int n = 0; n < tensors.Count; n++)
        {
            TensorToWrite tensor = tensors[n];
            pickle.Text(tensor.Name).Tensor(isHalf ? "HalfStorage" : "FloatStorage", $"{n}", tensor.ElementCount, 0, tensor.Shape, RowMajorStrides(tensor.Shape));
        }
        pickle.Op('u');
        if (key is not null) pickle.Op('u');
        return pickle.ToArray();
    }

    public static long[] RowMajorStrides(long[] shape)
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

    private static void WriteStorage(ZipArchive archive, int n, TensorToWrite tensor, bool isHalf)
    {
        using Stream part = archive.CreateEntry($"archive/data/{n}", CompressionLevel.NoCompression).Open();
        float[] chunk = new float[Math.Min(tensor.ElementCount, 1 << 18)];
        for (long done = 0; done < tensor.ElementCount;)
        {
            Span<float> values = chunk.AsSpan(0, (int)Math.Min(chunk.Length, tensor.ElementCount - done));
            tensor.Fill(values);
            part.Write(isHalf ? MemoryMarshal.AsBytes(Array.ConvertAll(values.ToArray(), value => (Half)value).AsSpan()) : MemoryMarshal.AsBytes(values));
            done += values.Length;
        }
    }

    private static void WritePart(ZipArchive archive, string name, ReadOnlySpan<byte> bytes)
    {
        using Stream part = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        part.Write(bytes);
    }
}
