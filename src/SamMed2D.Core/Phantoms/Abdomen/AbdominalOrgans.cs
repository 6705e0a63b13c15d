using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>Lungs, heart, liver, gallbladder, spleen, kidneys, adrenals and pancreas.</summary>
internal static class AbdominalOrgans
{
    private static readonly Tissue s_fluid = new(9, 3, 8);

    public static IEnumerable<Part> Parts(PhantomRandom random)
    {
        Shape domeRight = new AboveDiaphragm(1, 97, 66), domeLeft = new AboveDiaphragm(-1, 88, -64);
        return [.. Chest(random, domeRight, domeLeft), .. Pancreas(random), .. Kidney(random, 1), .. Kidney(random, -1), .. Adrenals(),
            .. Spleen(random, domeLeft), .. Liver(random, domeRight, domeLeft)];
    }

    private static IEnumerable<Part> Chest(PhantomRandom random, Shape domeRight, Shape domeLeft)
    {
        Tissue diaphragm = new(58, 6, 5), lung = new(-845, 28, 7);
        Shape chest = AbdominalWall.Chest;
        foreach ((Shape dome, ushort label) in ((Shape, ushort)[])[(domeRight, AbdomenLabel.LungRight), (domeLeft, AbdomenLabel.LungLeft)])
        {
            Shape space = dome.Within(chest.Grown(-1));
            yield return new(dome.Grown(3).Within(chest), diaphragm);
            yield return new(space, lung, label);
            double side = label == AbdomenLabel.LungRight ? 1 : -1;
            for (int n = 0; n < 46; n++)
            {
                // Vessels fan out from the root of the lung, thinner towards the edge.
                double x = side * random.Between(30, 125), y = random.Between(-80, 70), z = random.Between(10, 120);
                double radius = random.Between(1.1, 2.8);
                Shape vessel = new Tube([(side * 30 + 0.25 * x, y * 0.3 - 10, 135, radius + 0.8),
                    (side * 20 + 0.6 * x, y * 0.7, z + 30, radius), (x, y, z, 0.5)]);
                yield return new(vessel.Within(space.Grown(-2)), new(30));
            }
        }
        Shape heart = new Ellipsoid((-18, 34, 128), (62, 52, 38), leanSideways: -0.2);
        yield return new(heart.Grown(7).Within(chest.Grown(-1)), new(-95, 8, 8));
        yield return new(heart.Within(chest.Grown(-5)), new(110, 8, 6), AbdomenLabel.Heart);
        yield return new(new Ellipsoid((-28, 36, 126), (38, 33, 26)).Within(chest.Grown(-5)), new(150, 6, 8));
        yield return new(new Tube([(-6, -8, 140, 8), (-10, -6, 95, 8), (-22, 8, 78, 8)]), new(48, 8, 4));
    }

    private static IEnumerable<Part> Liver(PhantomRandom random, Shape domeRight, Shape domeLeft)
    {
        double big = random.About1(0.04);
        SmoothNoise bumps = new(random.NextSeed(), 45);
        Shape right = new Ellipsoid((64, 2, 30), (70 * big, 82, 76), leanSideways: -0.05);
        Shape left = new Ellipsoid((2, 48, 50), (74, 36, 36), leanSideways: -0.3);
        // Its lower face rises towards the left and sits on kidney, gut and stomach.
        Shape lowerFace = new HalfSpace(-0.42, 0.1, -0.9, 26);
        Shape liver = right.With(26, left).Uneven(bumps, 5)
            .Within(lowerFace)
            .Without(new Ellipsoid((53, -46, -22), (36, 34, 62)), 10)
            .Without(new Ellipsoid((8, -32, 20), (40, 36, 140)), 14)
            .Without(new Ellipsoid((-72, 6, 42), (44, 46, 46)), 8)
            .Without(domeRight.Grown(4)).Without(domeLeft.Grown(4))
            .Within(AbdominalWall.Cavity.Grown(-1.5)).Remembered();
        Tissue tissue = new(108, 7, 5);
        yield return new(liver, tissue, AbdomenLabel.Liver, SoftMm: 0.6);
        // The fissure of the falciform ligament.
        yield return new(new Tube([(14, 82, 20, 2), (15, 62, 34, 3), (12, 46, 40, 1.5)], 4).Within(liver), new(-70), 0, 1);
        foreach (Part part in LiverVessels(liver)) yield return part;
        foreach (Part part in LiverLesions(random, liver)) yield return part;
        Shape gallbladder = new Tube([(50, 30, 2, 4), (55, 44, -8, 13), (60, 58, -22, 15), (63, 62, -32, 10)], 5);
        yield return new(gallbladder.Grown(1.6), new(65, 5, 4), AbdomenLabel.Gallbladder);
        yield return new(gallbladder, s_fluid, AbdomenLabel.Gallbladder);
    }

