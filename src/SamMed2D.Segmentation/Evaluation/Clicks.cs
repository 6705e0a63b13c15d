using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>The points that a mask's object is given, one after the other: drawn, or replayed.</summary>
/// <param name="grid">Where points are drawn.</param>
/// <param name="truth">The object on the grid; not empty.</param>
/// <param name="replayed">The points to give instead of drawing, or null.</param>
/// <param name="random">Draws.</param>
internal sealed class Clicks(TestGrid grid, MaskPlane truth, IReadOnlyList<IReadOnlyList<double>?>? replayed, Random random)
{
    private readonly List<PromptPoint?> _given = [];

    /// <summary>The points so far.</summary>
    public IReadOnlyList<PromptPoint> Points => [.. _given.Where(p => p is not null).Select(p => p!.Value)];

    /// <summary>Adds a point anywhere on the object.</summary>
    public void AddFirst() => Add(truth.Pixels);

    /// <summary>Adds a point where a mask is wrong: on the object where it was missed, off it where the mask is too large. Adds none where it is right.</summary>
    /// <param name="mask">The mask, on the picture's pixels.</param>
    public void AddFromErrors(MaskPlane mask)
    {
        MaskPlane wrong = grid.Reduce(mask);
        for (int n = 0; n < wrong.Pixels.Length; n++) wrong.Pixels[n] ^= truth.Pixels[n];
        Add(wrong.Pixels);
    }

    /// <summary>All points, as they are saved.</summary>
    public IReadOnlyList<IReadOnlyList<double>?> ToSaved() => [.. _given.Select(p => p is { } point ? (double[])[point.X, point.Y, point.IsForeground ? 1 : 0] : null)];

    private void Add(ReadOnlySpan<byte> candidates) => _given.Add(replayed is null ? Draw(candidates) : Replay());

    private PromptPoint? Replay() =>
        _given.Count < replayed!.Count && replayed[_given.Count] is { } point ? new(point[0], point[1], point[2] == 1) : null;

    private PromptPoint? Draw(ReadOnlySpan<byte> candidates)
    {
        int count = 0;
        foreach (byte candidate in candidates) count += candidate;
        if (count == 0) return null;
        int left = random.Next(count), at = -1;
        while (left >= 0) left -= candidates[++at];
        (int y, int x) = Math.DivRem(at, grid.Width);
        return grid.ToPicture(x, y, truth[x, y]);
    }
}
