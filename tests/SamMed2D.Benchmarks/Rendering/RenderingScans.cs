using SamMed2D.Core.Geometry;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Testing;

namespace SamMed2D.Benchmarks.Rendering;

/// <summary>What the rendering parts draw.</summary>
internal static class RenderingScans
{
    /// <summary>A real abdominal CT of 3 mm, refined to 1.5 mm so that it is as large as scans are; null where the test data are not there.</summary>
    public static Volume<short>? RealCt()
    {
        string[] path = ["data", "labelled", "ct-totalseg-example", "image.nii.gz"];
        if (Repository.SharedMissing(path) is not null) return null;
        Volume coarse = new VolumeFiles().Read(Repository.SharedPath(path));
        VolumeGeometry g = coarse.Geometry;
        return Resample(coarse, g.SizeI * 2, g.SizeJ * 2, g.SizeK * 2);
    }

    /// <summary>The abdominal phantom on 256³ voxels.</summary>
    public static Volume<short> Phantom256() => Resample(AbdomenPhantom.Create().Image, 256, 256, 256);

    /// <summary>The phantom's labels on 256³ voxels, nearest.</summary>
    public static LabelMap PhantomLabels256()
    {
        LabelMap from = AbdomenPhantom.Create().Labels;
        VolumeGeometry fine = Refine(from.Geometry, 256, 256, 256);
        ushort[] labels = new ushort[fine.VoxelCount];
        ForVoxels(fine, from.Geometry, (n, p) =>
        {
            VoxelIndex near = p.ToNearest();
            VolumeGeometry g = from.Geometry;
            labels[n] = from.Labels[(int)g.OffsetOf(new(Math.Clamp(near.I, 0, g.SizeI - 1), Math.Clamp(near.J, 0, g.SizeJ - 1), Math.Clamp(near.K, 0, g.SizeK - 1)))];
        });
        return new(fine, labels, from.Segments);
    }

    /// <summary>Other numbers of voxels in the same box, along the patient's axes to their positive ends, trilinear.</summary>
    public static Volume<short> Resample(Volume volume, int sizeI, int sizeJ, int sizeK)
    {
        VolumeGeometry from = volume.Geometry, fine = Refine(from, sizeI, sizeJ, sizeK);
        float[] intensities = new float[from.VoxelCount];
        for (int k = 0, n = 0; k < from.SizeK; k++)
            for (int j = 0; j < from.SizeJ; j++)
                for (int i = 0; i < from.SizeI; i++) intensities[n++] = (float)volume.GetIntensity(new(i, j, k));
        short[] voxels = new short[fine.VoxelCount];
        ForVoxels(fine, from, (n, p) =>
        {
            (int i, double u) = Split(p.I, from.SizeI);
            (int j, double v) = Split(p.J, from.SizeJ);
            (int k, double w) = Split(p.K, from.SizeK);
            double sum = 0;
            for (int corner = 0; corner < 8; corner++)
            {
                int di = corner & 1, dj = corner >> 1 & 1, dk = corner >> 2;
                sum += (di == 0 ? 1 - u : u) * (dj == 0 ? 1 - v : v) * (dk == 0 ? 1 - w : w) * intensities[from.OffsetOf(new(i + di, j + dj, k + dk))];
            }
            voxels[n] = (short)Math.Round(sum);
        });
        return new(fine, voxels, IntensityScale.Identity, volume.Info with { Modality = "CT" });
    }

    private static (int Low, double Part) Split(double place, int size)
    {
        int low = Math.Clamp((int)Math.Floor(place), 0, size - 2);
        return (low, Math.Clamp(place - low, 0, 1));
    }

    // The box around the voxels' outer faces, divided anew.
    private static VolumeGeometry Refine(VolumeGeometry g, int sizeI, int sizeJ, int sizeK)
    {
        RasPoint a = g.IndexToRas.IndexToRas(new(-0.5, -0.5, -0.5)), b = g.IndexToRas.IndexToRas(new(g.SizeI - 0.5, g.SizeJ - 0.5, g.SizeK - 0.5));
        double r = Math.Abs(b.R - a.R) / sizeI, anterior = Math.Abs(b.A - a.A) / sizeJ, s = Math.Abs(b.S - a.S) / sizeK;
        return new(sizeI, sizeJ, sizeK, new(r, 0, 0, Math.Min(a.R, b.R) + r / 2, 0, anterior, 0, Math.Min(a.A, b.A) + anterior / 2, 0, 0, s, Math.Min(a.S, b.S) + s / 2));
    }

    private static void ForVoxels(VolumeGeometry fine, VolumeGeometry from, Action<int, ContinuousIndex> work) => Parallel.For(0, fine.SizeK, k =>
    {
        int n = k * fine.SizeI * fine.SizeJ;
        for (int j = 0; j < fine.SizeJ; j++)
            for (int i = 0; i < fine.SizeI; i++) work(n++, from.IndexToRas.RasToIndex(fine.IndexToRas.IndexToRas(new(i, j, k))));
    });
}
