namespace SamMed2D.Core.Phantoms;

/// <summary>
/// Random numbers that are the same on every machine and .NET version: PCG32 (O'Neill 2014, XSH-RR 64/32), made into numbers by additions,
/// multiplications and square roots only, which IEEE 754 fixes to the last bit (a sine or a logarithm it does not).
/// </summary>
internal sealed class PhantomRandom(ulong seed)
{
    private ulong _state = Mix(seed);

    /// <summary>The next 32 random bits.</summary>
    public uint NextBits()
    {
        ulong old = _state;
        _state = old * 6364136223846793005UL + 1442695040888963407UL;
        uint shifted = (uint)(((old >> 18) ^ old) >> 27);
        int rotation = (int)(old >> 59);
        return (shifted >> rotation) | (shifted << (-rotation & 31));
    }

    /// <summary>Evenly from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public double Between(double low, double high) => low + (high - low) * (NextBits() * (1.0 / 4294967296.0));

    /// <summary>A number round 1, at most the given share away from it.</summary>
    public double About1(double share) => Between(1 - share, 1 + share);

    /// <summary>A random seed for something else.</summary>
    public uint NextSeed() => NextBits();

    /// <summary>
    /// Noise of a voxel by its number: mean 0, standard deviation 1, near Gaussian (the sum of four even numbers), the same in whatever order
    /// voxels are visited.
    /// </summary>
    public static double GaussianAt(ulong seed, long number)
    {
        ulong bits = Mix(seed ^ Mix((ulong)number));
        long sum = (long)(bits & 0xFFFF) + (long)((bits >> 16) & 0xFFFF) + (long)((bits >> 32) & 0xFFFF) + (long)(bits >> 48);
        return (sum - 131070) * (1 / 37837.2);
    }

    // SplitMix64's finaliser (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