    private static IEnumerable<Part> LiverVessels(Shape liver)
    {
        Shape inside = liver.Grown(-4);
        // Three hepatic veins run to the vena cava below the dome; the portal branches enter at the hilum.
        (double, double, double, double)[][] veins =
        [
            [(22, -18, 84, 6), (50, -20, 72, 5), (82, -22, 45, 3.5), (105, -20, 10, 1.5)],
            [(20, -12, 84, 5.5), (38, 18, 74, 4.5), (52, 45, 52, 3), (60, 62, 25, 1.5)],
            [(16, -12, 84, 5), (2, 24, 74, 4), (-18, 48, 62, 2.5), (-38, 58, 52, 1.2)],
            [(82, -22, 45, 2.6), (98, 8, 30, 1.2)],
            [(52, 45, 52, 2.6), (78, 48, 40, 1.2)],
        ];
        (double, double, double, double)[][] portal =
        [
            [(24, 4, 24, 7), (44, 8, 36, 6), (74, 0, 38, 4.5), (108, 6, 30, 2)],
            [(74, 0, 38, 4), (90, -30, 24, 3), (100, -44, 5, 1.5)],
            [(74, 0, 38, 4), (84, 34, 26, 3), (92, 54, 8, 1.4)],
            [(44, 8, 36, 5), (62, 4, 58, 3.5), (86, 16, 72, 1.5)],
            [(28, 8, 30, 5.5), (14, 40, 44, 4.5), (-12, 52, 44, 3), (-42, 58, 50, 1.2)],
            [(14, 40, 44, 3), (10, 66, 54, 1.2)],
        ];
        foreach ((double, double, double, double)[] vein in veins) yield return new(new Tube(vein).Within(inside), new(158, 4), SoftMm: 0.8);
        foreach ((double, double, double, double)[] branch in portal) yield return new(new Tube(branch).Within(inside), new(168, 4), SoftMm: 0.8);
    }

    private static IEnumerable<Part> LiverLesions(PhantomRandom random, Shape liver)
    {
        Shape inside = liver.Grown(-3);
        SmoothNoise edge = new(random.NextSeed(), 12);
        (double X, double Y, double Z, double Radius)[] metastases = [(94, -8, 56, 15), (58, -34, 62, 9), (-8, 58, 58, 10), (86, 30, -8, 11)];
        foreach ((double x, double y, double z, double radius) in metastases)
        {
            double r = radius * random.About1(0.1);
            Shape lesion = new Ellipsoid((x, y, z), (r, r * random.About1(0.15), r)).Uneven(edge, 2.5).Within(inside);
            yield return new(lesion, new(78, 8, 4), AbdomenLabel.LiverLesion, SoftMm: 2.5);
            yield return new(lesion.Grown(-0.35 * r), new(46, 10, 4), AbdomenLabel.LiverLesion, SoftMm: 3);
        }
        yield return new(new Ellipsoid((70, 44, 66), (8, 8, 8)).Within(inside), s_fluid, AbdomenLabel.LiverLesion);
    }

    private static IEnumerable<Part> Spleen(PhantomRandom random, Shape domeLeft)
    {
        SmoothNoise bumps = new(random.NextSeed(), 40);
        Shape spleen = new Ellipsoid((-100, -34, 36), (33, 54, 58 * random.About1(0.06)), leanSideways: -0.1, leanForward: 0.15, turn: 0.3).Uneven(bumps, 4)
            .Without(new Ellipsoid((-62, 4, 36), (36, 46, 60)), 8)
            .Without(domeLeft.Grown(4)).Within(AbdominalWall.Cavity.Grown(-1.5));
        yield return new(spleen, new(122, 6, 5), AbdomenLabel.Spleen, SoftMm: 0.5);
        yield return new(new Ellipsoid((-80, -14, -2), (7, 7, 7)), new(120, 5), SoftMm: 0.4);
    }

