using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>The lower ribs with their cartilages, the tip of the breastbone, and the wings of the pelvis.</summary>
internal static class Ribcage
{
    // Cosine and sine of the way round from the back (90° behind the middle) to the front, every 20 degrees.
    private static readonly (double Cos, double Sin)[] s_round =
    [
        (0.1736, -0.9848), (0.5, -0.8660), (0.7660, -0.6428), (0.9397, -0.3420), (1, 0), (0.9397, 0.3420), (0.7660, 0.6428), (0.5, 0.8660), (0.2588, 0.9659),
    ];

    public static IEnumerable<Part> Parts()
    {
        foreach (int side in (int[])[1, -1])
        {
            for (int n = 0; n < 9; n++)
                foreach (Part part in Rib(side, n)) yield return part;
            foreach (Part part in PelvicWing(side)) yield return part;
        }
        yield return new(new Tube([(0, 88, 150, 6), (0, 88, 96, 4.5)]), new(260, 60, 4), AbdomenLabel.Ribs);
    }

    // Rib 12 is number 0, rib 11 number 1 and so on upwards; the lowest two end in the flank.
    private static IEnumerable<Part> Rib(int side, int number)
    {
        double z0 = 12 + 29 * number;
        int last = number switch { 0 => 3, 1 => 4, _ => 6 };
        double drop = number switch { 0 => 34, 1 => 52, _ => 78 };
        List<(double X, double Y, double Z, double Radius)> way = [(side * 22, -74, z0 + 2, 4.6)];
        for (int n = 0; n <= last; n++)
        {
            double part = (n + 0.3) / 6.3;
            way.Add((side * 135.5 * s_round[n].Cos, (s_round[n].Sin > 0 ? 90 : 89) * s_round[n].Sin, z0 - drop * part, n == last ? 4 : 4.9));
        }
        Shape rib = new Tube([.. way], 4, flattenX: 1);
        yield return new(rib, new(470, 90, 7), AbdomenLabel.Ribs);
        yield return new(rib.Grown(-2), new(190, 60, 4), AbdomenLabel.Ribs, SoftMm: 0.8);
        if (number < 2) yield break;
        (double X, double Y, double Z, double Radius) end = way[^1];
        // Cartilage turns up towards the breastbone.
        yield return new(new Tube([end, (side * 66, 86, end.Z + 4, 5), (side * 36, 91, end.Z + 30, 5), (side * 10, 90, Math.Max(end.Z + 60, 110), 4.5)], 4), new(105, 40, 5));
    }

    private static IEnumerable<Part> PelvicWing(int side)
    {
        Shape wing = new Tube([(side * 58, -80, -150, 9), (side * 60, -82, -124, 7.5), (side * 86, -62, -112, 7.5), (side * 110, -30, -116, 7), (side * 122, 4, -138, 7), (side * 126, 16, -160, 7)], 5)
            .With(6, new Tube([(side * 62, -76, -160, 8), (side * 92, -52, -150, 7), (side * 116, -12, -160, 7)], 5));
        yield return new(wing.Grown(9), new(56, 12, 4));
        yield return new(wing, new(440, 70, 6), AbdomenLabel.Pelvis);
        yield return new(wing.Grown(-2.3), new(140, 70, 4), AbdomenLabel.Pelvis, SoftMm: 1);
    }
}
