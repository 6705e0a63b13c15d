using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Cli.Commands;

/// <summary>The check that two files describe the same voxels.</summary>
internal static class SameGrid
{
    private const double ToleranceMm = 0.1;

    /// <summary>Checks a file's grid against that of another.</summary>
    /// <exception cref="UnsupportedInputException">They differ by more than 0.1 mm somewhere.</exception>
    public static void Require(string path, VolumeGeometry found, string expectedPath, VolumeGeometry expected)
    {
        if (expected.IsSameGrid(found, ToleranceMm)) return;
        string distance = string.Create(CultureInfo.InvariantCulture, $"first voxels {found.IndexToRas.Origin.DistanceMm(expected.IndexToRas.Origin):0.0} mm apart");
        throw new UnsupportedInputException(path, $"lies on another grid than {expectedPath}: found {found} ({found.OrientationCode}), "
            + $"expected {expected} ({expected.OrientationCode}), {distance}; give files of the same scan in the same format");
    }
}
