namespace SamMed2D.Core.Prompts;

/// <summary>
/// A box prompt in slice pixels. A pixel (x,y) is covered where <c>X0 ≤ x &lt; X1</c>, so the tight box of a mask ends one past its
/// last pixel, as in SAM-Med2D's training.
/// </summary>
/// <param name="X0">Left edge.</param>
/// <param name="Y0">Top edge.</param>
/// <param name="X1">Right edge, beyond the last column covered.</param>
/// <param name="Y1">Bottom edge, beyond the last row covered.</param>
public readonly record struct PromptBox(double X0, double Y0, double X1, double Y1);

/// <summary>A point prompt in slice pixels; whole numbers are pixel centres.</summary>
/// <param name="X">Column.</param>
/// <param name="Y">Row.</param>
/// <param name="IsForeground">True for a point on the object, false for one off it.</param>
public readonly record struct PromptPoint(double X, double Y, bool IsForeground);

/// <summary>
/// A mask prompt: how likely each pixel of the slice belongs to the object. Where it is a model's own output for a slice of the same
/// size, <see cref="Native"/> holds that output too, and a model of the same kind uses it exactly.
/// </summary>
/// <param name="Width">Pixels in a row of the slice.</param>
/// <param name="Height">Rows of the slice.</param>
/// <param name="Probabilities">Width × Height numbers from 0 to 1, row by row.</param>
/// <param name="Native">The low-resolution output in the model's own domain, or null.</param>
public sealed record MaskPrompt(int Width, int Height, ReadOnlyMemory<float> Probabilities, NativeMaskPrompt? Native = null)
{
    /// <summary>
    /// The slice that the mask was drawn on: Width × Height 8-bit greys in the same window, or empty where it is not known. A model that
    /// compares slices uses it to see what moved. Segmenters that do so put a copy into their own masks, so propagation passes it on by itself.
    /// </summary>
    public ReadOnlyMemory<byte> Picture { get; init; }
}

/// <summary>A mask prompt in a model's own resolution and domain.</summary>
/// <param name="ModelId">The id of the model that made it (<c>model.json</c>); other models ignore it.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Values">Width × Height numbers: probabilities (SAM-Med2D) or logits (original SAM), as the model takes them back.</param>
public sealed record NativeMaskPrompt(string ModelId, int Width, int Height, ReadOnlyMemory<float> Values);

/// <summary>All prompts for one object on one slice, in slice pixels. A value: propagation makes one for every slice, and none becomes garbage.</summary>
public readonly record struct PromptSet
{
    /// <summary>The box, if any.</summary>
    public PromptBox? Box { get; init; }

    /// <summary>The points, in the order given.</summary>
    public IReadOnlyList<PromptPoint> Points { get => field ?? []; init; }

    /// <summary>The mask, if any.</summary>
    public MaskPrompt? Mask { get; init; }

    /// <summary>True when there is nothing to go by.</summary>
    public bool IsEmpty => Box is null && Points.Count == 0 && Mask is null;
}
