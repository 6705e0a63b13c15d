using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Brain;

/// <summary>Everything around the brain: skin, fat, muscles, skull with its marrow, eyes, and the air spaces of the face.</summary>
internal static class HeadAnatomy
{
    /// <summary>The inner surface of the skull.</summary>
    public static Shape Cranium { get; } = new Ellipsoid((0, -13, 18), (70, 90, 62))
        .With(14, new Ellipsoid((0, -54, -32), (51, 41, 31)), new Ellipsoid((44, 4, -18), (27, 44, 25)), new Ellipsoid((-44, 4, -18), (27, 44, 25)))
        .Without(new Ellipsoid((0, 74, -44), (64, 48, 36)), 12)
        .Without(new Ellipsoid((0, 14, -46), (24, 32, 29)), 8)
        .With(4, new Tube([(0, -28, -40, 16), (0, -34, -70, 13), (0, -38, -130, 11)]))
        .Remembered();

    public static IEnumerable<Part> Parts(PhantomRandom random)
    {
        SmoothNoise uneven = new(random.NextSeed(), 34), marrow = new(random.NextSeed(), 26);
        Shape skull = Cranium.Grown(8.5).Uneven(uneven, 1.2);
        Shape face = new Ellipsoid((0, 44, -50), (66, 56, 68));
        Shape head = Cranium.Grown(14.5).Uneven(uneven, 1.5).With(16, face, new Tube([(0, -40, -60, 54), (0, -42, -150, 52)]))
            .With(8, new Ellipsoid((0, 101, -46), (11, 14, 19), leanForward: -0.5)).Remembered();
        foreach (int side in (int[])[1, -1])
            yield return new(new Ellipsoid((side * 79, -22, -26), (5, 13, 27), leanForward: 0.15), new(520, 30, 5));
        yield return new(head, new(560, 20, 5));
        yield return new(head.Grown(-1.8), new(880, 60, 7));
        yield return new(face.Grown(-9).With(8, new Tube([(0, -40, -60, 46), (0, -42, -150, 44)])).Within(head.Grown(-4)), new(390, 70, 9));
        foreach (int side in (int[])[1, -1])
            yield return new(new Ellipsoid((side * 70, 18, -8), (13, 36, 42)).Within(head.Grown(-3.5)), new(400, 40, 4));
        // Compact bone gives no signal; the marrow between its two sheets does.
        yield return new(skull, new(55, 10, 4));
        yield return new(skull.Grown(-2.2).Uneven(marrow, 1.6), new(480, 90, 6));
        yield return new(Cranium.Grown(2.4), new(45, 8, 4));
        foreach (Part part in AirSpaces(random)) yield return part;
        foreach (Part part in Eye(1).Concat(Eye(-1))) yield return part;
        yield return new(Cranium.Grown(0.6), new(330, 20, 5));
        yield return new(Cranium, new(150, 12, 8), BrainLabel.Fluid);
    }

    private static IEnumerable<Part> AirSpaces(PhantomRandom random)
    {
        SmoothNoise turbinates = new(random.NextSeed(), 11), uneven = new(random.NextSeed(), 18);
        Tissue bone = new(60, 10, 4), air = new(8), lining = new(430, 30, 4);
        Shape nose = new Ellipsoid((0, 66, -50), (15, 30, 22)).Uneven(turbinates, 4);
        yield return new(nose.Grown(2.5), lining);
        foreach (int side in (int[])[1, -1])
            yield return new(new Ellipsoid((side * 7, 66, -50), (4.5, 27, 19)).Uneven(turbinates, 4.5), air);
        (double X, double Y, double Z, double A, double B, double C)[] sinuses =
            [(29, 58, -54, 14, 17, 17), (-29, 57, -54, 14, 17, 17), (8, 33, -26, 9, 12, 9), (-8, 32, -26, 9, 12, 9), (11, 75, -8, 9, 5, 9), (-9, 75, -8, 8, 5, 8)];
        foreach ((double x, double y, double z, double a, double b, double c) in sinuses)
        {
            Shape sinus = new Ellipsoid((x, y, z), (a, b, c)).Uneven(uneven, 3);
            yield return new(sinus.Grown(2.2), bone);
            yield return new(sinus, air);
        }
        yield return new(new Tube([(0, 30, -46, 9), (0, 18, -70, 10), (0, 14, -110, 9)]), air);
    }

    private static IEnumerable<Part> Eye(int side)
    {
        Shape orbit = new Ellipsoid((side * 31, 54, -24), (19, 27, 17), turn: side * 0.3);
        yield return new(orbit.Grown(1.8), new(60, 10, 4));
        yield return new(orbit, new(850, 50, 6));
        (double X, double Y, double Z) eye = (side * 33, 68, -24), apex = (side * 17, 33, -22);
        foreach ((double dx, double dz) in ((double, double)[])[(11, 0), (-11, 0), (0, 11), (0, -11)])
            yield return new(new Tube([(apex.X, apex.Y, apex.Z, 1.5), ((apex.X + eye.X) / 2 + dx * 0.9, 51, -23 + dz * 0.9, 2.2), (eye.X + dx, 68, -24 + dz, 1.4)]), new(400));
        yield return new(new Tube([(side * 9, 20, -18, 2.2), (apex.X, apex.Y, apex.Z, 2.2), (side * 25, 46, -25, 2.2), (eye.X, 58, eye.Z, 2)]), new(560));
        Shape globe = new Ellipsoid(eye, (12.2, 12.4, 12.2));
        yield return new(globe, new(420, 20, 4), side > 0 ? BrainLabel.EyeRight : BrainLabel.EyeLeft);
        yield return new(globe.Grown(-1.3), new(175, 8, 6), side > 0 ? BrainLabel.EyeRight : BrainLabel.EyeLeft);
        yield return new(new Ellipsoid((eye.X, eye.Y + 8.2, eye.Z), (4.6, 2.2, 4.6)), new(380), side > 0 ? BrainLabel.EyeRight : BrainLabel.EyeLeft);
    }
}
