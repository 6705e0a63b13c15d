using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using TorchSharp;

namespace SamMed2D.Training.Runs;

/// <summary>
/// Named float32 tensors and a few texts in one file: the safetensors format (eight bytes of header length, a JSON header, the data).
/// Holds training states and trained weights; PyTorch checkpoints are read by the inference room.
/// </summary>
internal sealed class SafetensorsFile
{
    private const int LongestHeader = 16 << 20;

    /// <summary>The tensors: name to shape and values, row by row.</summary>
    public Dictionary<string, (long[] Shape, float[] Values)> Tensors { get; } = [];

    /// <summary>The texts beside them.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Adds a copy of a tensor.</summary>
    public void Add(string name, torch.Tensor tensor)
    {
        using torch.Tensor plain = tensor.detach().cpu().to_type(torch.ScalarType.Float32).contiguous();
        Tensors[name] = (plain.shape, plain.data<float>().ToArray());
    }

    /// <summary>Copies a stored tensor into one of the same shape.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="name">The stored tensor's name.</param>
    /// <param name="target">Overwritten.</param>
    /// <exception cref="ModelException">It is missing or has another shape.</exception>
    public void CopyTo(string path, string name, torch.Tensor target)
    {
        if (!Tensors.TryGetValue(name, out (long[] Shape, float[] Values) stored))
            throw new ModelException(path, $"has no tensor {name}; it belongs to another architecture or version");
        if (!stored.Shape.AsSpan().SequenceEqual(target.shape))
            throw new ModelException(path, $"its {name} has the shape [{string.Join(',', stored.Shape)}], expected [{string.Join(',', target.shape)}]; it belongs to another architecture");
        using torch.Tensor source = torch.tensor(stored.Values, stored.Shape);
        using (torch.no_grad()) target.copy_(source);
    }

    /// <summary>Writes the file in one step.</summary>
    public void Write(string path) => Write(path, [.. Tensors.Select(tensor => new NamedValues(tensor.Key, tensor.Value.Shape, () => tensor.Value.Values))], Metadata);

    /// <summary>Writes a file in one step, a tensor at a time.</summary>
    public static void Write(string path, IReadOnlyList<NamedValues> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        JsonObject header = [];
        if (metadata.Count > 0) header["__metadata__"] = new JsonObject(metadata.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value)));
        long offset = 0;
        foreach (NamedValues tensor in tensors)
        {
            long end = offset + 4 * tensor.Count;
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padded = (json.Length + 7) / 8 * 8; // data starts on a multiple of eight
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, padded);
            stream.Write(length);
            stream.Write(json);
            for (int n = json.Length; n < padded; n++) stream.WriteByte((byte)' ');
            foreach (NamedValues tensor in tensors) stream.Write(MemoryMarshal.AsBytes<float>(tensor.Read()));
        });
    }

    /// <summary>Reads a file of float32 tensors.</summary>
    /// <exception cref="ModelException">It is missing or damaged, or holds another number type.</exception>
    public static SafetensorsFile Read(string path)
    {
        if (!File.Exists(path)) throw new ModelException(path, "does not exist; check the path");
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            Span<byte> start = stackalloc byte[8];
            stream.ReadExactly(start);
            long length = BinaryPrimitives.ReadInt64LittleEndian(start);
            if (length is < 2 or > LongestHeader || 8 + length > stream.Length) throw new JsonException("no header");
            byte[] json = new byte[length];
            stream.ReadExactly(json);
            using JsonDocument header = JsonDocument.Parse(json);
            SafetensorsFile file = new();
            foreach (JsonProperty entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                    foreach (JsonProperty text in entry.Value.EnumerateObject()) file.Metadata[text.Name] = text.Value.GetString() ?? "";
                else file.Tensors[entry.Name] = ReadTensor(path, entry, stream, 8 + length);
            }
            return file;
        }
        catch (Exception failure) when (failure is JsonException or EndOfStreamException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            throw new ModelException(path, "is not a whole safetensors file; copy or train it again", failure);
        }
    }

    private static (long[] Shape, float[] Values) ReadTensor(string path, JsonProperty entry, FileStream stream, long dataStart)
    {
        string type = entry.Value.GetProperty("dtype").GetString() ?? "";
        if (type != "F32") throw new ModelException(path, $"its {entry.Name} is stored as {type}, expected F32; convert it to float32");
        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] range = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        long count = 1;
        foreach (long size in shape) count = checked(count * size);
        if (range.Length != 2 || range[0] < 0 || count < 0 || range[1] - range[0] != checked(4 * count) || range[1] > stream.Length - dataStart) throw new FormatException(entry.Name);
        float[] values = new float[count];
        stream.Position = dataStart + range[0];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return (shape, values);
    }
}