    private static IEnumerable<Part> Kidney(PhantomRandom random, int side)
    {
        double cx = side > 0 ? 54 : -56, cy = -42, cz = side > 0 ? -28 : -12;
        ushort label = side > 0 ? AbdomenLabel.KidneyRight : AbdomenLabel.KidneyLeft;
        double big = random.About1(0.05);
        SmoothNoise lobes = new(random.NextSeed(), 24);
        // Upper poles lean inwards and back; the hilum faces inwards and forward.
        Ellipsoid body = new((cx, cy, cz), (29 * big, 26 * big, 55 * big), leanSideways: -side * 0.18, leanForward: -0.1, turn: -side * 0.5);
        Shape hilum = new Ellipsoid((cx - side * 21, cy + 12, cz), (15, 13, 19));
        Shape kidney = body.Uneven(lobes, 2).Without(hilum, 8).Remembered();
        Shape sinus = new Ellipsoid((cx - side * 10, cy + 5, cz), (12, 9, 26), leanSideways: -side * 0.18).With(8, hilum);
        yield return new(body.Grown(9), new(-112, 5, 8));
        yield return new(kidney, new(196, 8, 5), label);
        Shape inner = kidney.Grown(-6);
        for (int n = 0; n < 11; n++)
        {
            // Pyramids stand round the sinus in three tiers, their points towards it.
            double z = cz + (n - 5) * 7.2, turnX = (n % 3 - 1) * 0.9, outX = side * (0.9 - 0.35 * Math.Abs(turnX)), outY = -0.35 + turnX;
            double reach = 15 * Math.Sqrt(Math.Max(0.15, 1 - (z - cz) * (z - cz) / (52.0 * 52)));
            double lean = -side * 0.18 * (z - cz);
            Shape pyramid = new Tube([(cx - side * 6 + lean + outX * 4, cy + 4 + outY * 4, z * 0.97 + cz * 0.03, 2.5),
                (cx - side * 4 + lean + outX * reach, cy + 2 + outY * reach, z, 6.2)], 1);
            yield return new(pyramid.Within(inner), new(138, 6, 4), label, SoftMm: 1.5);
        }
        yield return new(sinus.Within(body), new(-85, 12, 5), 0, SoftMm: 0.5);
        foreach (double z in (double[])[-22, -7, 8, 22])
            yield return new(new Tube([(cx - side * 12, cy + 6, cz + z * 0.4, 3.5), (cx - side * (2 + 0.18 * z), cy + 1, cz + z, 3.2)], 2).Within(body), new(14, 4), 0);
        yield return new(new Tube([(cx - side * 10, cy + 5, cz, 6.5), (cx - side * 24, cy + 8, cz - 8, 4.5), (cx - side * 24, cy + 8, cz - 40, 2.2),
            (side * 34, -26, -130, 2)], 6), new(14, 4), 0);
    }

    private static IEnumerable<Part> Adrenals()
    {
        Tissue gland = new(75, 5, 4);
        foreach (int side in (int[])[1, -1])
        {
            double x = side > 0 ? 30 : -34, z = side > 0 ? 34 : 40;
            yield return new(new Tube([(x, -22, z + 8, 2), (x + side * 2, -30, z, 2.4), (x + side * 10, -42, z - 10, 1.8)]), gland);
            yield return new(new Tube([(x, -26, z + 4, 2), (x - side * 4, -40, z - 8, 1.8)]), gland);
        }
    }

    private static IEnumerable<Part> Pancreas(PhantomRandom random)
    {
        SmoothNoise lobules = new(random.NextSeed(), 9);
        Shape pancreas = new Tube([(26, 8, -34, 9), (30, 12, -14, 16), (22, 18, 0, 14), (-2, 24, 8, 11), (-34, 10, 14, 13), (-64, -16, 22, 13), (-80, -24, 26, 8)], 6)
            .Uneven(lobules, 3.2);
        yield return new(pancreas, new(92, 16, 5), AbdomenLabel.Pancreas, SoftMm: 1.2);
        yield return new(new Tube([(26, 16, -8, 1.4), (-2, 24, 10, 1.2), (-60, -10, 24, 0.8)], 6), new(25));
        // Fat and loops of the duodenum round the head.
        Shape duodenum = new Tube([(28, 34, 14, 11), (46, 30, 8, 12), (54, 12, -18, 12), (48, 2, -46, 12), (22, 4, -58, 11), (-14, 4, -54, 10)], 6).Uneven(lobules, 1.5);
        yield return new(duodenum, new(78, 6, 4), AbdomenLabel.SmallBowel);
        yield return new(duodenum.Grown(-3), new(22, 12, 6), AbdomenLabel.SmallBowel, SoftMm: 1);
    }
}
