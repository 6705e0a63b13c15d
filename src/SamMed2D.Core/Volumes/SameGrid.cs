using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Core.Volumes;

/// <summary>Brings a label map file onto the grid of another file.</summary>
public static class SameGrid
{
    private const double ToleranceMm = 0.1;

    /// <summary>The labels on the expected grid: reordered where a format stored the same voxels in another order, with 0 around where it stored a part of them.</summary>
    /// <param name="path">The label map's file, for messages.</param>
    /// <param name="labels">The label map.</param>
    /// <param name="expectedPath">The other file, for messages.</param>
    /// <param name="expected">Its grid.</param>
    /// <exception cref="UnsupportedInputException">The voxels differ by more than 0.1 mm somewhere.</exception>
    public static LabelMap Require(string path, LabelMap labels, string expectedPath, VolumeGeometry expected)
    {
        if ((labels.ReorientTo(expected, ToleranceMm) ?? labels.PlaceIn(expected, ToleranceMm)) is { } onGrid) return onGrid;
        VolumeGeometry found = labels.Geometry;
        string distance = string.Create(CultureInfo.InvariantCulture, $"first voxels {found.IndexToRas.Origin.DistanceMm(expected.IndexToRas.Origin):0.0} mm apart");
        throw new UnsupportedInputException(path, $"lies on another grid than {expectedPath}: found {found} ({found.OrientationCode}), "
            + $"expected {expected} ({expected.OrientationCode}), {distance}; give files of the same scan");
    }
}
