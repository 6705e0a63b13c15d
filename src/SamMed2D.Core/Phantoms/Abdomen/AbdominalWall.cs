using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>Skin, fat, the layered muscles of the wall, the muscles of the back, the fat inside, and the table below.</summary>
internal static class AbdominalWall
{
    /// <summary>The inner surface of the wall; organs lie inside it.</summary>
    public static Shape Cavity { get; } = new TrunkOutline(129, 84, 74);

    /// <summary>The inner surface of the rib cage; lungs reach it.</summary>
    public static Shape Chest { get; } = new TrunkOutline(131, 88, 88);

    private static readonly Shape s_skin = new TrunkOutline(166, 116, 114, grooveMm: 7);
    private static readonly Shape s_muscle = new TrunkOutline(143, 97, 101, grooveMm: 6);
    private static readonly Tissue s_fat = new(-104, 7, 9);
    private static readonly Tissue s_muscleTissue = new(58, 10, 4);

    public static IEnumerable<Part> Parts()
    {
        foreach (Part part in Table()) yield return part;
        yield return new(s_skin, new(25, 8, 5), 0);
        yield return new(s_skin.Grown(-2), s_fat);
        // Sheets of connective tissue in the fat under the skin (Scarpa's fascia).
        SmoothNoise uneven = new(71, 38);
        Shape fascia = s_skin.Grown(-11).Uneven(uneven, 3.5);
        yield return new(fascia, new(-40), Opacity: 0.7);
        yield return new(fascia.Grown(-1.1), s_fat);
        yield return new(s_muscle, s_muscleTissue);
        // Fat between the three muscle sheets of the flank: external oblique, internal oblique, transversus.
        Shape flank = new Ellipsoid((-150, 20, -70), (70, 70, 120)).With(0, new Ellipsoid((150, 20, -70), (70, 70, 120)));
        foreach (double depth in (double[])[4.4, 9.2])
        {
            Shape sheet = s_muscle.Grown(-depth).Uneven(uneven, 1.2);
            yield return new(sheet.Without(sheet.Grown(-1)).Within(flank), new(-75), Opacity: 0.85);
        }
        yield return new(Cavity, s_fat);
        foreach (int side in (int[])[1, -1])
            foreach (Part part in MusclesOfSide(side)) yield return part;
    }

    private static IEnumerable<Part> MusclesOfSide(int side)
    {
        // The straight muscle of the front in its sheath, thin towards the side.
        Shape rectus = new Tube([(side * 33, 84, 140, 1), (side * 33, 90, -20, 1), (side * 30, 87, -140, 1)]).Grown(26)
            .Within(s_muscle.Grown(-1)).Without(Cavity.Grown(1));
        yield return new(rectus.Without(new HalfSpace(side, 0, 0, 4)), new(60, 12, 3));
        // The long muscles of the back, marbled with fat, beside the spinous processes.
        SmoothNoise uneven = new(83, 16);
        Shape back = new Tube([(side * 29, -84, 160, 19), (side * 31, -83, 40, 21), (side * 33, -82, -60, 24), (side * 32, -80, -150, 23)], 6).Uneven(uneven, 3)
            .Within(s_muscle.Grown(-2)).Without(new HalfSpace(side, 0, 0, 3));
        yield return new(back.Grown(1.6).Within(s_muscle.Grown(-1)), new(-80), Opacity: 0.8);
        yield return new(back, new(52, 26, 5), SoftMm: 1);
        yield return new(new Tube([(side * 30, -87, 160, 0.6), (side * 45, -86, -150, 0.6)]).Grown(1.2), new(-60));
        // Quadratus lumborum.
        Shape square = new Tube([(side * 50, -64, 25, 6), (side * 57, -63, -30, 10), (side * 66, -62, -120, 11)]).Uneven(uneven, 2);
        yield return new(square, s_muscleTissue, SoftMm: 0.5);
        // Psoas, thicker towards the hip.
        Shape psoas = new Tube([(side * 25, -52, 22, 5), (side * 32, -50, -25, 11), (side * 41, -46, -70, 17), (side * 50, -38, -130, 22)], 6).Uneven(uneven, 2);
        yield return new(psoas, s_muscleTissue, side > 0 ? AbdomenLabel.PsoasRight : AbdomenLabel.PsoasLeft);
    }

    private static IEnumerable<Part> Table()
    {
        Shape hollow = new Ellipsoid((0, 240, 0), (420, 363, 4000));
        Shape top = new HalfSpace(0, 1, 0, -60).Within(new TrunkOutline(205, 200, 400));
        yield return new(top.Within(hollow.Grown(14)).Without(hollow), new(-820), 0);
        yield return new(top.Within(hollow.Grown(12)).Without(hollow.Grown(1.6)), new(-955), 0);
    }
}
