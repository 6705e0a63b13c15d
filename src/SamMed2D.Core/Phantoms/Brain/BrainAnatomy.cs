using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Brain;

/// <summary>Folded cortex over white matter, ventricles, deep nuclei, cerebellum, brainstem and a lesion, in T1-like intensities.</summary>
internal static class BrainAnatomy
{
    private const double CortexMm = 2.9;
    private static readonly Tissue s_grey = new(485, 22, 5), s_white = new(705, 18, 9), s_fluid = new(150, 10, 8);

    public static IEnumerable<Part> Parts(PhantomRandom random)
    {
        Shape inside = HeadAnatomy.Cranium.Grown(-1.2);
        foreach (Part part in Hemisphere(random, 1, inside)) yield return part;
        foreach (Part part in Hemisphere(random, -1, inside)) yield return part;
        foreach (Part part in Middle()) yield return part;
        foreach (int side in (int[])[1, -1])
            foreach (Part part in DeepParts(side)) yield return part;
        foreach (Part part in Hindbrain(random, inside)) yield return part;
        foreach (Part part in Lesion(random)) yield return part;
    }

    private static IEnumerable<Part> Hemisphere(PhantomRandom random, int side, Shape inside)
    {
        Shape upper = new Ellipsoid((0, -13, 18), (66, 86, 58));
        Shape temporal = new Ellipsoid((side * 42, 0, -19), (25, 46, 22), leanForward: 0.1);
        Shape falx = new HalfSpace(side, 0, 0, 1.4);
        // The skull base in front and the tent over the cerebellum behind.
        Shape floor = new HalfSpace(0, -0.03, 1, -13);
        Shape sylvian = new Tube([(side * 60, 34, -10, 1.8), (side * 60, 6, -2, 2.4), (side * 62, -38, 15, 1.6)], 5, flattenX: 0.11);
        Shape half = upper.Without(floor, 8).With(9, temporal).Without(sylvian, 2).Without(falx, 3).Within(inside);
        Shape outside = upper.With(9, temporal).Without(falx, 3).Remembered();
        // Big folds with smaller ones beside them.
        SmoothNoise folds = new(random.NextSeed(), 21);
        Shape cortex = new FoldedSurface(half, outside, folds, (side * 24, -12, 8), (48, 84, 56), 17, 0.55).Remembered();
        yield return new(cortex, s_grey, BrainLabel.GreyMatter);
        yield return new(cortex.Grown(-CortexMm), s_white, BrainLabel.WhiteMatter, SoftMm: 0.5);
    }

    private static IEnumerable<Part> Middle()
    {
        Shape callosum = new Tube([(0, 26, -2, 2.5), (0, 33, 6, 4.5), (0, 26, 19, 3.6), (0, 4, 27, 3.2), (0, -24, 27, 3.4), (0, -42, 18, 5), (0, -40, 10, 4)], 6, flattenX: 0.22);
        yield return new(callosum, s_white, BrainLabel.WhiteMatter, SoftMm: 0.6);
        yield return new(new Ellipsoid((0, -14, 2), (22, 24, 12)), new(640, 18, 8), BrainLabel.WhiteMatter, SoftMm: 2);
        // Cistern under the diencephalon, and the stalk of the pituitary in it.
        yield return new(new Ellipsoid((0, 8, -18), (15, 15, 8)), s_fluid, BrainLabel.Fluid, SoftMm: 1);
        yield return new(new Ellipsoid((0, 16, -27), (6, 5, 4)), new(560), 0, SoftMm: 0.6);
        yield return new(new Ellipsoid((0, -48, 2), (11, 8, 9)), s_fluid, BrainLabel.Fluid, SoftMm: 1);
    }

