namespace SamMed2D.Core.Phantoms;

/// <summary>Smooth random fields in space: Perlin's improved gradient noise (2002) on a hashed lattice; values about -1 to 1, mean 0.</summary>
/// <param name="seed">Which field.</param>
/// <param name="wavelengthMm">Lattice constant: hills and valleys are about this far apart.</param>
internal sealed class SmoothNoise(uint seed, double wavelengthMm)
{
    private readonly double _frequency = 1 / wavelengthMm;

    /// <summary>The field at a point in millimetres.</summary>
    public double At(double x, double y, double z)
    {
        x *= _frequency;
        y *= _frequency;
        z *= _frequency;
        double floorX = Math.Floor(x), floorY = Math.Floor(y), floorZ = Math.Floor(z);
        int i = (int)floorX, j = (int)floorY, k = (int)floorZ;
        x -= floorX;
        y -= floorY;
        z -= floorZ;
        double u = Fade(x), v = Fade(y), w = Fade(z);
        double front = Lerp(v,
            Lerp(u, Corner(i, j, k, x, y, z), Corner(i + 1, j, k, x - 1, y, z)),
            Lerp(u, Corner(i, j + 1, k, x, y - 1, z), Corner(i + 1, j + 1, k, x - 1, y - 1, z)));
        double back = Lerp(v,
            Lerp(u, Corner(i, j, k + 1, x, y, z - 1), Corner(i + 1, j, k + 1, x - 1, y, z - 1)),
            Lerp(u, Corner(i, j + 1, k + 1, x, y - 1, z - 1), Corner(i + 1, j + 1, k + 1, x - 1, y - 1, z - 1)));
        return Lerp(w, front, back);
    }

    private double Corner(int i, int j, int k, double x, double y, double z)
    {
        uint hash = seed ^ ((uint)i * 0x8DA6B343u) ^ ((uint)j * 0xD8163841u) ^ ((uint)k * 0xCB1AB31Fu);
        hash = (hash ^ (hash >> 15)) * 0x2C1B3C6Du;
        hash = (hash ^ (hash >> 12)) * 0x297A2D39u;
        hash ^= hash >> 15;
        // Perlin's twelve edge directions, four of them twice.
        uint direction = hash & 15;
        double a = direction < 8 ? x : y;
        double b = direction < 4 ? y : direction is 12 or 14 ? x : z;
        return ((direction & 1) == 0 ? a : -a) + ((direction & 2) == 0 ? b : -b);
    }

    private static double Fade(double t) => t * t * t * (t * (t * 6 - 15) + 10);

    private static double Lerp(double t, double a, double b) => a + t * (b - a);
}
