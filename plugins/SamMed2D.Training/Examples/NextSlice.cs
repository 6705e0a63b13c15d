using SamMed2D.Core.Slices;
using SamMed2D.Inference.Focus;
using SamMed2D.Segmentation.Registration;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>
/// What an answer is carried on to, as in a walk through a scan: the other slice of its scene, with the object that is to be found there. So a network learns from masks with its
/// own mistakes in them, and learns to say that nothing is left of the object.
/// </summary>
internal sealed class NextSlice
{
    private const float WithPicture = 0.9f, MovedAlong = 0.7f;

    private readonly float[] _image = new float[Scene.Area], _next = new float[Scene.Area];
    private readonly byte[] _object = new byte[Scene.Area];
    private FocusCrop _crop;

    /// <summary>Whether there is anything to carry on to.</summary>
    public bool IsGiven { get; private set; }

    /// <summary>Forgets what was there.</summary>
    public void Clear() => IsGiven = false;

    /// <summary>Takes over the slices of a scene.</summary>
    /// <param name="scene">The scene; it is copied.</param>
    /// <param name="crop">Where the answer is given.</param>
    /// <param name="there">The object on the other slice; empty where it has none.</param>
    public void Set(Scene scene, FocusCrop crop, Region there)
    {
        scene.Image.CopyTo(_image, 0);
        scene.PreviousImage.CopyTo(_next, 0);
        there.Mask.CopyTo(_object, 0);
        (_crop, IsGiven) = (crop, true);
    }

    /// <summary>Makes the example that follows an answer.</summary>
    /// <param name="logits">The answer.</param>
    /// <param name="random">Where to look, and what is shown.</param>
    /// <param name="carrier">The worker's tools.</param>
    /// <param name="input">Receives the input.</param>
    /// <param name="target">Receives what should be answered.</param>
    /// <returns>False if there is nothing to carry on; nothing is written then.</returns>
    public bool TryMake(ReadOnlySpan<float> logits, RandomSource random, MaskCarrier carrier, Span<float> input, Span<float> target)
    {
        if (!IsGiven || carrier.Carry(logits, _crop, _image, random.Chance(MovedAlong) ? _next : default) is not { } bounds) return false;
        FocusCrop crop = CropInput.Frame(bounds.X0, bounds.Y0, bounds.X1, bounds.Y1, CropInput.DrawFactorRoundMask(random), random);
        carrier.Input.Begin(_next, random.Chance(WithPicture) ? _image : default, crop, input);
        carrier.Input.AddMask(carrier.Mask, crop, input);
        CropInput.ViewOf(crop).DrawMask<byte>(_object, Scene.Size, Scene.Size, target);
        return true;
    }
}

/// <summary>Lays answers over their slice and moves them along with what is seen to move, as propagation does. Belongs to one worker.</summary>
internal sealed class MaskCarrier
{
    private readonly SliceMotion _motion = new();
    private readonly float[] _mask = new float[Scene.Area], _moved = new float[Scene.Area];
    private readonly byte[] _from = new byte[Scene.Area], _to = new byte[Scene.Area];

    public CropInput Input { get; } = new();

    /// <summary>The mask that was carried last, 0 to 1 a pixel of the scene.</summary>
    public ReadOnlySpan<float> Mask => _moved;

    /// <summary>Carries an answer.</summary>
    /// <param name="logits">The answer.</param>
    /// <param name="crop">Where it is given.</param>
    /// <param name="image">Its slice.</param>
    /// <param name="next">The slice to move it to; empty to leave it in place.</param>
    /// <returns>The bounds of what came of it; null where nothing did.</returns>
    public PixelRectangle? Carry(ReadOnlySpan<float> logits, FocusCrop crop, ReadOnlySpan<float> image, ReadOnlySpan<float> next)
    {
        CropInput.ViewOf(crop).Paste(logits, Scene.Size, Scene.Size, _mask);
        if (BoundsOf(_mask) is not { } bounds) return null;
        _mask.CopyTo(_moved, 0);
        if (next.IsEmpty) return bounds;
        ToGreys(image, _from);
        ToGreys(next, _to);
        _motion.Register(_to, _from, Scene.Size, Scene.Size, bounds);
        _motion.Carry(_mask, _moved);
        return BoundsOf(_moved);
    }

    private static void ToGreys(ReadOnlySpan<float> picture, Span<byte> greys)
    {
        for (int n = 0; n < greys.Length; n++) greys[n] = (byte)(Math.Clamp(picture[n], 0, 1) * byte.MaxValue + 0.5f);
    }

    private static PixelRectangle? BoundsOf(ReadOnlySpan<float> mask)
    {
        int x0 = Scene.Size, y0 = Scene.Size, x1 = 0, y1 = 0;
        for (int y = 0, at = 0; y < Scene.Size; y++)
            for (int x = 0; x < Scene.Size; x++, at++)
                if (mask[at] > 0.5f) (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), y + 1);
        return x1 == 0 ? null : new(x0, y0, x1, y1);
    }
}