    private static IEnumerable<Part> DeepParts(int side)
    {
        Shape ventricle = new Tube([(side * 9, 31, 3, 2.5), (side * 9, 22, 11, 5), (side * 9.5, 2, 19, 5.2), (side * 14, -22, 19, 5.5), (side * 23, -40, 9, 6.5)], 6)
            .With(3, new Tube([(side * 23, -40, 9, 6), (side * 25, -58, 6, 3.5), (side * 23, -72, 5, 1.5)], 5),
                new Tube([(side * 23, -40, 9, 5.5), (side * 33, -30, -8, 3.4), (side * 33, -10, -19, 2.4), (side * 30, 0, -21, 1.4)], 5));
        Shape septum = new HalfSpace(side, 0, 0, 1.2);
        yield return new(new Ellipsoid((side * 27, 2, 3), (7.5, 20, 12), leanSideways: side * 0.2, turn: -side * 0.25), new(560, 14, 6),
            side > 0 ? BrainLabel.PutamenRight : BrainLabel.PutamenLeft, SoftMm: 0.8);
        yield return new(new Ellipsoid((side * 20.5, -2, 1), (5, 12, 8), leanSideways: side * 0.3, turn: -side * 0.35), new(640, 14, 6), BrainLabel.WhiteMatter, SoftMm: 1);
        yield return new(new Tube([(side * 13, 26, 3, 6.5), (side * 14, 20, 11, 6.5), (side * 16.5, 2, 20, 4), (side * 20, -20, 21, 2.6), (side * 27, -36, 10, 1.8)], 6), new(520, 14, 6),
            side > 0 ? BrainLabel.CaudateRight : BrainLabel.CaudateLeft, SoftMm: 0.6);
        yield return new(new Ellipsoid((side * 11.5, -17, 8), (9.5, 15, 9), leanSideways: side * 0.15, turn: side * 0.4), new(585, 16, 6),
            side > 0 ? BrainLabel.ThalamusRight : BrainLabel.ThalamusLeft, SoftMm: 0.8);
        yield return new(new Tube([(side * 25, 2, -19, 7), (side * 28, -10, -17, 5.5), (side * 28, -26, -9, 4.5), (side * 22, -36, 2, 3)], 5), s_grey, BrainLabel.GreyMatter, SoftMm: 0.8);
        yield return new(ventricle.Without(septum), s_fluid, side > 0 ? BrainLabel.VentricleRight : BrainLabel.VentricleLeft, SoftMm: 0.4);
        Shape plexus = new Tube([(side * 12, -18, 15, 1.6), (side * 22, -38, 10, 2.8), (side * 30, -32, -4, 1.4)], 4);
        yield return new(plexus.Within(ventricle), new(400, 60, 4), SoftMm: 0.5);
        yield return new(new Tube([(0, 4, -8, 4), (0, -6, 2, 7), (0, -22, 5, 6)], 4, flattenX: 2.6), s_fluid, BrainLabel.Fluid, SoftMm: 0.4);
    }

    private static IEnumerable<Part> Hindbrain(PhantomRandom random, Shape inside)
    {
        Shape stem = new Tube([(0, -20, -2, 13), (0, -24, -12, 13), (0, -21, -26, 15), (0, -25, -42, 11), (0, -31, -58, 8.5), (0, -36, -90, 6.5), (0, -38, -140, 6)], 5);
        SmoothNoise folia = new(random.NextSeed(), 15);
        Shape body = new Ellipsoid((24, -58, -35), (31, 32, 23)).With(8, new Ellipsoid((-24, -58, -35), (31, 32, 23)), new Ellipsoid((0, -60, -30), (12, 29, 22))).Within(inside);
        Shape folded = new FoldedSurface(body, body, folia, (0, -52, -34), (54, 36, 22), 9, 0.4, across: 2.4).Remembered();
        yield return new(folded, new(500, 18, 4), BrainLabel.Cerebellum);
        // Its white matter is a tree: a core with branches between the folds.
        yield return new(folded.Grown(-3.2), new(600, 20, 4), BrainLabel.Cerebellum, SoftMm: 1.5);
        foreach (int side in (int[])[1, -1])
        {
            yield return new(new Ellipsoid((side * 20, -54, -35), (17, 14, 8)), new(690, 14, 5), BrainLabel.Cerebellum, SoftMm: 3);
            yield return new(new Tube([(side * 9, -26, -26, 7), (side * 18, -44, -33, 7)], 2), new(690, 14, 6), BrainLabel.Cerebellum, SoftMm: 1);
        }
        yield return new(stem, new(665, 18, 6), BrainLabel.Brainstem, SoftMm: 0.6);
        foreach (int side in (int[])[1, -1])
            yield return new(new Tube([(side * 8, -13, -6, 6.5), (side * 15, -8, 4, 7)], 2), new(690, 14, 6), BrainLabel.Brainstem, SoftMm: 1);
        yield return new(new Tube([(0, -30, -4, 1.4), (0, -33, -14, 1.4), (0, -39, -26, 4.5), (0, -38, -38, 3.5), (0, -37, -48, 1.4)], 4, flattenX: 0.75), s_fluid, BrainLabel.Fluid, SoftMm: 0.4);
    }

    private static IEnumerable<Part> Lesion(PhantomRandom random)
    {
        SmoothNoise edge = new(random.NextSeed(), 13), oedema = new(random.NextSeed(), 18);
        (double, double, double) centre = (-33, 18, 36);
        // Water in the white matter round it darkens T1; its rim has taken up contrast; its middle is dead.
        yield return new(new Ellipsoid(centre, (23, 26, 20)).Uneven(oedema, 7), new(560, 14, 6), SoftMm: 8, Opacity: 0.55);
        Shape lesion = new Ellipsoid(centre, (12.5, 14, 12)).Uneven(edge, 3);
        yield return new(lesion, new(860, 50, 4), BrainLabel.Lesion, SoftMm: 1);
        yield return new(lesion.Grown(-3.4).Uneven(edge, 1.5), new(300, 30, 5), BrainLabel.Lesion, SoftMm: 1.2);
    }
}
