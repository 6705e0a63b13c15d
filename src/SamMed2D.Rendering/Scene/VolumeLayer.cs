using System.Numerics;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Scene;

/// <summary>How intensities between voxel centres are found.</summary>
public enum Interpolation
{
    /// <summary>Trilinear.</summary>
    Linear,

    /// <summary>The nearest voxel's.</summary>
    Nearest,
}

/// <summary>A volume as slices show it: grey values between black and white.</summary>
/// <param name="Volume">The voxels; not owned.</param>
/// <param name="Window">The intensities shown as black and white.</param>
public sealed record VolumeLayer(Volume Volume, IntensityWindow Window)
{
    /// <summary>How intensities between voxel centres are found.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Linear;

    /// <summary>A layer with a window that suits the volume; see <see cref="SuggestWindow"/>.</summary>
    public static VolumeLayer For(Volume volume) => new(volume, SuggestWindow(volume));

    /// <summary>A window for a volume that nobody has adjusted: the abdominal one for CT, else the 1st to the 99.5th percentile.</summary>
    public static IntensityWindow SuggestWindow(Volume volume)
    {
        float[] sample = volume.Accept(new IntensitySample());
        if (volume.Info.Modality == "CT" || (volume.Info.Modality.Length == 0 && sample[0] <= -900)) return IntensityWindow.Presets["ct-abdomen"];
        double low = sample[(int)(0.01 * (sample.Length - 1))], high = sample[(int)(0.995 * (sample.Length - 1))];
        return high > low ? new(low, high) : new(low - 0.5, low + 0.5);
    }

    // Every n-th intensity, sorted; at most about 100,000 of them, for they only place a window.
    private sealed class IntensitySample : IVolumeVisitor<float[]>
    {
        public float[] Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            ReadOnlySpan<T> voxels = volume.Voxels;
            // An odd stride that shares no factor with common row lengths.
            int stride = voxels.Length / 100_000 * 2 + 1;
            float[] sample = new float[(voxels.Length + stride - 1) / stride];
            for (int n = 0; n < sample.Length; n++)
            {
                float value = (float)volume.Scale.ToIntensity(double.CreateTruncating(voxels[n * stride]));
                sample[n] = float.IsFinite(value) ? value : 0;
            }
            Array.Sort(sample);
            return sample;
        }
    }
}
