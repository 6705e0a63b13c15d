namespace SamMed2D.Core.Geometry;

/// <summary>
/// The grid of a volume: how many voxels along each axis and where they lie in patient space.
/// Immutable. The voxel (i,j,k) is stored at element <c>i + SizeI·(j + SizeJ·k)</c>.
/// </summary>
public sealed record VolumeGeometry
{
    /// <summary>Creates a grid.</summary>
    /// <param name="sizeI">Voxels along the first axis, at least 1.</param>
    /// <param name="sizeJ">Voxels along the second axis, at least 1.</param>
    /// <param name="sizeK">Voxels along the third axis, at least 1.</param>
    /// <param name="indexToRas">Voxel indices to RAS millimetres; must be invertible.</param>
    /// <exception cref="ArgumentException">A size is under 1, the product overflows, or the affine cannot be inverted.</exception>
    public VolumeGeometry(int sizeI, int sizeJ, int sizeK, Affine indexToRas)
    {
        if (sizeI < 1 || sizeJ < 1 || sizeK < 1) throw new ArgumentException($"A volume of {sizeI}×{sizeJ}×{sizeK} voxels is empty.");
        if (!indexToRas.IsInvertible) throw new ArgumentException($"The affine {indexToRas} is singular or not finite.");
        VoxelCount = checked((long)sizeI * sizeJ * sizeK);
        (SizeI, SizeJ, SizeK, IndexToRas) = (sizeI, sizeJ, sizeK, indexToRas);
    }

    /// <summary>Voxels along the first axis.</summary>
    public int SizeI { get; }

    /// <summary>Voxels along the second axis.</summary>
    public int SizeJ { get; }

    /// <summary>Voxels along the third axis.</summary>
    public int SizeK { get; }

    /// <summary>Voxel indices to RAS millimetres.</summary>
    public Affine IndexToRas { get; }

    /// <summary>The number of voxels.</summary>
    public long VoxelCount { get; }

    /// <summary>Voxels along one axis.</summary>
    public int Size(SliceAxis axis) => axis switch { SliceAxis.I => SizeI, SliceAxis.J => SizeJ, _ => SizeK };

    /// <summary>The distance between neighbouring voxel centres along one axis, in millimetres.</summary>
    public double SpacingMm(SliceAxis axis) => IndexToRas.Step(axis).Length;

    /// <summary>The volume of one voxel in mm³ (also right for sheared grids).</summary>
    public double VoxelVolumeMm3 => Math.Abs(IndexToRas.Determinant);

    /// <summary>The position of a voxel in the voxel array.</summary>
    public long OffsetOf(VoxelIndex index) => index.I + (long)SizeI * (index.J + (long)SizeJ * index.K);

    /// <summary>True when the index lies inside the grid.</summary>
    public bool Contains(VoxelIndex index) =>
        (uint)index.I < (uint)SizeI && (uint)index.J < (uint)SizeJ && (uint)index.K < (uint)SizeK;

    /// <summary>
    /// The axis along which slices naturally run: the one with the largest spacing; ties (within 1 %) go to k, then j.
    /// </summary>
    public SliceAxis NaturalSliceAxis
    {
        get
        {
            SliceAxis best = SliceAxis.K;
            foreach (SliceAxis axis in (ReadOnlySpan<SliceAxis>)[SliceAxis.J, SliceAxis.I])
                if (SpacingMm(axis) > 1.01 * SpacingMm(best)) best = axis;
            return best;
        }
    }

    /// <summary>True when the axes of the grid are not at right angles (gantry tilt, say), beyond 0.06 degrees.</summary>
    public bool IsSheared
    {
        get
        {
            RasVector i = IndexToRas.StepI.ToUnit(), j = IndexToRas.StepJ.ToUnit(), k = IndexToRas.StepK.ToUnit();
            const double limit = 1e-3;
            return Math.Abs(i.Dot(j)) > limit || Math.Abs(i.Dot(k)) > limit || Math.Abs(j.Dot(k)) > limit;
        }
    }

