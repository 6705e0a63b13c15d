using System.Diagnostics.CodeAnalysis;

namespace SamMed2D.Inference.Checkpoints;

/// <summary>Where the elements of a tensor lie in its storage; proven to be inside it.</summary>
internal sealed class StridedLayout
{
    private StridedLayout(long[] shape, long[] strides, long offset, long count, long span) =>
        (Shape, Strides, Offset, ElementCount, SpanLength, IsContiguous) = (shape, strides, offset, count, span, HasRowMajorStrides(shape, strides));

    /// <summary>The sizes, slowest first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Distance in elements between neighbours along each size.</summary>
    public IReadOnlyList<long> Strides { get; }

    /// <summary>Element of the storage that is the tensor's first.</summary>
    public long Offset { get; }

    /// <summary>Number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>Elements of the storage from the tensor's first to its last.</summary>
    public long SpanLength { get; }

    /// <summary>True where the elements lie one after another in row-major order.</summary>
    public bool IsContiguous { get; }

    /// <summary>Checks shape, strides and offset against the storage.</summary>
    public static bool TryCreate(long[] shape, long[] strides, long offset, long storageCount, [NotNullWhen(true)] out StridedLayout? layout)
    {
        layout = null;
        if (offset < 0 || offset > storageCount) return false;
        long count = 1, last = offset;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] < 0 || strides[axis] < 0) return false;
            if (shape[axis] == 0)
            {
                count = 0;
                continue;
            }
            if (Math.BigMul(count, shape[axis], out long newCount) != 0 || newCount < 0) return false;
            if (Math.BigMul(shape[axis] - 1, strides[axis], out long step) != 0 || step < 0 || step > storageCount - last) return false;
            (count, last) = (newCount, last + step);
        }
        // Repeated elements (stride 0) would let a small file claim a huge tensor; no state dict has them.
        if (count > storageCount || (count > 0 && last >= storageCount)) return false;
        layout = new(shape, strides, offset, count, count == 0 ? 0 : last - offset + 1);
        return true;
    }

    /// <summary>Copies a run of elements, in row-major order of the tensor, out of the stretch of storage that the tensor spans.</summary>
    /// <param name="span">The elements of the storage from the tensor's first to its last.</param>
    /// <param name="destination">Receives all elements.</param>
    public void Gather(ReadOnlySpan<float> span, Span<float> destination)
    {
        Span<long> index = stackalloc long[Shape.Count];
        index.Clear();
        long from = 0;
        for (int n = 0; n < destination.Length; n++)
        {
            destination[n] = span[(int)from];
            for (int axis = Shape.Count - 1; axis >= 0; axis--)
            {
                from += Strides[axis];
                if (++index[axis] < Shape[axis]) break;
                from -= Strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }
    }

    private static bool HasRowMajorStrides(long[] shape, long[] strides)
    {
        long expected = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected) return false;
            expected *= shape[axis];
        }
        return true;
    }
}
