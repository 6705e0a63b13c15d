using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Imaging.Nifti;

/// <summary>
/// Where a NIfTI header puts its voxels. The choice and the repairs are nibabel's, so that both programs show a scan in the same place:
/// the sform if it has a code, else the qform if it has one, else voxel sizes alone, with x to the left and the grid's middle at the origin.
/// </summary>
/// <param name="IndexToRas">Voxel indices to RAS, in millimetres.</param>
/// <param name="Notes">What the user should know of the choice.</param>
internal sealed record NiftiAffine(Affine IndexToRas, IReadOnlyList<string> Notes)
{
    private const int LastKnownCode = 5;

    /// <summary>Chooses and computes the affine.</summary>
    /// <exception cref="InvalidFileException">The affine chosen is singular, not finite, or no rotation.</exception>
    public static NiftiAffine Select(string path, NiftiFields fields, ReadOnlySpan<long> sizes)
    {
        List<string> notes = [];
        string source;
        Affine affine;
        if (fields.SFormCode is > 0 and <= LastKnownCode) (affine, source) = (FromSForm(fields), "sform");
        else if (fields.QFormCode is > 0 and <= LastKnownCode)
            (affine, source) = (FromQForm(fields) ?? throw new InvalidFileException(path,
                $"the rotation of its qform is none (the quaternion {fields.QForm(0)}, {fields.QForm(1)}, {fields.QForm(2)} is longer than 1); repair the header or export the scan again"), "qform");
        else
        {
            (affine, source) = (FromVoxelSizes(fields, sizes), "voxel sizes");
            notes.Add("The header does not say where the scan lies (no sform, no qform): x is taken to run to the left, and the grid's middle as the origin.");
        }
        if (source == "sform" && VoxelsBetweenForms(fields, affine, sizes) is > 0.5 and double apart)
            notes.Add(FormattableString.Invariant($"The header places the scan twice, up to {apart:0.#} voxels apart (sform and qform); the sform is used, as most programs do."));
        affine = ToMillimetres(affine, fields.Units & 7, notes);
        if (!affine.IsInvertible)
            throw new InvalidFileException(path, $"the affine of its {source} is singular or not finite ({affine}); repair the header or export the scan again");
        return new(affine, notes);
    }

    private static Affine FromSForm(NiftiFields fields) => new(
        fields.SForm(0), fields.SForm(1), fields.SForm(2), fields.SForm(3),
        fields.SForm(4), fields.SForm(5), fields.SForm(6), fields.SForm(7),
        fields.SForm(8), fields.SForm(9), fields.SForm(10), fields.SForm(11));

    // Null where the quaternion is longer than 1.
    private static Affine? FromQForm(NiftiFields fields)
    {
        double b = fields.QForm(0), c = fields.QForm(1), d = fields.QForm(2);
        double remainder = 1 - (b * b + c * c + d * d);
        double tolerance = 3 * (fields.Version == 1 ? 1.1920929e-7 : 2.220446e-16);
        if (!(remainder >= -tolerance)) return null;
        double a = Math.Sqrt(Math.Max(remainder, 0));
        double twice = 2 / (a * a + b * b + c * c + d * d);
        double i = VoxelSize(fields, 1), j = VoxelSize(fields, 2), k = VoxelSize(fields, 3);
        // A first pixdim of -1 says that the grid is left-handed; nibabel takes every other value as 1.
        if (fields.PixDim(0) == -1) k = -k;
        return new Affine(
            (1 - twice * (c * c + d * d)) * i, twice * (b * c - a * d) * j, twice * (b * d + a * c) * k, fields.QForm(3),
            twice * (b * c + a * d) * i, (1 - twice * (b * b + d * d)) * j, twice * (c * d - a * b) * k, fields.QForm(4),
            twice * (b * d - a * c) * i, twice * (c * d + a * b) * j, (1 - twice * (b * b + c * c)) * k, fields.QForm(5));
    }

    // How far apart the two forms put a corner of the grid, in voxels; 0 where they mean different spaces (codes), or the qform is unsound.
    private static double VoxelsBetweenForms(NiftiFields fields, Affine sform, ReadOnlySpan<long> sizes)
    {
        if (fields.QFormCode != fields.SFormCode || FromQForm(fields) is not { IsInvertible: true } qform) return 0;
        Span<double> last = [0, 0, 0];
        for (int axis = 0; axis < Math.Min(3, sizes.Length); axis++) last[axis] = sizes[axis] - 1;
        double furthest = 0;
        for (int corner = 0; corner < 8; corner++)
        {
            ContinuousIndex at = new(last[0] * (corner & 1), last[1] * (corner >> 1 & 1), last[2] * (corner >> 2));
            furthest = Math.Max(furthest, sform.IndexToRas(at).DistanceMm(qform.IndexToRas(at)));
        }
        return furthest / Math.Min(sform.StepI.Length, Math.Min(sform.StepJ.Length, sform.StepK.Length));
    }

    private static Affine FromVoxelSizes(NiftiFields fields, ReadOnlySpan<long> sizes)
    {
        Span<double> size = [1, 1, 1], middle = [0, 0, 0];
        for (int axis = 0; axis < Math.Min(3, sizes.Length); axis++)
            (size[axis], middle[axis]) = (VoxelSize(fields, axis + 1), (sizes[axis] - 1) / 2.0);
        return new(
            -size[0], 0, 0, middle[0] * size[0],
            0, size[1], 0, -middle[1] * size[1],
            0, 0, size[2], -middle[2] * size[2]);
    }

    private static double VoxelSize(NiftiFields fields, int axis)
    {
        double size = Math.Abs(fields.PixDim(axis));
        return size == 0 ? 1 : size;
    }

    private static Affine ToMillimetres(Affine affine, int unit, List<string> notes)
    {
        const int metres = 1, microns = 3;
        if (unit is not (metres or microns)) return affine;
        double factor = unit == metres ? 1000 : 0.001;
        notes.Add($"The header gives lengths in {(unit == metres ? "metres" : "micrometres")}; they were converted to millimetres.");
        return Affine.FromColumns(affine.StepI * factor, affine.StepJ * factor, affine.StepK * factor,
            new(affine.Xo * factor, affine.Yo * factor, affine.Zo * factor));
    }
}