    /// <summary>
    /// The anatomical direction in which each index grows, as three letters such as <c>RAS</c> or <c>LPS</c>
    /// (nibabel's axis codes): the assignment of grid axes to patient axes with the largest total alignment.
    /// </summary>
    public string OrientationCode
    {
        get
        {
            AnatomicalAxis[] axes = AnatomicalAxes();
            Span<char> code = stackalloc char[3];
            for (int axis = 0; axis < 3; axis++)
                code[axis] = DirectionLetter(axes[axis], IndexToRas.Step((SliceAxis)axis));
            return new string(code);
        }
    }

    /// <summary>
    /// Which patient axis each grid axis is closest to, each used once: element 0 for i, 1 for j, 2 for k.
    /// </summary>
    public AnatomicalAxis[] AnatomicalAxes()
    {
        Span<RasVector> units = [IndexToRas.StepI.ToUnit(), IndexToRas.StepJ.ToUnit(), IndexToRas.StepK.ToUnit()];
        ReadOnlySpan<(int, int, int)> permutations = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)];
        (int, int, int) best = permutations[0];
        double bestAlignment = -1;
        foreach ((int i, int j, int k) in permutations)
        {
            double alignment = Math.Abs(Component(units[0], i)) + Math.Abs(Component(units[1], j)) + Math.Abs(Component(units[2], k));
            if (alignment > bestAlignment + 1e-9) (best, bestAlignment) = ((i, j, k), alignment);
        }
        return [(AnatomicalAxis)best.Item1, (AnatomicalAxis)best.Item2, (AnatomicalAxis)best.Item3];
    }

    /// <summary>
    /// True when the other grid has the same sizes and no voxel centre lies further from its counterpart than the tolerance.
    /// </summary>
    /// <param name="other">The grid to compare with.</param>
    /// <param name="toleranceMm">Largest distance allowed, in millimetres.</param>
    public bool IsSameGrid(VolumeGeometry other, double toleranceMm = 0.01)
    {
        if (SizeI != other.SizeI || SizeJ != other.SizeJ || SizeK != other.SizeK) return false;
        // An affine difference is largest at a corner, so the eight corners decide.
        foreach (int i in (ReadOnlySpan<int>)[0, SizeI - 1])
            foreach (int j in (ReadOnlySpan<int>)[0, SizeJ - 1])
                foreach (int k in (ReadOnlySpan<int>)[0, SizeK - 1])
                {
                    ContinuousIndex corner = new(i, j, k);
                    if (IndexToRas.IndexToRas(corner).DistanceMm(other.IndexToRas.IndexToRas(corner)) > toleranceMm) return false;
                }
        return true;
    }

    /// <summary>Sizes and spacing in one line, for messages: <c>512×512×40 voxels of 0.70×0.70×5.00 mm</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{SizeI}×{SizeJ}×{SizeK} voxels of {SpacingMm(SliceAxis.I):0.###}×{SpacingMm(SliceAxis.J):0.###}×{SpacingMm(SliceAxis.K):0.###} mm");

    internal static double Component(RasVector vector, int axis) => axis switch { 0 => vector.R, 1 => vector.A, _ => vector.S };

    private static char DirectionLetter(AnatomicalAxis axis, RasVector step) => axis switch
    {
        AnatomicalAxis.RightLeft => step.R >= 0 ? 'R' : 'L',
        AnatomicalAxis.AnteriorPosterior => step.A >= 0 ? 'A' : 'P',
        _ => step.S >= 0 ? 'S' : 'I',
    };
}

/// <summary>One of the patient's three axes, in the order of RAS coordinates.</summary>
public enum AnatomicalAxis
{
    /// <summary>Left to right; slices along it are sagittal.</summary>
    RightLeft,

    /// <summary>Back to front; slices along it are coronal.</summary>
    AnteriorPosterior,

    /// <summary>Feet to head; slices along it are axial.</summary>
    SuperiorInferior,
}
