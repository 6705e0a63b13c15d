using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>The answer that needs no picture: the ellipse that touches all four sides of a box.</summary>
internal static class InscribedEllipse
{
    /// <summary>The pixels whose centres lie inside.</summary>
    /// <param name="box">The box.</param>
    /// <param name="width">Pixels in a row of the slice.</param>
    /// <param name="height">Rows of the slice.</param>
    public static MaskPlane In(PixelRectangle box, int width, int height)
    {
        MaskPlane plane = new(width, height);
        double centreX = (box.X0 + box.X1 - 1) / 2.0, centreY = (box.Y0 + box.Y1 - 1) / 2.0;
        for (int y = box.Y0; y < box.Y1; y++)
            for (int x = box.X0; x < box.X1; x++)
            {
                double dx = (x - centreX) / (box.Width / 2.0), dy = (y - centreY) / (box.Height / 2.0);
                if (dx * dx + dy * dy <= 1) plane.Pixels[y * width + x] = 1;
            }
        return plane;
    }
}
