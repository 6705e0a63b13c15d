using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>Compares volumes where converters differ in the order of rows and slices: voxel by voxel at the same place in the patient.</summary>
internal static class PatientSpace
{
    /// <summary>Fails unless both hold the same voxels at the same places.</summary>
    public static void AssertSame(Volume expected, Volume actual, double toleranceMm = 0.01, double intensityTolerance = 1e-3)
    {
        VolumeGeometry from = expected.Geometry, to = actual.Geometry;
        Assert.Equal(from.VoxelCount, to.VoxelCount);
        (int I, int J, int K) origin = Locate(from, to, 0, 0, 0, toleranceMm);
        (int I, int J, int K)[] steps = [new(), new(), new()];
        for (int axis = 0; axis < 3; axis++)
        {
            int size = from.Size((SliceAxis)axis);
            (int I, int J, int K) end = Locate(from, to, axis == 0 ? size - 1 : 0, axis == 1 ? size - 1 : 0, axis == 2 ? size - 1 : 0, toleranceMm);
            int n = Math.Max(1, size - 1);
            steps[axis] = ((end.I - origin.I) / n, (end.J - origin.J) / n, (end.K - origin.K) / n);
        }
        for (int k = 0; k < from.SizeK; k++)
            for (int j = 0; j < from.SizeJ; j++)
                for (int i = 0; i < from.SizeI; i++)
                {
                    VoxelIndex there = new(
                        origin.I + i * steps[0].I + j * steps[1].I + k * steps[2].I,
                        origin.J + i * steps[0].J + j * steps[1].J + k * steps[2].J,
                        origin.K + i * steps[0].K + j * steps[1].K + k * steps[2].K);
                    double a = expected.GetIntensity(new VoxelIndex(i, j, k)), b = actual.GetIntensity(there);
                    if (Math.Abs(a - b) > intensityTolerance) Assert.Fail($"voxel ({i},{j},{k}) is {a}, and {there} of the other is {b}");
                }
    }

    private static (int I, int J, int K) Locate(VolumeGeometry from, VolumeGeometry to, int i, int j, int k, double toleranceMm)
    {
        RasPoint place = from.IndexToRas.IndexToRas(new ContinuousIndex(i, j, k));
        VoxelIndex nearest = to.IndexToRas.RasToIndex(place).ToNearest();
        double distance = to.IndexToRas.IndexToRas(nearest.ToContinuous()).DistanceMm(place);
        Assert.True(to.Contains(nearest) && distance <= toleranceMm, $"voxel ({i},{j},{k}) at {place} is {distance:0.####} mm from voxel {nearest} of {to}");
        return (nearest.I, nearest.J, nearest.K);
    }
}
