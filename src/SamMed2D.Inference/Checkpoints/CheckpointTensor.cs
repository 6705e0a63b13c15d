using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Checkpoints;

/// <summary>One tensor of a <see cref="CheckpointFile"/>; its values are read from the file when asked for.</summary>
public sealed class CheckpointTensor
{
    private const int ChunkElements = 1 << 16;

    private readonly CheckpointFile _owner;
    private readonly SafeFileHandle _file;
    private readonly StridedLayout _layout;
    private readonly long _storageOffset;

    internal CheckpointTensor(CheckpointFile owner, SafeFileHandle file, string name, CheckpointElementType elementType, StridedLayout layout, long storageOffset) =>
        (_owner, _file, Name, ElementType, _layout, _storageOffset) = (owner, file, name, elementType, layout, storageOffset);

    /// <summary>Its name in the state dict.</summary>
    public string Name { get; }

    /// <summary>The element type in the file; values are read as float32 whatever it is.</summary>
    public CheckpointElementType ElementType { get; }

    /// <summary>The sizes, slowest first; empty for a single number.</summary>
    public IReadOnlyList<long> Shape => _layout.Shape;

    /// <summary>The product of the sizes.</summary>
    public long ElementCount => _layout.ElementCount;

    /// <summary>Reads all values into a new array, row-major.</summary>
    /// <exception cref="ModelException">The file cannot be read, or the tensor has more elements than an array holds.</exception>
    public float[] ToArray()
    {
        if (ElementCount > Array.MaxLength) throw new ModelException(_owner.Path, $"the tensor {Name} has {ElementCount} elements, more than fit one array");
        float[] values = new float[ElementCount];
        ReadFloat32(values);
        return values;
    }

    /// <summary>Reads all values as float32, row-major, whatever the strides in the file are.</summary>
    /// <param name="destination">Exactly <see cref="ElementCount"/> numbers.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ModelException">The file cannot be read any more.</exception>
    public void ReadFloat32(Span<float> destination)
    {
        if (destination.Length != ElementCount) throw new ArgumentException($"The tensor has {ElementCount} elements and the destination {destination.Length}.", nameof(destination));
        if (_layout.IsContiguous)
        {
            ReadStorage(_layout.Offset, destination);
            return;
        }
        if (_layout.SpanLength > Array.MaxLength) throw new ModelException(_owner.Path, $"the tensor {Name} is spread over {_layout.SpanLength} elements, more than can be read at once; save it again after .contiguous()");
        float[] span = new float[_layout.SpanLength];
        ReadStorage(_layout.Offset, span);
        _layout.Gather(span, destination);
    }

    /// <summary>Writes all values to a stream as little-endian float32, row-major, a chunk at a time.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <exception cref="ModelException">The file cannot be read any more.</exception>
    public void WriteFloat32(Stream stream)
    {
        if (!_layout.IsContiguous)
        {
            stream.Write(MemoryMarshal.AsBytes(ToArray().AsSpan()));
            return;
        }
        float[] chunk = ArrayPool<float>.Shared.Rent(ChunkElements);
        try
        {
            for (long done = 0; done < ElementCount;)
            {
                Span<float> part = chunk.AsSpan(0, (int)Math.Min(ChunkElements, ElementCount - done));
                ReadStorage(_layout.Offset + done, part);
                stream.Write(MemoryMarshal.AsBytes(part));
                done += part.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(chunk);
        }
    }

    private void ReadStorage(long firstElement, Span<float> destination)
    {
        if (ElementType == CheckpointElementType.Float32)
        {
            ReadBytes(firstElement, MemoryMarshal.AsBytes(destination));
            return;
        }
        int elementBytes = ElementType.SizeBytes();
        byte[] bytes = ArrayPool<byte>.Shared.Rent(ChunkElements * elementBytes);
        try
        {
            while (destination.Length > 0)
            {
                Span<float> part = destination[..Math.Min(ChunkElements, destination.Length)];
                Span<byte> raw = bytes.AsSpan(0, part.Length * elementBytes);
                ReadBytes(firstElement, raw);
                Widen(raw, part);
                firstElement += part.Length;
                destination = destination[part.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Widen(ReadOnlySpan<byte> raw, Span<float> destination)
    {
        switch (ElementType)
        {
            case CheckpointElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(raw), destination);
                break;
            case CheckpointElementType.BFloat16:
                for (int n = 0; n < destination.Length; n++) destination[n] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * n)..]) << 16);
                break;
            default:
                for (int n = 0; n < destination.Length; n++) destination[n] = BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * n)..]);
                break;
        }
    }

    private void ReadBytes(long firstElement, Span<byte> destination)
    {
        bool isWhole;
        try
        {
            isWhole = _file.TryReadExactly(_storageOffset + firstElement * ElementType.SizeBytes(), destination);
        }
        catch (IOException failure)
        {
            throw new ModelException(_owner.Path, $"cannot be read ({failure.Message})", failure);
        }
        if (!isWhole) throw new ModelException(_owner.Path, $"ended while the tensor {Name} was read; was it changed meanwhile?");
    }
}
