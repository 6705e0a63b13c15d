using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Reference;

/// <summary>The intensities of a volume as a function of space: trilinear between voxel centres, constant beyond the outermost ones. What is no number counts as 0.</summary>
internal sealed class IntensityField
{
    private readonly float[] _intensities;

    public IntensityField(Volume volume)
    {
        Geometry = volume.Geometry;
        _intensities = volume.Accept(new ToIntensities());
    }

    public VolumeGeometry Geometry { get; }

    /// <summary>Whether a place lies inside some voxel of the grid.</summary>
    public static bool IsInside(VolumeGeometry geometry, ContinuousIndex p) =>
        p.I >= -0.5 && p.J >= -0.5 && p.K >= -0.5 && p.I < geometry.SizeI - 0.5 && p.J < geometry.SizeJ - 0.5 && p.K < geometry.SizeK - 0.5;

    public double SampleNearest(ContinuousIndex p) => At((int)Math.Floor(p.I + 0.5), (int)Math.Floor(p.J + 0.5), (int)Math.Floor(p.K + 0.5));

    public double SampleLinear(ContinuousIndex p)
    {
        int i = (int)Math.Floor(p.I), j = (int)Math.Floor(p.J), k = (int)Math.Floor(p.K);
        double u = p.I - i, v = p.J - j, w = p.K - k;
        double front = Mix(Mix(At(i, j, k), At(i + 1, j, k), u), Mix(At(i, j + 1, k), At(i + 1, j + 1, k), u), v);
        double back = Mix(Mix(At(i, j, k + 1), At(i + 1, j, k + 1), u), Mix(At(i, j + 1, k + 1), At(i + 1, j + 1, k + 1), u), v);
        return Mix(front, back, w);
    }

    /// <summary>The direction in which intensity grows, in patient space and per millimetre, by central differences over two voxels.</summary>
    public RasVector Gradient(ContinuousIndex p)
    {
        double i = (SampleLinear(p with { I = p.I + 1 }) - SampleLinear(p with { I = p.I - 1 })) / 2;
        double j = (SampleLinear(p with { J = p.J + 1 }) - SampleLinear(p with { J = p.J - 1 })) / 2;
        double k = (SampleLinear(p with { K = p.K + 1 }) - SampleLinear(p with { K = p.K - 1 })) / 2;
        return GradientToRas(Geometry.IndexToRas, i, j, k);
    }

    /// <summary>A gradient per voxel step as one per millimetre: the transposed inverse of the grid's steps.</summary>
    public static RasVector GradientToRas(Affine affine, double i, double j, double k)
    {
        double determinant = affine.Determinant;
        RasVector rowI = affine.StepJ.Cross(affine.StepK), rowJ = affine.StepK.Cross(affine.StepI), rowK = affine.StepI.Cross(affine.StepJ);
        return (rowI * i + rowJ * j + rowK * k) * (1 / determinant);
    }

    /// <summary>What a step along each axis of the grid adds to the gradient, as <see cref="GradientToRas"/> finds it.</summary>
    public static (Vector3 PerI, Vector3 PerJ, Vector3 PerK) GradientColumns(Affine affine)
    {
        return (Column(1, 0, 0), Column(0, 1, 0), Column(0, 0, 1));

        Vector3 Column(double i, double j, double k)
        {
            RasVector v = GradientToRas(affine, i, j, k);
            return new((float)v.R, (float)v.A, (float)v.S);
        }
    }

    private float At(int i, int j, int k)
    {
        i = Math.Clamp(i, 0, Geometry.SizeI - 1);
        j = Math.Clamp(j, 0, Geometry.SizeJ - 1);
        k = Math.Clamp(k, 0, Geometry.SizeK - 1);
        return _intensities[Geometry.OffsetOf(new(i, j, k))];
    }

    private static double Mix(double a, double b, double t) => a + (b - a) * t;

    private sealed class ToIntensities : IVolumeVisitor<float[]>
    {
        public float[] Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            float[] intensities = new float[volume.Voxels.Length];
            for (int n = 0; n < intensities.Length; n++)
            {
                float intensity = (float)volume.Scale.ToIntensity(double.CreateTruncating(volume.Voxels[n]));
                intensities[n] = float.IsFinite(intensity) ? intensity : 0;
            }
            return intensities;
        }
    }
}
