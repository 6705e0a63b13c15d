using SamMed2D.Core.Prompts;
using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Focus;

/// <summary>
/// What each input channel of a focus model holds. New channels go to the end: weights of a network with fewer are taken over and the new ones start at
/// zero, so that the network first does what the old one did.
/// </summary>
public enum FocusChannel
{
    /// <summary>The slice in the crop, by its <see cref="FocusStandard"/>.</summary>
    Image,

    /// <summary>The share of each pixel that the box covers.</summary>
    Box,

    /// <summary>Bumps at clicks on the object.</summary>
    PositiveClicks,

    /// <summary>Bumps at clicks off the object.</summary>
    NegativeClicks,

    /// <summary>The mask prompt, 0 to 1.</summary>
    Mask,

    /// <summary>1 everywhere if a mask prompt is given.</summary>
    MaskGiven,

    /// <summary>The slice that the mask was drawn on, in the same crop, by the standard of <see cref="Image"/>.</summary>
    PreviousImage,

    /// <summary>1 everywhere if the previous slice's picture is given.</summary>
    PreviousImageGiven,
}

/// <summary>Draws a focus model's input: a plane a channel.</summary>
internal static class FocusInput
{
    /// <summary>The number of channels that a model takes.</summary>
    public static int ChannelsOf(FocusInterface rules) => 1 + (int)(rules.PreviousPicture ? FocusChannel.PreviousImageGiven : FocusChannel.MaskGiven);

    /// <summary>Fills the input of one crop.</summary>
    /// <param name="embedding">The slice.</param>
    /// <param name="crop">Where to look.</param>
    /// <param name="prompts">What to draw.</param>
    /// <param name="rules">The model's sizes.</param>
    /// <param name="input">As many planes of crop size squared as the model has channels.</param>
    public static void Draw(FocusEmbedding embedding, FocusCrop crop, PromptSet prompts, FocusInterface rules, Span<float> input)
    {
        FocusView view = new(crop, rules.CropSize, embedding.Canvas);
        input.Clear();
        Span<float> image = PlaneOf(input, FocusChannel.Image, rules);
        DrawPicture(view, embedding.Pixels.Span, embedding, image);
        FocusStandard standard = FocusStandard.Of(image);
        standard.Apply(image);
        if (prompts.Box is { } box) view.DrawBox(box, PlaneOf(input, FocusChannel.Box, rules));
        foreach (PromptPoint point in prompts.Points)
            view.AddClick(point.X, point.Y, PlaneOf(input, point.IsForeground ? FocusChannel.PositiveClicks : FocusChannel.NegativeClicks, rules));
        if (prompts.Mask is not { } mask) return;
        view.DrawMask(mask.Probabilities.Span, mask.Width, mask.Height, PlaneOf(input, FocusChannel.Mask, rules));
        PlaneOf(input, FocusChannel.MaskGiven, rules).Fill(1);
        // The picture beside a mask shows what moved; a mask of this very slice (an answer to be corrected) has nothing to show.
        if (!rules.PreviousPicture || mask.Picture.IsEmpty || mask.Picture.Span.SequenceEqual(embedding.Pixels.Span)) return;
        Span<float> previous = PlaneOf(input, FocusChannel.PreviousImage, rules);
        DrawPicture(view, mask.Picture.Span, embedding, previous);
        standard.Apply(previous);
        PlaneOf(input, FocusChannel.PreviousImageGiven, rules).Fill(1);
    }

    private static void DrawPicture(FocusView view, ReadOnlySpan<byte> picture, FocusEmbedding embedding, Span<float> plane) =>
        view.DrawPicture(picture, embedding.Width, embedding.Height, 1f / byte.MaxValue, plane);

    private static Span<float> PlaneOf(Span<float> input, FocusChannel channel, FocusInterface rules)
    {
        int plane = rules.CropSize * rules.CropSize;
        return input.Slice((int)channel * plane, plane);
    }
}
