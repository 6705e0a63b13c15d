using System.Collections.Immutable;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

// Propagation: begun and finished on the session's thread, run on one of its own.
public sealed partial class SegmentationSession
{
    private SessionPropagation? _running;

    /// <summary>True while segments are propagated; labels, prompts and the history are closed meanwhile, appearance is not.</summary>
    public bool IsRunning => _running is not null;

    /// <summary>The runs that made the labels so far, the oldest first, as records hold them.</summary>
    public ImmutableArray<RunRecord> Runs => _document.Runs;

    /// <summary>The model of the last run; null before the first.</summary>
    public SegmenterDescription? Model => _document.Model;

    /// <summary>
    /// Starts to propagate segments from what is new on their slices: prompts ask the model, drawn and accepted masks are taken as they are. Only the spans
    /// up to the next locked slices are made anew; other segments' voxels, and those outside <see cref="Rules"/>' intensities, are never touched.
    /// </summary>
    /// <param name="segmenter">The model; it stays the caller's and must live until <see cref="Finish"/>.</param>
    /// <param name="request">Which segments, where and by what rules.</param>
    /// <returns>The work under way, to be watched, perhaps cancelled, and given to <see cref="Finish"/>.</returns>
    /// <exception cref="InvalidEditException">A segment is missing or protected, a step is open, another propagation runs, or nothing is new.</exception>
    /// <exception cref="InvalidPromptException">The prompts do not fit.</exception>
    public SessionPropagation Propagate(IPromptableSegmenter segmenter, SessionPropagationRequest request)
    {
        RequireFree("propagate");
        SegmentNews[] news = [.. NewsOf(request)];
        if (news.Length == 0) throw new InvalidEditException("there is nothing to propagate: no prompt, drawing or accepted mask is new; draw a box or point on a slice first");
        string document = SessionPrompts.Write(news, Geometry);
        bool isFirst = _document.Runs.Length == 0 && GetVoxelCount(0) == Geometry.VoxelCount && news.All(n => !n.Segment.LockedSlices.Any());
        SegmentationRequest run = SegmentationRequest.Create(
            Volume, request.Window, request.WindowName, PromptDocument.Parse(document, "session"), NoMask, null, isFirst ? null : ToState()) with
        {
            Options = request.Options,
            Editable = Rules.Editable,
        };
        _running = new(segmenter, run, [.. news]);
        _running.Start();
        Raise(ChangedParts.History, default, []);
        return _running;

        static Core.Volumes.LabelMap NoMask(string file) => throw new InvalidPromptException($"a session names no mask files, but '{file}' is asked for");
    }

    /// <summary>Waits for a propagation's end and takes its result over as one step of the history.</summary>
    /// <param name="propagation">From <see cref="Propagate"/>.</param>
    /// <returns>False where it was cancelled; then nothing has changed, bit for bit.</returns>
    /// <exception cref="ModelException">The model failed; nothing has changed.</exception>
    /// <exception cref="InsufficientMemoryForWorkException">The machine has not enough memory to spare; nothing has changed.</exception>
    public bool Finish(SessionPropagation propagation)
    {
        if (!ReferenceEquals(propagation, _running)) throw new InvalidOperationException("The propagation is not this session's, or has been finished.");
        SegmentationResult? result = null;
        try
        {
            result = propagation.Wait();
        }
        finally
        {
            _running = null;
            if (result is null) Raise(ChangedParts.History, default, []);
        }
        if (result is null) return false;
        SessionDocument after = _document with { Runs = [.. result.Runs], Model = result.Model };
        foreach (SegmentNews news in propagation.News)
            after = after.With(news.Settle(after.Find(news.Segment.Label)!, result.Segments.First(s => s.Plan.Segment.Label == news.Segment.Label)));
        LabelDelta? delta = _writer.Become(result.Labels.Labels);
        Do($"Propagate {string.Join(", ", propagation.News.Select(n => n.Segment.Name))}", after, delta);
        return true;
    }

    private IEnumerable<SegmentNews> NewsOf(SessionPropagationRequest request)
    {
        foreach (ushort label in request.Segments)
        {
            SegmentNews news = SegmentNews.Of(RequireEditable(label, "propagate"), request);
            if (news.Prompted.Length + news.Drawn.Length > 0) yield return news;
        }
    }
}

/// <summary>What to propagate, and how.</summary>
public sealed record SessionPropagationRequest
{
    /// <summary>The labels of the segments; those on which nothing is new are passed over.</summary>
    public required IReadOnlyList<ushort> Segments { get; init; }

    /// <summary>The intensities shown to the model as black and white.</summary>
    public required Core.Slices.IntensityWindow Window { get; init; }

    /// <summary>How the window was chosen, for the record.</summary>
    public required string WindowName { get; init; }

    /// <summary>The slices that may be touched; null for each segment's own range.</summary>
    public SliceRange? Range { get; init; }

    /// <summary>Whether all prompts count as new, so that everything between accepted and drawn slices is made anew.</summary>
    public bool IsAnew { get; init; }

    /// <summary>Strategy, rules and limits.</summary>
    public Propagation.PropagationOptions Options { get; init; } = new();
}

/// <summary>What a propagation of a segment starts from.</summary>
/// <param name="Segment">The segment when it began.</param>
/// <param name="Range">The slices that may be touched; null for all.</param>
/// <param name="Prompted">Slices on which the model is to be asked.</param>
/// <param name="Drawn">Slices whose labels are taken as they are.</param>
internal sealed record SegmentNews(SessionSegment Segment, SliceRange? Range, ImmutableArray<int> Prompted, ImmutableArray<int> Drawn)
{
    public static SegmentNews Of(SessionSegment segment, SessionPropagationRequest request)
    {
        SliceRange? range = request.Range ?? segment.Range;
        int[] within = [.. segment.Slices.Keys.Where(s => range?.Contains(s) ?? true)];
        return new(segment, range,
            [.. within.Where(s => segment.Slices[s] is var on && !on.Prompts.IsEmpty && (on.News == SliceNews.Prompts || (request.IsAnew && on is { IsAccepted: false, News: SliceNews.None })))],
            [.. within.Where(s => segment.Slices[s].News == SliceNews.Labels)]);
    }

    /// <summary>The segment after the run: its news are settled, and what was drawn is accepted.</summary>
    public SessionSegment Settle(SessionSegment now, SegmentOutcome outcome)
    {
        ImmutableSortedDictionary<int, SessionSlice> slices = now.Slices;
        foreach (int slice in Prompted) slices = slices.SetItem(slice, slices[slice] with { News = SliceNews.None });
        foreach (int slice in Drawn) slices = slices.SetItem(slice, slices[slice] with { News = SliceNews.None, IsAccepted = true });
        return now with
        {
            Slices = slices,
            Records = [.. outcome.Slices],
            Ends = [.. outcome.Ends],
            Status = now.Status == SegmentStatus.NotStarted ? SegmentStatus.InProgress : now.Status,
        };
    }
}
