using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>Stomach, small bowel and colon. The patient lies on the back, so gas gathers at the front over a level of fluid.</summary>
internal static class AbdominalBowel
{
    private static readonly Tissue s_gas = new(-960, 10, 10);

    public static IEnumerable<Part> Parts(PhantomRandom random) => [.. SmallBowel(random), .. Colon(random), .. Stomach(random)];

    private static IEnumerable<Part> Stomach(PhantomRandom random)
    {
        SmoothNoise folds = new(random.NextSeed(), 17);
        Shape stomach = new Tube([(-58, -8, 66, 24), (-66, 8, 46, 31), (-62, 30, 20, 28), (-42, 50, 0, 22), (-10, 56, -6, 17), (18, 48, 2, 13), (28, 38, 12, 10)], 6)
            .Uneven(folds, 3).Within(AbdominalWall.Cavity.Grown(-2)).Without(new AboveDiaphragm(-1, 88, -64).Grown(4)).Remembered();
        Shape lumen = stomach.Grown(-4.5).Uneven(folds, 2.5);
        yield return new(stomach, new(72, 8, 4), AbdomenLabel.Stomach);
        yield return new(lumen, new(24, 16, 7), AbdomenLabel.Stomach, SoftMm: 1);
        yield return new(lumen.Within(new HalfSpace(0, -1, 0, -42)), s_gas, AbdomenLabel.Stomach);
    }

    private static IEnumerable<Part> SmallBowel(PhantomRandom random)
    {
        Shape room = AbdominalWall.Cavity.Grown(-5);
        SmoothNoise folds = new(random.NextSeed(), 13);
        for (int n = 0; n < 96; n++)
        {
            // Short sausages laid over one another: each hides part of the earlier ones, as loops do.
            double x = random.Between(-88, 82), y = random.Between(-2, 72), z = random.Between(-150, -28);
            if (x * x / (100.0 * 100) + (y - 20) * (y - 20) / (66.0 * 66) > 1) continue;
            double dx = random.Between(-1, 1), dy = random.Between(-0.7, 0.7), dz = random.Between(-0.8, 0.8), bend = random.Between(-14, 14);
            double length = random.Between(14, 34), radius = random.Between(8.5, 13);
            Shape loop = new Tube([(x - dx * length, y - dy * length, z - dz * length, radius * 0.9), (x + bend * dy, y - bend * dx, z, radius),
                (x + dx * length, y + dy * length, z + dz * length, radius * 0.85)], 5).Uneven(folds, 1.8).Within(room).Remembered();
            Shape lumen = loop.Grown(-2.6);
            yield return new(loop.Grown(2.2), new(-98, 8, 8), 0);
            yield return new(loop, new(88, 10, 4), AbdomenLabel.SmallBowel);
            yield return new(lumen, new(random.Between(12, 45), 12, 6), AbdomenLabel.SmallBowel, SoftMm: 1.2);
            if (random.Between(0, 1) < 0.22)
                yield return new(lumen.Grown(-1).Within(new HalfSpace(0, -1, 0, -(y + random.Between(-2, 6)))), s_gas, AbdomenLabel.SmallBowel);
        }
        foreach (Part part in MesentericVessels(random)) yield return part;
    }

    private static IEnumerable<Part> MesentericVessels(PhantomRandom random)
    {
        for (int n = 0; n < 26; n++)
        {
            double x = random.Between(-80, 80), y = random.Between(10, 64), z = random.Between(-140, -40);
            yield return new(new Tube([(0, 4, -20, 2.2), (x * 0.4, 10 + y * 0.3, (z - 20) * 0.6, 1.7), (x, y, z, 0.8)], 5), new(120), Opacity: 0.9);
        }
    }

    private static IEnumerable<Part> Colon(PhantomRandom random)
    {
        SmoothNoise haustra = new(random.NextSeed(), 21), stool = new(random.NextSeed(), 9);
        (double, double, double, double)[][] pieces =
        [
            [(92, -14, -150, 24), (98, -12, -100, 23), (100, -8, -62, 22), (96, 8, -42, 20)],
            [(96, 10, -42, 19), (70, 56, -48, 18), (20, 66, -58, 17), (-40, 64, -46, 17), (-84, 44, -14, 17), (-104, 12, 2, 17)],
            [(-106, 6, 0, 16), (-108, -20, -40, 15), (-108, -18, -100, 14), (-104, -10, -150, 15)],
        ];
        foreach ((double, double, double, double)[] piece in pieces)
        {
            Shape colon = new Tube(piece, 6).Uneven(haustra, 5).Within(AbdominalWall.Cavity.Grown(-2)).Remembered();
            Shape lumen = colon.Grown(-3);
            yield return new(colon.Grown(2.5), new(-100, 8, 8), 0);
            yield return new(colon, new(68, 8, 4), AbdomenLabel.Colon);
            yield return new(lumen, new(36, 34, 6), AbdomenLabel.Colon, SoftMm: 1);
            // Stool is full of small bubbles; over it lies a pocket of gas.
            yield return new(new UnevenBlobs(lumen.Grown(-1.5), stool), new(-620, 120, 5), AbdomenLabel.Colon, SoftMm: 1);
            double level = piece == pieces[1] ? 58 : piece == pieces[0] ? -4 : -12;
            yield return new(lumen.Grown(-0.5).Within(new HalfSpace(0, -1, 0, -level)), s_gas, AbdomenLabel.Colon);
        }
    }

    /// <summary>Blobs scattered in a body, where a noise field is high.</summary>
    private sealed class UnevenBlobs(Shape shape, SmoothNoise noise) : Shape
    {
        public override Bounds Bounds => shape.Bounds;

        public override double Distance(double x, double y, double z)
        {
            double distance = shape.Distance(x, y, z);
            return distance > 3 ? distance : Math.Max(distance, (0.34 - noise.At(x, y, z)) * 7);
        }
    }
}
