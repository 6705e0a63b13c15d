using System.Numerics;

namespace SamMed2D.Training.Scenes;

/// <summary>
/// Random numbers that depend on the seed and a counter alone (xoshiro256**, seeded by SplitMix64), so that a run resumed at a step draws
/// what an uninterrupted one would have drawn. Not for concurrent use.
/// </summary>
internal sealed class RandomSource
{
    private ulong _a, _b, _c, _d;

    /// <summary>A stream of its own for every pair of seed and counter.</summary>
    public RandomSource(long seed, long counter)
    {
        ulong state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL ^ (ulong)counter * 0xD1B54A32D192ED03UL);
        (_a, _b, _c, _d) = (SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state));
    }

    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9, t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>From 0 to before 1.</summary>
    public float Unit() => (NextBits() >> 40) * (1f / (1 << 24));

    public float Uniform(float low, float high) => low + (high - low) * Unit();

    /// <summary>Every factor equally likely; both limits positive.</summary>
    public float LogUniform(float low, float high) => low * MathF.Pow(high / low, Unit());

    public bool Chance(float probability) => Unit() < probability;

    /// <summary>From 0 to before the limit.</summary>
    public int Below(int limit) => (int)(Unit() * limit);

    /// <summary>From low to high, both possible.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>Standard normal (Box and Muller).</summary>
    public float Normal() => MathF.Sqrt(-2 * MathF.Log(1 - Unit())) * MathF.Cos(MathF.Tau * Unit());

    /// <summary>Near-normal and cheap, for noise on every pixel: the sum of four uniform 16-bit parts, mean 0, variance 1.</summary>
    public float RoughNormal()
    {
        ulong bits = NextBits();
        int sum = (int)(bits & 0xFFFF) + (int)(bits >> 16 & 0xFFFF) + (int)(bits >> 32 & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131070) * (1f / 37837f);
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ z >> 27) * 0x94D049BB133111EBUL;
        return z ^ z >> 31;
    }
}
