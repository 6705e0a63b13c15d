using System.Numerics;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Reference;

/// <summary>Colours on their way to a picture.</summary>
internal static class Pixels
{
    public static Vector3 ToVector(RgbColor color) => new Vector3(color.R, color.G, color.B) / 255;

    /// <summary>Computes a picture pixel by pixel, on all cores.</summary>
    public static SliceImage Compute(ImageSize size, Func<int, int, Vector3> colorAt, CancellationToken cancellation)
    {
        byte[] pixels = new byte[checked(size.PixelCount * 3)];
        Parallel.For(0, size.Height, new ParallelOptions { CancellationToken = cancellation }, y =>
        {
            for (int x = 0; x < size.Width; x++)
            {
                Vector3 color = Vector3.Clamp(colorAt(x, y), Vector3.Zero, Vector3.One) * 255;
                int n = (y * size.Width + x) * 3;
                (pixels[n], pixels[n + 1], pixels[n + 2]) = ((byte)(color.X + 0.5f), (byte)(color.Y + 0.5f), (byte)(color.Z + 0.5f));
            }
        });
        return new(size.Width, size.Height, 3, pixels);
    }
}
