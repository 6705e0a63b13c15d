using SamMed2D.Inference.Focus;

namespace SamMed2D.Training.Focus;

/// <summary>How inputs lie in memory while a focus network is trained: pixel by pixel with the channels innermost (NHWC), which is what the convolutions want.</summary>
internal static class FocusLayout
{
    /// <summary>Pixels a side of the crop.</summary>
    public const int Side = 96;

    /// <summary>Pixels of the crop.</summary>
    public const int Area = Side * Side;

    /// <summary>Number of channels.</summary>
    public const int Channels = (int)FocusChannel.PreviousImageGiven + 1;

    /// <summary>Floats of one input.</summary>
    public const int Length = Area * Channels;

    /// <summary>Writes one channel of an input.</summary>
    public static void Set(Span<float> input, FocusChannel channel, ReadOnlySpan<float> plane)
    {
        for (int n = 0; n < Area; n++) input[n * Channels + (int)channel] = plane[n];
    }

    /// <summary>Fills one channel of an input.</summary>
    public static void Fill(Span<float> input, FocusChannel channel, float value)
    {
        for (int n = 0; n < Area; n++) input[n * Channels + (int)channel] = value;
    }
}
