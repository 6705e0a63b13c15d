using System.Globalization;
using System.Numerics;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Slicing;

/// <summary>How the window of a scan is found: from the scan itself, or as said.</summary>
public abstract record IntensityWindowChoice
{
    private const double LowShare = 0.005, HighShare = 0.995;

    private IntensityWindowChoice()
    {
    }

    /// <summary>The 0.5 to 99.5 percentile of the body; the default.</summary>
    public static IntensityWindowChoice Auto { get; } = new AutoChoice();

    /// <summary>From the lowest to the highest voxel, as SA-Med2D-20M was made.</summary>
    public static IntensityWindowChoice MinMax { get; } = new MinMaxChoice();

    /// <summary>What the choice is called in options and records.</summary>
    public abstract string Name { get; }

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>A window as said.</summary>
    public static IntensityWindowChoice Of(IntensityWindow window) => new FixedChoice(window, FormattableString.Invariant($"{window.Width},{window.Level}"));

    /// <summary>Reads <c>auto</c>, <c>minmax</c>, <c>WIDTH,LEVEL</c> or the name of one of <see cref="IntensityWindow.Presets"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="choice">The choice, where the text is one.</param>
    /// <param name="problem">What was expected, where it is none.</param>
    public static bool TryParse(string text, out IntensityWindowChoice choice, out string problem)
    {
        (choice, problem) = (Auto, "");
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return true;
        if (text.Equals("minmax", StringComparison.OrdinalIgnoreCase))
        {
            choice = MinMax;
            return true;
        }
        if (IntensityWindow.Presets.TryGetValue(text, out IntensityWindow preset))
        {
            choice = new FixedChoice(preset, text.ToLowerInvariant());
            return true;
        }
        string[] parts = text.Split(',');
        if (parts.Length == 2 && TryNumber(parts[0], out double width) && TryNumber(parts[1], out double level) && width > 0)
        {
            choice = Of(IntensityWindow.FromWidthAndLevel(width, level));
            return true;
        }
        problem = $"window '{text}' is none of auto, minmax, WIDTH,LEVEL (such as 400,40) and {string.Join(", ", IntensityWindow.Presets.Keys)}";
        return false;
    }

    /// <summary>Finds the window of a scan. Never empty: a scan of one intensity gets a window of width 1 from it.</summary>
    /// <param name="volume">The scan.</param>
    public abstract IntensityWindow Resolve(Volume volume);

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static IntensityWindow Between(double low, double high) =>
        double.IsNaN(low) ? new(0, 1) : high > low ? new(low, high) : new(low, low + 1);

    private sealed record AutoChoice : IntensityWindowChoice
    {
        public override string Name => "auto";

        public override IntensityWindow Resolve(Volume volume)
        {
            IntensityHistogram histogram = IntensityHistogram.Of(volume);
            double floor = BodyFloor(histogram, volume.Info.Modality);
            return Between(histogram.Quantile(LowShare, floor), histogram.Quantile(HighShare, floor));
        }

        /// <summary>
        /// The intensity from which voxels count as body. CT (known from the header, or from air far under 0 in a tenth of the scan) leaves out air and
        /// most of the lung; elsewhere the darkest twentieth of the used range is taken for background and noise.
        /// </summary>
        private static double BodyFloor(IntensityHistogram histogram, string modality)
        {
            const double airHu = -700, bodyHu = -300, backgroundShare = 0.05, leastBodyShare = 0.01;
            bool isCt = modality == "CT" || (modality.Length == 0 && histogram.Quantile(0.1) < airHu && histogram.Min >= -8192);
            double top = histogram.Quantile(0.999);
            double floor = isCt ? bodyHu : histogram.Min + backgroundShare * (top - histogram.Min);
            return histogram.CountFrom(floor) >= leastBodyShare * histogram.Total ? floor : double.NegativeInfinity;
        }
    }

    private sealed record MinMaxChoice : IntensityWindowChoice
    {
        public override string Name => "minmax";

        public override IntensityWindow Resolve(Volume volume)
        {
            (double low, double high) = volume.Accept(new FiniteRange());
            return Between(Math.Min(low, high), Math.Max(low, high));
        }

        private sealed class FiniteRange : IVolumeVisitor<(double First, double Second)>
        {
            public (double First, double Second) Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
            {
                bool any = false;
                T min = T.Zero, max = T.Zero;
                foreach (T voxel in volume.Voxels)
                {
                    if (!T.IsFinite(voxel)) continue;
                    if (!any) (any, min, max) = (true, voxel, voxel);
                    else if (voxel < min) min = voxel;
                    else if (voxel > max) max = voxel;
                }
                return any
                    ? (volume.Scale.ToIntensity(double.CreateTruncating(min)), volume.Scale.ToIntensity(double.CreateTruncating(max)))
                    : (double.NaN, double.NaN);
            }
        }
    }

    private sealed record FixedChoice(IntensityWindow Window, string Text) : IntensityWindowChoice
    {
        public override string Name => Text;

        public override IntensityWindow Resolve(Volume volume) => Window;
    }
}
