using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Phantoms.Brain;

/// <summary>
/// An artificial T1-weighted MR of a head: scalp, skull, folded cortex, ventricles, deep nuclei, cerebellum, eyes and a lesion, with partial
/// volume, uneven coil sensitivity and Rician noise, on an oblique grid. Anatomy from textbooks, no patient's.
/// </summary>
public static class BrainPhantom
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
        PhantomPainter painter = new(geometry, random.NextSeed(), warpMm: 4);
        List<Part> parts = [.. HeadAnatomy.Parts(random), .. BrainAnatomy.Parts(random)];
        (float[] values, ushort[] labels) = painter.Paint(parts, background: 0, every, cancellation);
        short[] voxels = MrScanner.Scan(geometry, values, random.NextSeed());
        VolumeInfo info = new() { Source = "brain MR phantom", Format = "phantom", Modality = "MR" };
        return new("brain-mr", new Volume<short>(geometry, voxels, IntensityScale.Identity, info), new(geometry, labels, BrainLabel.Segments),
            ["brain lesion", "cerebellum", "right lateral ventricle", "right thalamus", "right eye", "brainstem"]);
    }

    // Slices are tilted 17° about the axis through the ears and turned 8° about the upright one; i runs to the patient's left, j to the front:
    // a left-handed grid, as many converters write.
    private static VolumeGeometry GeometryFor(PhantomSize size)
    {
        (int columns, int rows, int slices, double pixelMm, double sliceMm) = size == PhantomSize.Full ? (176, 208, 66, 1.1, 2.5) : (64, 76, 33, 3.0, 5.0);
        const double tiltCosine = 0.9563047559630354, tiltSine = 0.2923717047227367, turnCosine = 0.9902680687415704, turnSine = 0.13917310096006544;
        RasVector left = new(-turnCosine, -turnSine, 0);
        RasVector front = new(-turnSine * tiltCosine, turnCosine * tiltCosine, tiltSine);
        RasVector up = new(turnSine * tiltSine, -turnCosine * tiltSine, tiltCosine);
        RasVector stepI = left * pixelMm, stepJ = front * pixelMm, stepK = up * sliceMm;
        RasVector corner = stepI * ((columns - 1) / 2.0) + stepJ * ((rows - 1) / 2.0) + stepK * ((slices - 1) / 2.0);
        return new(columns, rows, slices, Affine.FromColumns(stepI, stepJ, stepK, new(-corner.R, -4 - corner.A, 12 - corner.S)));
    }
}
