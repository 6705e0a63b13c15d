using SamMed2D.Application.Views;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Segments;

/// <summary>One slice of a confidence strip.</summary>
/// <param name="Slice">The slice's number.</param>
/// <param name="Confidence">0 to 1; null where the model was not asked (drawn or accepted by hand).</param>
/// <param name="IsLocked">True where later propagation leaves the slice as it is.</param>
/// <param name="IsPrompted">True where there are prompts.</param>
/// <param name="NeedsReview">True where the slice deserves a look.</param>
public readonly record struct StripCell(int Slice, double? Confidence, bool IsLocked, bool IsPrompted, bool NeedsReview)
{
    /// <summary>The cell's colour: red for no confidence, through yellow, to green; blue where a person made or accepted it.</summary>
    public RgbColor Color
    {
        get
        {
            if (IsLocked || Confidence is not { } confidence) return new(80, 150, 250);
            // Below a half a mask is of little use, so the colours spend themselves above.
            double x = Math.Clamp((confidence - 0.5) * 2, 0, 1);
            return x < 0.5 ? new(220, (byte)(60 + 300 * x), 50) : new((byte)(220 - 300 * (x - 0.5)), 210, 60);
        }
    }
}

/// <summary>How sure each slice of a segment is, for the strip along a view's slice slider.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Cells">By rising slice; slices without the segment are left out.</param>
public sealed record ConfidenceStrip(SessionSegment Segment, IReadOnlyList<StripCell> Cells)
{
    /// <summary>The strips of a view: one a visible segment that runs along the view's slices.</summary>
    public static IReadOnlyList<ConfidenceStrip> For(Workspace workspace, SliceViewModel view) =>
        workspace.Segments.Session is { } session && view.LabelFrame is { } frame
            ? [.. session.Segments.Where(s => s.IsVisible && s.Axis == frame.Axis).Select(Of).Where(strip => strip.Cells.Count > 0)]
            : [];

    /// <summary>The strip of a segment.</summary>
    public static ConfidenceStrip Of(SessionSegment segment)
    {
        SortedDictionary<int, StripCell> cells = [];
        foreach (SliceRecord record in segment.Records)
        {
            if (!record.IsKept) continue;
            SessionSlice on = segment.OnSlice(record.Slice);
            cells[record.Slice] = new(record.Slice, ConfidenceOf(record), on.IsLocked, !on.Prompts.IsEmpty, record.NeedsReview && !on.IsLocked);
        }
        foreach ((int slice, SessionSlice on) in segment.Slices)
            if (!cells.ContainsKey(slice)) cells[slice] = new(slice, null, on.IsLocked, !on.Prompts.IsEmpty, false);
        return new(segment, [.. cells.Values]);
    }

    /// <summary>The next slice that deserves a look, round and round; null where none does.</summary>
    public static int? NextReview(SessionSegment segment, int from, int step)
    {
        int[] slices = [.. Of(segment).Cells.Where(c => c.NeedsReview).Select(c => c.Slice)];
        if (slices.Length == 0) return null;
        return step > 0 ? slices.Cast<int?>().FirstOrDefault(s => s > from) ?? slices[0] : slices.Cast<int?>().LastOrDefault(s => s < from) ?? slices[^1];
    }

    // A calibrated confidence where the model has one. Else the weakest of what is known speaks: a sure model that jumped is as doubtful as one that is unsure.
    private static double ConfidenceOf(SliceRecord record) => record.Confidence ?? Math.Clamp(Math.Min(record.PredictedIou ?? 1, record.Overlap is { } overlap ? 0.4 + overlap : 1), 0, 1);
}
