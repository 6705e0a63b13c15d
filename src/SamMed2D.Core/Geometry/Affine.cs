namespace SamMed2D.Core.Geometry;

/// <summary>
/// A 3×4 affine map from voxel indices to RAS millimetres, row by row as NIfTI's sform stores it:
/// <c>R = Xi·i + Xj·j + Xk·k + Xo</c>, and so on for A (row Y) and S (row Z).
/// </summary>
public readonly record struct Affine(
    double Xi, double Xj, double Xk, double Xo,
    double Yi, double Yj, double Yk, double Yo,
    double Zi, double Zj, double Zk, double Zo)
{
    /// <summary>Unit voxels along the RAS axes, the first voxel at the origin.</summary>
    public static Affine Identity { get; } = new(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

    /// <summary>Builds the map from the three index steps and the position of the voxel (0,0,0), all in RAS millimetres.</summary>
    public static Affine FromColumns(RasVector stepI, RasVector stepJ, RasVector stepK, RasPoint origin) => new(
        stepI.R, stepJ.R, stepK.R, origin.R,
        stepI.A, stepJ.A, stepK.A, origin.A,
        stepI.S, stepJ.S, stepK.S, origin.S);

    /// <summary>The displacement of one voxel along the first axis, in RAS millimetres.</summary>
    public RasVector StepI => new(Xi, Yi, Zi);

    /// <summary>The displacement of one voxel along the second axis, in RAS millimetres.</summary>
    public RasVector StepJ => new(Xj, Yj, Zj);

    /// <summary>The displacement of one voxel along the third axis, in RAS millimetres.</summary>
    public RasVector StepK => new(Xk, Yk, Zk);

    /// <summary>The displacement of one voxel along an axis, in RAS millimetres.</summary>
    public RasVector Step(SliceAxis axis) => axis switch { SliceAxis.I => StepI, SliceAxis.J => StepJ, _ => StepK };

    /// <summary>The centre of the voxel (0,0,0).</summary>
    public RasPoint Origin => new(Xo, Yo, Zo);

    /// <summary>The determinant of the 3×3 part: the signed volume of a voxel in mm³; negative for a left-handed grid.</summary>
    public double Determinant =>
        Xi * (Yj * Zk - Yk * Zj) - Xj * (Yi * Zk - Yk * Zi) + Xk * (Yi * Zj - Yj * Zi);

    /// <summary>True when all entries are finite and the voxel volume is neither zero nor absurdly thin.</summary>
    public bool IsInvertible
    {
        get
        {
            double determinant = Determinant;
            double scale = StepI.Length * StepJ.Length * StepK.Length;
            return double.IsFinite(determinant) && double.IsFinite(Xo) && double.IsFinite(Yo) && double.IsFinite(Zo)
                && scale > 0 && Math.Abs(determinant) > 1e-6 * scale;
        }
    }

    /// <summary>Maps a grid position to patient space.</summary>
    public RasPoint IndexToRas(ContinuousIndex index) => new(
        Xi * index.I + Xj * index.J + Xk * index.K + Xo,
        Yi * index.I + Yj * index.J + Yk * index.K + Yo,
        Zi * index.I + Zj * index.J + Zk * index.K + Zo);

    /// <summary>Maps a point in patient space to the grid.</summary>
    /// <exception cref="InvalidOperationException">The map is not invertible.</exception>
    public ContinuousIndex RasToIndex(RasPoint point)
    {
        if (!IsInvertible) throw new InvalidOperationException($"The affine {this} cannot be inverted.");
        double determinant = Determinant;
        double r = point.R - Xo, a = point.A - Yo, s = point.S - Zo;
        return new(
            ((Yj * Zk - Yk * Zj) * r + (Xk * Zj - Xj * Zk) * a + (Xj * Yk - Xk * Yj) * s) / determinant,
            ((Yk * Zi - Yi * Zk) * r + (Xi * Zk - Xk * Zi) * a + (Xk * Yi - Xi * Yk) * s) / determinant,
            ((Yi * Zj - Yj * Zi) * r + (Xj * Zi - Xi * Zj) * a + (Xi * Yj - Xj * Yi) * s) / determinant);
    }

    /// <summary>The three rows: <c>[Xi Xj Xk Xo; Yi Yj Yk Yo; Zi Zj Zk Zo]</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"[{Xi:G6} {Xj:G6} {Xk:G6} {Xo:G6}; {Yi:G6} {Yj:G6} {Yk:G6} {Yo:G6}; {Zi:G6} {Zj:G6} {Zk:G6} {Zo:G6}]");
}
