using System.Numerics;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Rendering.Scene;

/// <summary>A half-line in patient space.</summary>
/// <param name="Origin">Where it starts.</param>
/// <param name="Direction">Where it goes; a unit vector.</param>
public readonly record struct Ray(RasPoint Origin, RasVector Direction)
{
    /// <summary>The point at a distance.</summary>
    public RasPoint At(double distanceMm) =>
        new(Origin.R + Direction.R * distanceMm, Origin.A + Direction.A * distanceMm, Origin.S + Direction.S * distanceMm);
}

/// <summary>From where a 3D view looks at the patient.</summary>
public enum ViewDirection
{
    /// <summary>From the front; the patient's right is on the left.</summary>
    Anterior,

    /// <summary>From the back.</summary>
    Posterior,

    /// <summary>From the patient's left.</summary>
    Left,

    /// <summary>From the patient's right.</summary>
    Right,

    /// <summary>From above; the front is on top.</summary>
    Superior,

    /// <summary>From below; the front is on top.</summary>
    Inferior,
}

/// <summary>The eye of a 3D view. Pixels are as in <see cref="SliceView"/>: whole numbers are centres, x right, y down.</summary>
/// <param name="Position">Where the eye is.</param>
/// <param name="Target">What it looks at, and turns about.</param>
/// <param name="Up">The direction shown upwards; not along the line of sight, of any length.</param>
public sealed record Camera(RasPoint Position, RasPoint Target, RasVector Up)
{
    /// <summary>The angle that the height of the view spans, for a perspective camera.</summary>
    public double ViewAngleRadians { get; init; } = Math.PI / 6;

    /// <summary>Whether lines of sight are parallel.</summary>
    public bool IsParallel { get; init; }

    /// <summary>The distance to the target.</summary>
    public double DistanceMm => Position.DistanceMm(Target);

    /// <summary>The height of the plane through the target that fills the view, in millimetres: what a parallel camera shows.</summary>
    public double HeightAtTargetMm => 2 * DistanceMm * Math.Tan(ViewAngleRadians / 2);

    /// <summary>The line of sight; a unit vector.</summary>
    public RasVector Forward => new RasVector(Target.R - Position.R, Target.A - Position.A, Target.S - Position.S).ToUnit();

    /// <summary>The direction shown to the right; a unit vector.</summary>
    public RasVector RightVector => Forward.Cross(Up).ToUnit();

    /// <summary>The direction shown upwards; a unit vector at right angles to the line of sight.</summary>
    public RasVector UpVector => RightVector.Cross(Forward);

    /// <summary>The half-line seen at a pixel. It starts at the eye, or for a parallel camera on the plane through the eye.</summary>
    public Ray PixelRay(double x, double y, ImageSize size)
    {
        double halfHeight = HeightAtTargetMm / 2;
        double right = ((x + 0.5) / size.Width * 2 - 1) * halfHeight * size.AspectRatio;
        double up = (1 - (y + 0.5) / size.Height * 2) * halfHeight;
        RasVector offset = RightVector * right + UpVector * up;
        return IsParallel
            ? new(new(Position.R + offset.R, Position.A + offset.A, Position.S + offset.S), Forward)
            : new(Position, (Forward * DistanceMm + offset).ToUnit());
    }

    /// <summary>Turns about the target: to the patient's side (about the up vector), then over the top.</summary>
    /// <param name="azimuthRadians">Positive moves the eye to its own right.</param>
    /// <param name="elevationRadians">Positive moves the eye upwards. Stops short of the pole, where the up vector has no meaning.</param>
    public Camera Orbit(double azimuthRadians, double elevationRadians)
    {
        RasVector up = Up.ToUnit(), back = Forward * -1;
        const double pole = Math.PI / 2 - 0.01;
        double elevation = Math.Asin(Math.Clamp(back.Dot(up), -1, 1));
        double wanted = Math.Clamp(elevation + elevationRadians, Math.Min(-pole, elevation), Math.Max(pole, elevation));
        back = Rotation.About(RightVector * -1, wanted - elevation, back);
        back = Rotation.About(up, azimuthRadians, back).ToUnit() * DistanceMm;
        return this with { Position = new(Target.R + back.R, Target.A + back.A, Target.S + back.S) };
    }

    /// <summary>Moves towards the target (a factor above 1) or away from it; the view of a parallel camera grows and shrinks likewise.</summary>
    public Camera Zoom(double factor)
    {
        RasVector back = Forward * (-DistanceMm / factor);
        return this with { Position = new(Target.R + back.R, Target.A + back.A, Target.S + back.S) };
    }

