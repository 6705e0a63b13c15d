namespace SamMed2D.Training.Focus;

/// <summary>
/// What each input channel of the focus network holds; models/compact/README.md describes the first six, the card beside the trained
/// model all of them. New channels go to the end: weights of a network with fewer are taken over and the new ones start at zero, so that
/// the network first does what the old one did.
/// </summary>
internal enum FocusChannel
{
    /// <summary>The slice in the crop, normalised to mean 0 and deviation 1, clamped to ±4.</summary>
    Image,

    /// <summary>The share of each pixel that the box covers.</summary>
    Box,

    /// <summary>Bumps at clicks on the object.</summary>
    PositiveClicks,

    /// <summary>Bumps at clicks off the object.</summary>
    NegativeClicks,

    /// <summary>The mask prompt, 0..1.</summary>
    Mask,

    /// <summary>1 everywhere if a mask prompt is given.</summary>
    MaskGiven,

    /// <summary>The slice that the mask was drawn on, in the same crop, normalised with the mean and deviation of <see cref="Image"/>.</summary>
    PreviousImage,

    /// <summary>1 everywhere if the previous slice's picture is given.</summary>
    PreviousImageGiven,
}

/// <summary>Sizes of the focus network's input.</summary>
internal static class FocusInput
{
    /// <summary>Pixels a side of the crop.</summary>
    public const int Side = 96;

    /// <summary>Pixels of the crop.</summary>
    public const int Area = Side * Side;

    /// <summary>Number of channels.</summary>
    public const int Channels = (int)FocusChannel.PreviousImageGiven + 1;

    /// <summary>Floats of one input, pixel by pixel with the channels innermost (NHWC), which is what the convolutions want.</summary>
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
