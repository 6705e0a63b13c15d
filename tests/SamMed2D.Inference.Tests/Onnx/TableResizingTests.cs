using SamMed2D.Inference.Onnx;

namespace SamMed2D.Inference.Tests.Onnx;

public sealed class TableResizingTests
{
    [Fact]
    public void ResizeLinear_FourToTwo_AveragesPairs() =>
        // Centres of the new samples lie at 0.5 and 2.5.
        Assert.Equal([1.5f, 5f], TableResizing.ResizeLinear([1, 2, 4, 6], 1, 4, 1, 2));

    [Fact]
    public void ResizeLinear_TwoToFour_InterpolatesAndRepeatsEdges() =>
        // Centres at -0.25 (held at 0), 0.25, 0.75 and 1.25 (beyond the last).
        Assert.Equal([0f, 1f, 3f, 4f], TableResizing.ResizeLinear([0, 4], 1, 2, 1, 4));

    [Fact]
    public void ResizeBilinear_Plane_StaysAPlaneInside()
    {
        const int size = 16, half = 8;
        float[] plane = [.. from y in Enumerable.Range(0, size) from x in Enumerable.Range(0, size) select 3f * x - 2 * y + 5];
        float[] resized = TableResizing.ResizeBilinear(plane, size, size, half, half);
        for (int y = 0; y < half; y++)
            for (int x = 0; x < half; x++) Assert.Equal(3 * (2 * x + 0.5f) - 2 * (2 * y + 0.5f) + 5, resized[y * half + x], 1e-4f);
    }
}
