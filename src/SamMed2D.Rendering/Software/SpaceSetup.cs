using System.Numerics;
using SamMed2D.Core.Meshes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Software;

/// <summary>A surface of a scene, and what shading it needs.</summary>
/// <param name="Mesh">The triangles.</param>
/// <param name="Normals">One a vertex.</param>
/// <param name="Color">Each part 0 to 1.</param>
/// <param name="Opacity">Above 0, to 1.</param>
/// <param name="Silhouette">0 to 1.</param>
/// <param name="Material">How it answers the light.</param>
internal sealed record SoftwareSurface(SurfaceMesh Mesh, Vector3[] Normals, Vector3 Color, float Opacity, float Silhouette, Material Material)
{
    /// <summary>Whether something is seen through it.</summary>
    public bool IsTransparent => Opacity < 1;
}

/// <summary>Everything that is alike for all pixels of a 3D picture. Places are RAS millimetres.</summary>
internal sealed class SpaceSetup
{
    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows, the first on top.</summary>
    public required int Height { get; init; }

    /// <summary>RAS to clip space, for row vectors; y grows downwards.</summary>
    public required Matrix4x4 RasToClip { get; init; }

    /// <summary>The eye, for parallel lines of sight the middle of the plane they start on.</summary>
    public required Vector3 Eye { get; init; }

    /// <summary>The middle line of sight.</summary>
    public required Vector3 Forward { get; init; }

    /// <summary>From the middle of the view to its right edge, at the target.</summary>
    public required Vector3 HalfRight { get; init; }

    /// <summary>From the middle of the view to its lower edge, at the target.</summary>
    public required Vector3 HalfDown { get; init; }

    /// <summary>From the eye to the target.</summary>
    public required float TargetDistance { get; init; }

    public required bool IsParallel { get; init; }

    /// <summary>The distances along the middle line of sight that depths of 0 and 1 stand for.</summary>
    public required (float Near, float Far) DepthMm { get; init; }

    /// <summary>Cutting planes: kept where the scalar product with xyz plus w is not negative. At most eight.</summary>
    public required Vector4[] Clips { get; init; }

    public required IReadOnlyList<SoftwareSurface> Surfaces { get; init; }

    /// <summary>The volume, and what casts rays through it.</summary>
    public (SoftwareRayCaster Caster, CastSetup Setup)? Volume { get; init; }

    /// <summary>What else is opaque, one a pixel of the whole picture: colours, red in the lowest byte, and depths, 1 where there is nothing.</summary>
    public (uint[] Colors, float[] Depths)? Behind { get; init; }

    /// <summary>The distance along the middle line of sight that a depth stands for; infinite for 1 and above.</summary>
    public float ToDistance(float depth)
    {
        (float near, float far) = DepthMm;
        return depth >= 1 ? float.PositiveInfinity : IsParallel ? near + depth * (far - near) : 2 * near * far / (far + near - (depth * 2 - 1) * (far - near));
    }

    /// <summary>Where the line of sight of a pixel begins, and how it goes on with every millimetre along the middle one.</summary>
    public (Vector3 Origin, Vector3 PerMm) PixelRay(int x, int y)
    {
        Vector3 offset = HalfRight * ((x + 0.5f) / Width * 2 - 1) + HalfDown * ((y + 0.5f) / Height * 2 - 1);
        return IsParallel ? (Eye + offset, Forward) : (Eye, Forward + offset / TargetDistance);
    }

    /// <summary>Whether the place that a pixel shows at a depth is not cut away.</summary>
    public bool IsKept(int x, int y, float depth)
    {
        (Vector3 origin, Vector3 perMm) = PixelRay(x, y);
        Vector4 place = new(origin + perMm * ToDistance(depth), 1);
        foreach (Vector4 clip in Clips)
            if (Vector4.Dot(clip, place) < 0) return false;
        return true;
    }
}
