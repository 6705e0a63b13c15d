using SamMed2D.Core.Geometry;

namespace SamMed2D.Core.Phantoms.Brain;

/// <summary>What an MR scanner does to the truth: uneven sensitivity of the coils, and Rician noise (the length of a complex signal).</summary>
internal static class MrScanner
{
    private const double Noise = 15;

    /// <summary>Turns signal into what is stored.</summary>
    public static short[] Scan(VolumeGeometry geometry, float[] values, uint seed)
    {
        short[] voxels = new short[values.Length];
        SmoothNoise coils = new(seed ^ 0x5EED, 130);
        int pixels = geometry.SizeI * geometry.SizeJ;
        Parallel.For(0, geometry.SizeK, k =>
        {
            for (int n = 0; n < pixels; n++)
            {
                RasPoint p = geometry.IndexToRas.IndexToRas(new(n % geometry.SizeI, n / geometry.SizeI, k));
                // A head coil is brighter near its rim and fades towards the neck.
                double rim = (p.R * p.R + p.A * p.A + p.S * p.S) / (110.0 * 110);
                double sensitivity = (0.94 + 0.10 * rim + 0.22 * coils.At(p.R + 40, p.A + 40, p.S + 40)) * Math.Clamp(1 + (p.S + 60) / 160, 0.55, 1);
                long number = (long)k * pixels + n;
                double real = values[number] * sensitivity + Noise * PhantomRandom.GaussianAt(seed, number);
                double imaginary = Noise * PhantomRandom.GaussianAt(~(ulong)seed, number);
                voxels[number] = (short)Math.Clamp(Math.Floor(Math.Sqrt(real * real + imaginary * imaginary) + 0.5), 0, 4095);
            }
        });
        return voxels;
    }
}
