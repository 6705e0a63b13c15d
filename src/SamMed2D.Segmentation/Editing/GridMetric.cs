using SamMed2D.Core.Geometry;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Distances between grid positions in millimetres, right for sheared grids too: the products of the index steps.</summary>
internal readonly struct GridMetric
{
    private readonly double _ii, _jj, _kk, _ij, _ik, _jk;

    public GridMetric(VolumeGeometry geometry)
    {
        RasVector i = geometry.IndexToRas.StepI, j = geometry.IndexToRas.StepJ, k = geometry.IndexToRas.StepK;
        (_ii, _jj, _kk, _ij, _ik, _jk) = (i.Dot(i), j.Dot(j), k.Dot(k), i.Dot(j), i.Dot(k), j.Dot(k));
    }

    /// <summary>The scalar product of two index displacements, in mm².</summary>
    public double Dot(double i, double j, double k, double i2, double j2, double k2) =>
        _ii * i * i2 + _jj * j * j2 + _kk * k * k2 + _ij * (i * j2 + j * i2) + _ik * (i * k2 + k * i2) + _jk * (j * k2 + k * j2);

    /// <summary>How far a ball reaches along each index, in voxels.</summary>
    public (double I, double J, double K) Reach(double radiusMm)
    {
        double determinant = _ii * (_jj * _kk - _jk * _jk) - _ij * (_ij * _kk - _jk * _ik) + _ik * (_ij * _jk - _jj * _ik);
        return (
            radiusMm * Math.Sqrt((_jj * _kk - _jk * _jk) / determinant),
            radiusMm * Math.Sqrt((_ii * _kk - _ik * _ik) / determinant),
            radiusMm * Math.Sqrt((_ii * _jj - _ij * _ij) / determinant));
    }
}
