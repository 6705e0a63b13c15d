using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>Vertebrae with bodies, arches and processes, the discs between them, and the canal.</summary>
internal static class Spine
{
    private const double PitchMm = 35;

    public static IEnumerable<Part> Parts(PhantomRandom random)
    {
        yield return new(new Tube([(0, Y(160), 160, 19), (0, Y(80), 80, 19.5), (0, Y(0), 0, 21), (0, Y(-80), -80, 22.5), (0, Y(-150), -150, 23)], 5), new(88, 6, 5));
        for (int level = 0; level < AbdomenLabel.Vertebrae.Length; level++)
            foreach (Part part in Vertebra(random, level)) yield return part;
        // The dural sac in epidural fat.
        Shape canal = new Tube([(0, Y(160) - 25, 160, 8.5), (0, Y(60) - 26.5, 60, 9), (0, Y(-40) - 29, -40, 9.5), (0, Y(-150) - 29, -150, 9.5)], 6);
        yield return new(canal, new(-70, 8), 0);
        yield return new(canal.Grown(-2), new(26, 4, 6), 0);
        yield return new(new Tube([(0, Y(160) - 25, 160, 4.5), (0, Y(60) - 26.5, 60, 4.5), (0, Y(20) - 27, 20, 3.4), (0, Y(0) - 28, 0, 0.5)], 5), new(42, 3, 6), 0, SoftMm: 1);
    }

    // The lumbar hollow: the column comes forward below.
    private static double Y(double z) => -50 + 9 / (1 + (z + 60) * (z + 60) / (90.0 * 90)) - (z > 60 ? 0.07 * (z - 60) : 0);

    private static IEnumerable<Part> Vertebra(PhantomRandom random, int level)
    {
        bool lumbar = level < 5;
        ushort label = (ushort)(AbdomenLabel.VertebraL5 + level);
        double z = -128 + level * PitchMm, y = Y(z), wide = (lumbar ? 23.5 - 0.5 * level : 18.5) * random.About1(0.03);
        double deep = wide * 0.72, high = PitchMm / 2 - 4.2, archY = y - deep;
        Shape body = new Drum((0, y, z), wide, deep, high, waistMm: 2.6);
        List<Shape> arch = [];
        foreach (int side in (int[])[1, -1])
        {
            arch.Add(new Tube([(side * 13, archY + 3, z + 5, 5), (side * 14, archY - 9, z + 4, 4.6), (side * 14, archY - 17, z, 6)], 3));
            arch.Add(new Tube([(side * 14, archY - 17, z + 2, 4.2), (side * 8, archY - 23, z - 5, 3.6), (0, archY - 28, z - 8, 3.8)], 3));
            arch.Add(new Tube([(side * 15, archY - 16, z + 12, 5), (side * 15, archY - 18, z - 4, 5), (side * 12, archY - 20, z - 18, 4.5)], 3));
            double reach = lumbar ? 44 : 30;
            arch.Add(new Tube([(side * 15, archY - 12, z + 3, 4.4), (side * (reach - 12), archY - 15, z + 5, 3.2), (side * reach, archY - (lumbar ? 17 : 24), z + 7, 3.6)], 3));
        }
        arch.Add(new Tube([(0, archY - 27, z - 6, 4.2), (0, archY - 40, z - (lumbar ? 9 : 18), 4.8), (0, archY - 47, z - (lumbar ? 11 : 26), 5.2)], 3, flattenX: 1.35));
        Shape processes = arch[0].With(2.5, [.. arch[1..]]);
        Tissue cortical = new(430, 60, 6), marrow = new(170, 60, 3.5);
        yield return new(processes, cortical, label, SoftMm: 0.4);
        yield return new(processes.Grown(-2.2), new(190, 60, 3.5), label, SoftMm: 1);
        yield return new(body, cortical, label, SoftMm: 0.4);
        yield return new(body.Grown(-1.7), marrow, label, SoftMm: 1.4);
        yield return new(new Tube([(0, archY, z, 2), (0, archY + 9, z, 1)], 1), new(80), label, SoftMm: 1);
    }
}
