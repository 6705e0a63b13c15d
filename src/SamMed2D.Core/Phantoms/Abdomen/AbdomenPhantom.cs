using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>
/// An artificial CT of the upper abdomen in the portal venous phase: Hounsfield units, body outline, organs with grain, vessels and lesions,
/// spine, bowel with gas, lung bases, partial volume and the noise of a scanner. Anatomy from textbooks, no patient's.
/// </summary>
public static class AbdomenPhantom
{
    /// <summary>Makes the phantom. The same seed and size give the same voxels on every machine.</summary>
    /// <param name="seed">Which patient.</param>
    /// <param name="size">How fine the grid is.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    public static Phantom Create(ulong seed = 1, PhantomSize size = PhantomSize.Full, CancellationToken cancellation = default) => Create(seed, size, every: 1, cancellation);

    /// <summary>Makes only every so manieth slice, equal to those of the whole; the others hold nothing. For quick comparisons.</summary>
    internal static Phantom Create(ulong seed, PhantomSize size, int every, CancellationToken cancellation)
    {
        VolumeGeometry geometry = GeometryFor(size);
        PhantomRandom random = new(seed);
        PhantomPainter painter = new(geometry, random.NextSeed(), warpMm: 5);
        List<Part> parts = [.. AbdominalWall.Parts(), .. AbdominalOrgans.Parts(random), .. AbdominalBowel.Parts(random),
            .. AbdominalVessels.Parts(random), .. Spine.Parts(random), .. Ribcage.Parts()];
        (float[] values, ushort[] labels) = painter.Paint(parts, background: -1000, every, cancellation);
        short[] voxels = CtScanner.Scan(geometry, values, random.NextSeed());
        VolumeInfo info = new() { Source = "abdominal CT phantom", Format = "phantom", Modality = "CT" };
        return new("abdomen-ct", new Volume<short>(geometry, voxels, IntensityScale.Identity, info), new(geometry, labels, AbdomenLabel.Segments),
            ["liver", "right kidney", "left kidney", "spleen", "aorta", "vertebra L2"]);
    }

    // Stored as scanners do: i to the patient's left, j to the back, k to the head.
    private static VolumeGeometry GeometryFor(PhantomSize size)
    {
        (int columns, int rows, int slices, double pixelMm, double sliceMm) = size == PhantomSize.Full ? (240, 176, 58, 1.6, 4.0) : (96, 70, 30, 4.0, 8.0);
        return new(columns, rows, slices, new(
            -pixelMm, 0, 0, (columns - 1) / 2.0 * pixelMm,
            0, -pixelMm, 0, (rows - 1) / 2.0 * pixelMm - 6,
            0, 0, sliceMm, -122));
    }
}
