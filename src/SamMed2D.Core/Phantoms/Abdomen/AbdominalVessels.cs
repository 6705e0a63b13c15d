using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>Aorta with its branches, vena cava with the renal veins, and the portal, splenic and mesenteric veins.</summary>
internal static class AbdominalVessels
{
    private static readonly Tissue s_artery = new(172, 4, 8), s_vein = new(142, 5, 8), s_portal = new(166, 4, 8);

    public static IEnumerable<Part> Parts(PhantomRandom random)
    {
        double wide = random.About1(0.06);
        yield return new(new Tube([(-10, -22, 10, 3), (-38, -28, -4, 3), (-50, -34, -10, 2.4)]), s_artery);
        yield return new(new Tube([(-8, -22, 6, 3), (20, -30, -10, 2.8), (48, -36, -26, 2.4)]), s_artery);
        yield return new(new Tube([(16, -18, -8, 5.5), (-10, -4, -6, 4.5), (-36, -24, -8, 5), (-50, -34, -11, 4)], 6), s_vein);
        yield return new(new Tube([(22, -18, -22, 5.5), (40, -28, -26, 5), (50, -34, -27, 4)]), s_vein);
        // Coeliac trunk with hepatic and splenic artery, superior mesenteric artery with its vein on the right.
        yield return new(new Tube([(-8, -14, 28, 4), (-6, 6, 30, 3.2), (18, 14, 26, 2.6), (32, 14, 34, 2)]), s_artery);
        yield return new(new Tube([(-6, 6, 30, 3), (-30, 4, 32, 2.5), (-58, -16, 38, 2.5), (-78, -24, 40, 2)], 5), s_artery);
        yield return new(new Tube([(-8, -14, 18, 4), (-5, 2, 6, 3.6), (-3, 8, -30, 3.4), (0, 12, -90, 2.4), (4, 14, -140, 1.8)]), s_artery);
        Shape portal = new Tube([(8, 14, -120, 3.5), (10, 12, -60, 4.5), (8, 12, -20, 5.5), (10, 12, 4, 7), (18, 6, 18, 7.5), (26, 4, 26, 7.5)], 5)
            .With(3, new Tube([(8, 12, 4, 6), (-20, 6, 12, 5), (-52, -12, 24, 4.6), (-80, -26, 34, 4)], 6));
        yield return new(portal, s_portal, AbdomenLabel.PortalVein);
        Shape aorta = new Tube([(-16, -34, 150, 12.5 * wide), (-13, -30, 80, 12 * wide), (-9, -23, 20, 10.5 * wide), (-6, -19, -40, 9.2 * wide), (-3, -20, -92, 8.6 * wide)], 6)
            .With(2, new Tube([(-3, -20, -90, 7), (12, -22, -112, 6), (26, -28, -140, 5.5)]), new Tube([(-3, -20, -90, 7), (-16, -22, -112, 6), (-28, -28, -140, 5.5)]));
        Shape cava = new Tube([(22, -8, 130, 12), (22, -14, 84, 13), (21, -20, 40, 12), (21, -20, -20, 11), (18, -24, -80, 10.5), (14, -28, -105, 10)], 6)
            .With(2, new Tube([(14, -28, -104, 8), (32, -34, -140, 7)]), new Tube([(14, -28, -104, 8), (-20, -36, -140, 7)]));
        yield return new(cava.Grown(1.5), new(-60), Opacity: 0.5);
        yield return new(cava, s_vein, AbdomenLabel.VenaCava);
        yield return new(aorta.Grown(1.3), new(75), AbdomenLabel.Aorta);
        yield return new(aorta, s_artery, AbdomenLabel.Aorta);
        // Calcified plaques in the wall.
        for (int n = 0; n < 7; n++)
        {
            double z = random.Between(-90, 20), side = random.Between(-1, 1), depth = random.Between(0.2, 1);
            yield return new(new Ellipsoid((-7 + side * 9, -21 + (random.Between(-1, 1) > 0 ? -1 : 1) * 9 * depth * (1 - side * side), z), (1.6, 1.4, 3)).Within(aorta.Grown(2)),
                new(620), AbdomenLabel.Aorta);
        }
    }
}
