using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Answers that need no picture: a box filled, and the ellipse that touches all four of its sides.</summary>
internal static class BoxFloors
{
    /// <summary>The pixels of a box.</summary>
    /// <param name="box">The box.</param>
    /// <param name="width">Pixels in a row of the slice.</param>
    /// <param name="height">Rows of the slice.</param>
    public static MaskPlane Filled(PromptBox box, int width, int height) =>
        Fill(width, height, (x, y) => x >= box.X0 && x < box.X1 && y >= box.Y0 && y < box.Y1);

    /// <summary>The pixels whose centres lie in the inscribed ellipse.</summary>
    /// <param name="box">The box.</param>
    /// <param name="width">Pixels in a row of the slice.</param>
    /// <param name="height">Rows of the slice.</param>
    public static MaskPlane Ellipse(PromptBox box, int width, int height)
    {
        double centreX = (box.X0 + box.X1 - 1) / 2, centreY = (box.Y0 + box.Y1 - 1) / 2, radiusX = (box.X1 - box.X0) / 2, radiusY = (box.Y1 - box.Y0) / 2;
        return Fill(width, height, (x, y) =>
        {
            double dx = (x - centreX) / radiusX, dy = (y - centreY) / radiusY;
            return dx * dx + dy * dy <= 1;
        });
    }

    // A delegate for each pixel: floors are drawn a few times a structure, where models run for much longer.
    private static MaskPlane Fill(int width, int height, Func<int, int, bool> isInside)
    {
        MaskPlane plane = new(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if (isInside(x, y)) plane.Pixels[y * width + x] = 1;
        return plane;
    }
}