    /// <summary>Moves eye and target together across the line of sight.</summary>
    public Camera Pan(double rightMm, double upMm)
    {
        RasVector move = RightVector * rightMm + UpVector * upMm;
        return this with
        {
            Position = new(Position.R + move.R, Position.A + move.A, Position.S + move.S),
            Target = new(Target.R + move.R, Target.A + move.A, Target.S + move.S),
        };
    }

    /// <summary>A camera that sees a whole grid from one of the patient's sides, whatever the view's shape.</summary>
    /// <param name="geometry">What to see.</param>
    /// <param name="direction">From where.</param>
    /// <param name="aspectRatio">Width over height of the view.</param>
    public static Camera Framing(VolumeGeometry geometry, ViewDirection direction, double aspectRatio = 1)
    {
        RasPoint center = geometry.IndexToRas.IndexToRas(new((geometry.SizeI - 1) / 2.0, (geometry.SizeJ - 1) / 2.0, (geometry.SizeK - 1) / 2.0));
        (RasVector from, RasVector up) = direction switch
        {
            ViewDirection.Anterior => (new RasVector(0, 1, 0), new RasVector(0, 0, 1)),
            ViewDirection.Posterior => (new(0, -1, 0), new(0, 0, 1)),
            ViewDirection.Left => (new(-1, 0, 0), new(0, 0, 1)),
            ViewDirection.Right => (new(1, 0, 0), new(0, 0, 1)),
            ViewDirection.Superior => (new(0, 0, 1), new(0, 1, 0)),
            _ => (new(0, 0, -1), new RasVector(0, 1, 0)),
        };
        const double viewAngle = Math.PI / 6, air = 1.03;
        double tangent = Math.Tan(viewAngle / 2), distance = 0;
        RasVector right = up.Cross(from);
        for (int n = 0; n < 8; n++)
        {
            RasPoint corner = geometry.IndexToRas.IndexToRas(new(
                (n & 1) == 0 ? -0.5 : geometry.SizeI - 0.5, (n & 2) == 0 ? -0.5 : geometry.SizeJ - 0.5, (n & 4) == 0 ? -0.5 : geometry.SizeK - 0.5));
            RasVector offset = new(corner.R - center.R, corner.A - center.A, corner.S - center.S);
            // How far away the eye must be for this corner to lie on the view's edge.
            double halfHeight = Math.Max(Math.Abs(offset.Dot(up)), Math.Abs(offset.Dot(right)) / aspectRatio);
            distance = Math.Max(distance, (offset.Dot(from) + halfHeight / tangent) * air);
        }
        return new Camera(new(center.R + from.R * distance, center.A + from.A * distance, center.S + from.S * distance), center, up)
        {
            ViewAngleRadians = viewAngle,
        };
    }

    /// <summary>RAS millimetres to the eye's axes (x right, y up, looking along −z), for row vectors as <see cref="Matrix4x4"/> has them.</summary>
    public Matrix4x4 ToViewMatrix() => Matrix4x4.CreateLookAt(ToVector(Position), ToVector(Target), new((float)Up.R, (float)Up.A, (float)Up.S));

    /// <summary>The eye's axes to OpenGL's clip space (depth −1 to 1).</summary>
    /// <param name="size">The view's size.</param>
    /// <param name="nearMm">Nearest distance drawn, above 0.</param>
    /// <param name="farMm">Furthest distance drawn.</param>
    public Matrix4x4 ToProjectionMatrix(ImageSize size, double nearMm, double farMm)
    {
        double near = nearMm, far = farMm;
        double halfHeight = HeightAtTargetMm / 2, halfWidth = halfHeight * size.AspectRatio;
        if (IsParallel)
        {
            return new(
                (float)(1 / halfWidth), 0, 0, 0,
                0, (float)(1 / halfHeight), 0, 0,
                0, 0, (float)(-2 / (far - near)), 0,
                0, 0, (float)(-(far + near) / (far - near)), 1);
        }
        return new(
            (float)(DistanceMm / halfWidth), 0, 0, 0,
            0, (float)(DistanceMm / halfHeight), 0, 0,
            0, 0, (float)(-(far + near) / (far - near)), -1,
            0, 0, (float)(-2 * far * near / (far - near)), 0);
    }

    private static Vector3 ToVector(RasPoint point) => new((float)point.R, (float)point.A, (float)point.S);
}
