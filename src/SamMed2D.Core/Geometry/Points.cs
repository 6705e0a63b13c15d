namespace SamMed2D.Core.Geometry;

/// <summary>A point in patient space: right, anterior, superior, in millimetres (the axes of NIfTI and 3D Slicer).</summary>
/// <param name="R">Millimetres towards the patient's right.</param>
/// <param name="A">Millimetres towards the patient's front.</param>
/// <param name="S">Millimetres towards the patient's head.</param>
public readonly record struct RasPoint(double R, double A, double S)
{
    /// <summary>The same point on DICOM's and ITK's axes.</summary>
    public LpsPoint ToLps() => new(-R, -A, S);

    /// <summary>Euclidean distance to another point, in millimetres.</summary>
    public double DistanceMm(RasPoint other) =>
        Math.Sqrt((R - other.R) * (R - other.R) + (A - other.A) * (A - other.A) + (S - other.S) * (S - other.S));

    /// <summary>The place that a displacement leads to.</summary>
    public RasPoint Plus(RasVector move) => new(R + move.R, A + move.A, S + move.S);

    /// <summary>The displacement that leads here from another place.</summary>
    public RasVector Minus(RasPoint from) => new(R - from.R, A - from.A, S - from.S);
}

/// <summary>A point in patient space: left, posterior, superior, in millimetres (the axes of DICOM and ITK).</summary>
/// <param name="L">Millimetres towards the patient's left.</param>
/// <param name="P">Millimetres towards the patient's back.</param>
/// <param name="S">Millimetres towards the patient's head.</param>
public readonly record struct LpsPoint(double L, double P, double S)
{
    /// <summary>The same point on NIfTI's and 3D Slicer's axes.</summary>
    public RasPoint ToRas() => new(-L, -P, S);
}

/// <summary>A direction or displacement in patient space, on the axes of <see cref="RasPoint"/>.</summary>
/// <param name="R">Component towards the patient's right.</param>
/// <param name="A">Component towards the patient's front.</param>
/// <param name="S">Component towards the patient's head.</param>
public readonly record struct RasVector(double R, double A, double S)
{
    /// <summary>Euclidean length.</summary>
    public double Length => Math.Sqrt(R * R + A * A + S * S);

    /// <summary>The vector scaled to length one.</summary>
    /// <exception cref="InvalidOperationException">The vector is zero or not finite.</exception>
    public RasVector ToUnit()
    {
        double length = Length;
        if (!double.IsFinite(length) || length <= 0) throw new InvalidOperationException($"A vector of length {length} has no direction.");
        return new(R / length, A / length, S / length);
    }

    /// <summary>Scalar product.</summary>
    public double Dot(RasVector other) => R * other.R + A * other.A + S * other.S;

    /// <summary>Vector product (right-handed).</summary>
    public RasVector Cross(RasVector other) =>
        new(A * other.S - S * other.A, S * other.R - R * other.S, R * other.A - A * other.R);

    /// <summary>Sum of two vectors.</summary>
    public static RasVector operator +(RasVector a, RasVector b) => new(a.R + b.R, a.A + b.A, a.S + b.S);

    /// <summary>Difference of two vectors.</summary>
    public static RasVector operator -(RasVector a, RasVector b) => new(a.R - b.R, a.A - b.A, a.S - b.S);

    /// <summary>The vector times a number.</summary>
    public static RasVector operator *(RasVector a, double factor) => new(a.R * factor, a.A * factor, a.S * factor);
}

/// <summary>The integer index of a voxel; <paramref name="I"/> runs fastest in memory. It addresses the voxel's centre.</summary>
/// <param name="I">Index along the first axis.</param>
/// <param name="J">Index along the second axis.</param>
/// <param name="K">Index along the third axis.</param>
public readonly record struct VoxelIndex(int I, int J, int K)
{
    /// <summary>The component along one axis.</summary>
    public int this[SliceAxis axis] => axis switch { SliceAxis.I => I, SliceAxis.J => J, _ => K };

    /// <summary>The same position as a continuous index.</summary>
    public ContinuousIndex ToContinuous() => new(I, J, K);
}

/// <summary>A position on the voxel grid between voxel centres; whole numbers are voxel centres.</summary>
/// <param name="I">Position along the first axis.</param>
/// <param name="J">Position along the second axis.</param>
/// <param name="K">Position along the third axis.</param>
public readonly record struct ContinuousIndex(double I, double J, double K)
{
    /// <summary>The component along one axis.</summary>
    public double this[SliceAxis axis] => axis switch { SliceAxis.I => I, SliceAxis.J => J, _ => K };

    /// <summary>The voxel whose centre is nearest; halves round up.</summary>
    public VoxelIndex ToNearest() => new((int)Math.Floor(I + 0.5), (int)Math.Floor(J + 0.5), (int)Math.Floor(K + 0.5));
}

/// <summary>The axis of the voxel grid along which slices are stacked.</summary>
public enum SliceAxis
{
    /// <summary>The first index, fastest in memory.</summary>
    I,

    /// <summary>The second index.</summary>
    J,

    /// <summary>The third index, slowest in memory.</summary>
    K,
}
