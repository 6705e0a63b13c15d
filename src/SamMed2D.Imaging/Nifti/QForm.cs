using SamMed2D.Core.Geometry;

namespace SamMed2D.Imaging.Nifti;

/// <summary>A rotation as NIfTI's qform stores it: the last three parts of a unit quaternion whose first part is not negative.</summary>
/// <param name="B">Second part.</param>
/// <param name="C">Third part.</param>
/// <param name="D">Fourth part.</param>
/// <param name="Handedness">1 for a right-handed grid, -1 for a left-handed one, whose third axis is turned round first.</param>
internal readonly record struct QForm(double B, double C, double D, double Handedness)
{
    /// <summary>The rotation nearest to an affine's directions.</summary>
    public static QForm Of(Affine affine)
    {
        double handedness = affine.Determinant < 0 ? -1 : 1;
        RasVector i = affine.StepI.ToUnit(), j = affine.StepJ.ToUnit(), k = affine.StepK.ToUnit() * handedness;
        (i, j, k) = ToNearestRotation(i, j, k);
        // Shepperd's method: divide by the largest of the four parts, so that nothing cancels.
        double[] squares =
        [
            1 + i.R + j.A + k.S,
            1 + i.R - j.A - k.S,
            1 - i.R + j.A - k.S,
            1 - i.R - j.A + k.S,
        ];
        int largest = Array.IndexOf(squares, squares.Max());
        double divisor = 2 * Math.Sqrt(squares[largest]);
        (double a, double b, double c, double d) = largest switch
        {
            0 => (squares[0], j.S - k.A, k.R - i.S, i.A - j.R),
            1 => (j.S - k.A, squares[1], i.A + j.R, i.S + k.R),
            2 => (k.R - i.S, i.A + j.R, squares[2], j.S + k.A),
            _ => (i.A - j.R, i.S + k.R, j.S + k.A, squares[3]),
        };
        double sign = a < 0 ? -1 : 1;
        return new(sign * b / divisor, sign * c / divisor, sign * d / divisor, handedness);
    }

    // Newton's iteration for the polar decomposition: the mean of a matrix and its inverse transpose, whose columns are the cross
    // products of the columns over the determinant. The directions are near a rotation already, so a few rounds reach full precision.
    private static (RasVector I, RasVector J, RasVector K) ToNearestRotation(RasVector i, RasVector j, RasVector k)
    {
        for (int round = 0; round < 12; round++)
        {
            double determinant = i.Dot(j.Cross(k));
            (i, j, k) = (
                (i + j.Cross(k) * (1 / determinant)) * 0.5,
                (j + k.Cross(i) * (1 / determinant)) * 0.5,
                (k + i.Cross(j) * (1 / determinant)) * 0.5);
        }
        return (i, j, k);
    }
}
