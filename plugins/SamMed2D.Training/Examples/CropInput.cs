using System.Numerics;
using SamMed2D.Inference.Focus;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>Draws the pictures and masks of an example through its crop. Belongs to one worker.</summary>
internal sealed class CropInput
{
    private readonly float[] _plane = new float[FocusLayout.Area];

    /// <summary>What a crop shows of a scene. A scene is as large as the canvas of a focus model, so its pixels are the units.</summary>
    public static FocusView ViewOf(FocusCrop crop) => new(crop, FocusLayout.Side, FocusCanvas.OfPixels);

    /// <summary>The crop round an object's bounds.</summary>
    /// <param name="x0">First column.</param>
    /// <param name="y0">First row.</param>
    /// <param name="x1">One past the last column.</param>
    /// <param name="y1">One past the last row.</param>
    /// <param name="factor">Its side over the longer one of the bounds.</param>
    /// <param name="random">Moves it a little.</param>
    public static FocusCrop Frame(int x0, int y0, int x1, int y1, float factor, RandomSource random)
    {
        float side = Math.Clamp(Math.Max(x1 - x0, y1 - y0) * factor, 24, 300);
        float x = (x0 + x1) / 2f + 0.04f * side * random.Normal(), y = (y0 + y1) / 2f + 0.04f * side * random.Normal();
        return FocusCrop.Around(x, y, side);
    }

    /// <summary>The side of a crop over the longer one of the mask that it is framed by; propagation takes 1.5.</summary>
    public static float DrawFactorRoundMask(RandomSource random) => random.Uniform(1.35f, 2.35f);

    /// <summary>Begins an input: its slice, and nothing else.</summary>
    /// <param name="image">The slice.</param>
    /// <param name="previous">The slice of the mask that follows; empty for none.</param>
    /// <param name="crop">Where to look.</param>
    /// <param name="input">The input.</param>
    public void Begin(ReadOnlySpan<float> image, ReadOnlySpan<float> previous, FocusCrop crop, Span<float> input)
    {
        input.Clear();
        ViewOf(crop).DrawPicture(image, Scene.Size, Scene.Size, factor: 1, _plane);
        FocusStandard standard = FocusStandard.Of(_plane);
        standard.Apply(_plane);
        FocusLayout.Set(input, FocusChannel.Image, _plane);
        if (previous.IsEmpty) return;
        ViewOf(crop).DrawPicture(previous, Scene.Size, Scene.Size, factor: 1, _plane);
        standard.Apply(_plane);
        FocusLayout.Set(input, FocusChannel.PreviousImage, _plane);
        FocusLayout.Fill(input, FocusChannel.PreviousImageGiven, 1);
    }

    /// <summary>Adds a mask prompt.</summary>
    /// <param name="mask">0 to 1 a pixel of the scene.</param>
    /// <param name="crop">Where to look.</param>
    /// <param name="input">The input.</param>
    public void AddMask<T>(ReadOnlySpan<T> mask, FocusCrop crop, Span<float> input) where T : unmanaged, INumberBase<T>
    {
        ViewOf(crop).DrawMask(mask, Scene.Size, Scene.Size, _plane);
        FocusLayout.Set(input, FocusChannel.Mask, _plane);
        FocusLayout.Fill(input, FocusChannel.MaskGiven, 1);
    }

    /// <summary>Adds a box prompt.</summary>
    /// <param name="box">In pixels of the scene.</param>
    /// <param name="crop">Where to look.</param>
    /// <param name="input">The input.</param>
    public void AddBox(Core.Prompts.PromptBox box, FocusCrop crop, Span<float> input)
    {
        ViewOf(crop).DrawBox(box, _plane);
        FocusLayout.Set(input, FocusChannel.Box, _plane);
    }
}
