namespace SamMed2D.Inference.Onnx;

/// <summary>Linear resizing of position tables, as PyTorch's <c>interpolate</c> does with <c>align_corners=False</c> and without antialiasing.</summary>
internal static class TableResizing
{
    /// <summary>Resizes a grid of rows of numbers along both of its sides.</summary>
    /// <param name="table">Height × width × channels numbers.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="newHeight">Wanted rows.</param>
    /// <param name="newWidth">Wanted columns.</param>
    /// <returns>New height × new width × channels numbers; the table itself where nothing changes.</returns>
    public static float[] ResizeBilinear(float[] table, int height, int width, int newHeight, int newWidth)
    {
        int channels = table.Length / (height * width);
        float[] rows = ResizeLinear(table, 1, height, width * channels, newHeight);
        return ResizeLinear(rows, newHeight, width, channels, newWidth);
    }

    /// <summary>Resizes the middle one of three axes.</summary>
    /// <param name="table">Outer × length × inner numbers.</param>
    /// <param name="outer">First size.</param>
    /// <param name="length">The size that changes.</param>
    /// <param name="inner">Last size.</param>
    /// <param name="newLength">The wanted size.</param>
    public static float[] ResizeLinear(float[] table, int outer, int length, int inner, int newLength)
    {
        if (length == newLength) return table;
        float[] result = new float[outer * newLength * inner];
        float scale = (float)length / newLength;
        for (int n = 0; n < outer * newLength; n++)
        {
            (int block, int at) = Math.DivRem(n, newLength);
            float position = Math.Max(0, scale * (at + 0.5f) - 0.5f);
            int lower = (int)position;
            float weight = position - lower;
            ReadOnlySpan<float> a = table.AsSpan((block * length + lower) * inner, inner);
            ReadOnlySpan<float> b = table.AsSpan((block * length + Math.Min(lower + 1, length - 1)) * inner, inner);
            Span<float> to = result.AsSpan(n * inner, inner);
            for (int i = 0; i < inner; i++) to[i] = (1 - weight) * a[i] + weight * b[i];
        }
        return result;
    }
}
