using SamMed2D.Core.Geometry;

namespace SamMed2D.Rendering.Scene;

/// <summary>Turning vectors about an axis.</summary>
internal static class Rotation
{
    /// <summary>Rodrigues' formula; <paramref name="axis"/> is a unit vector, the angle follows the right-hand rule.</summary>
    public static RasVector About(RasVector axis, double angleRadians, RasVector vector)
    {
        double cosine = Math.Cos(angleRadians), sine = Math.Sin(angleRadians);
        return vector * cosine + axis.Cross(vector) * sine + axis * (axis.Dot(vector) * (1 - cosine));
    }
}
