using SamMed2D.Application.Notices;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Prompting;

/// <summary>
/// Prompts on slices and the masks that appear for them. What is drawn while a button is held is asked about at once; when the gesture ends it becomes
/// the session's, as a step that can be undone. The mask stays an offer until it is accepted.
/// </summary>
public sealed class PromptingModel : IDisposable
{
    private readonly Workspace _workspace;
    private readonly LivePredictor _predictor;
    private PromptTarget? _live;
    private Question? _asked;
    private MaskPrediction? _prediction;
    private long _number;
    private int _candidate = -1;

    internal PromptingModel(Workspace workspace)
    {
        _workspace = workspace;
        _predictor = new(answer => workspace.Jobs.Post(() => Take(answer)), () => workspace.Jobs.Post(workspace.Touch));
    }

    /// <summary>The mask that the model offers; null for none.</summary>
    public MaskPreview? Preview { get; private set; }

    /// <summary>True while the model has been asked and has not answered.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>
    /// How many slices round the one looked at the model has encoded, of how many that will be, while a tool for prompts is in hand; null where that is
    /// not worth doing ahead.
    /// </summary>
    public (int Done, int Total)? EncodedAhead => _predictor.Ahead;

    /// <summary>True where the last look found nothing to ask that has not been asked.</summary>
    internal bool IsUpToDate => FindQuestion() == _asked && (_workspace.Segments.Session is null || ModelWindow is not null);

    /// <summary>The intensities shown to the model as black and white; null while they are being found.</summary>
    public IntensityWindow? ModelWindow { get; internal set; }

    /// <summary>Stops the model.</summary>
    public void Dispose() => _predictor.Dispose();

    internal LivePredictor Predictor => _predictor;

    /// <summary>What is being drawn, for tools: asked about at once, but no part of the session yet. Null takes it back.</summary>
    internal void SetLive(PromptTarget? target) => _live = target;

    /// <summary>True where prompts that only the model can hold (a lasso's mask) wait to be accepted.</summary>
    internal PromptTarget? Live => _live;

    /// <summary>The slice and segment that a view's prompts go to; adds a segment where there is none.</summary>
    /// <exception cref="InvalidCommandException">The view is oblique, or the segment is prompted along another axis.</exception>
    internal (SegmentationSession Session, ushort Label, int Slice) RequireTarget(SliceViewModel view, int? slice = null)
    {
        if (view.IsOblique) throw new InvalidCommandException("prompt", "prompts need a slice of the grid; go back to the grid (Shift+O) first");
        SegmentationSession session = _workspace.Segments.Session ?? throw new InvalidCommandException("prompt", "open a scan first");
        SliceFrame frame = view.Frame!;
        SessionSegment segment = _workspace.Segments.Active ?? session.Find(session.AddSegment(FreeName(session), axis: frame.Axis))!;
        if (segment.Axis != frame.Axis)
        {
            if (!segment.Slices.IsEmpty || !segment.Records.IsEmpty)
                throw new InvalidCommandException("prompt",
                    $"'{segment.Name}' is prompted along its {new SliceFrame(session.Geometry, segment.Axis).Plane.ToString().ToLowerInvariant()} slices; draw there, or add a segment");
            session.SetAxis(segment.Label, frame.Axis);
        }
        return (session, segment.Label, slice ?? view.Slice);
    }

    /// <summary>Asks about what is drawn or prompted on the slice in sight, where that has not been asked; called before every frame.</summary>
    internal void Tick()
    {
        ShowSlice();
        Question? wanted = FindQuestion();
        if (wanted == _asked) return;
        bool isOtherPlace = wanted is null || _asked is null || wanted.Key != _asked.Key || wanted.Label != _asked.Label;
        if (isOtherPlace || _live is null && wanted?.Prompts != _asked?.Prompts) _candidate = -1;
        // An old mask stays until the new one is there, as long as it is about the same place.
        if (isOtherPlace) Preview = null;
        _asked = wanted;
        Ask();
    }

    /// <summary>Takes the next mask of the model.</summary>
    internal void NextCandidate()
    {
        if (Preview is not { } preview) return;
        _candidate = (preview.Candidate + 1) % preview.CandidateCount;
        if (preview.HasOwnCandidates) Ask();
        else Preview = preview.WithThreshold(_candidate, _prediction!);
    }

    /// <summary>Writes the offered mask into the segment; the slice is a start for propagation from then on.</summary>
    internal void Accept()
    {
        MaskPreview preview = Preview ?? throw new InvalidCommandException("prompt.accept", "there is no mask yet; draw a prompt first");
        SegmentationSession session = _workspace.Segments.Session!;
        SessionSegment segment = session.Find(preview.Label)!;
        using SessionStep step = session.BeginStep($"Accept {segment.Name} on slice {preview.Slice}");
        // What only the model can hold (a lasso) leaves its box; the mask itself goes into the labels.
        if (_live is { } live && !live.Prompts.IsEmpty) session.SetPrompts(preview.Label, preview.Slice, live.Prompts with { Mask = null });
        session.ApplySlice(preview.Label, preview.Slice, preview.Mask, MaskMode.Replace);
        session.SetAccepted(preview.Label, preview.Slice, true);
        step.Commit();
        (_live, Preview) = (null, null);
    }

    /// <summary>Drops the offered mask and its prompts.</summary>
    internal void Reject()
    {
        if (_live is not null)
        {
            _live = null;
            return;
        }
        if (FindQuestion() is { } question) _workspace.Segments.Session!.SetPrompts(question.Label, question.Key.Slice, new());
    }

    internal void Forget()
    {
        (_live, _asked, Preview, _prediction, IsWaiting) = (null, null, null, null, false);
        _predictor.Clear();
    }

    private void ShowSlice()
    {
        bool isPrompting = _workspace.Tools.Active is Tools.PromptTool && _workspace.Model.IsReady;
        SliceViewModel view = _workspace.SliceView(_workspace.ActiveSliceView);
        _predictor.Show(isPrompting && !view.IsOblique ? KeyOf(view.LabelFrame?.Axis, view.Slice) : null);
    }

    private SliceKey? KeyOf(SliceAxis? axis, int slice) =>
        axis is { } along && _workspace.Segments.Session is { } session && ModelWindow is { } window ? new(session.Volume, along, slice, window) : null;

    // What is drawn now comes first; then what the session holds for the segment in hand on a slice in sight, where the model is to be asked.
    private Question? FindQuestion()
    {
        if (!_workspace.Model.IsReady || _workspace.Segments is not { Busy: null, Session: { } session }) return null;
        if (_live is { } live) return live.Prompts.IsEmpty || KeyOf(live.Axis, live.Slice) is not { } key ? null : new(live.Label, key, live.Prompts);
        if (_workspace.Segments.Active is not { } segment) return null;
        foreach (SliceViewModel view in _workspace.SliceViews)
        {
            if (view.LabelFrame?.Axis != segment.Axis || view.IsOblique) continue;
            SessionSlice on = segment.OnSlice(view.Slice);
            if (on.News == SliceNews.Prompts && !on.IsAccepted && KeyOf(segment.Axis, view.Slice) is { } here) return new(segment.Label, here, on.Prompts);
        }
        return null;
    }

    private void Ask()
    {
        IsWaiting = _asked is not null;
        if (_asked is { } asked) _predictor.Ask(new(++_number, asked.Key, asked.Prompts, _candidate >= 0 && Preview is { HasOwnCandidates: true } ? _candidate : null));
        else _predictor.Forget();
    }

    private void Take(PredictionAnswer answer)
    {
        if (answer.Request.Key != _asked?.Key) return;
        bool isNewest = answer.Request.Number == _number;
        IsWaiting &= !isNewest;
        _workspace.Touch();
        if (answer.Prediction is { } prediction)
        {
            _prediction = prediction;
            int candidate = prediction.Candidates.Count > 1 ? prediction.Chosen : Math.Max(_candidate, 0);
            Preview = new(_asked.Label, answer.Request.Key.Axis, answer.Request.Key.Slice, prediction, candidate, answer.Elapsed);
        }
        else if (isNewest)
        {
            Preview = null;
            _workspace.Notices.Add(Notice.Of("Prompt", answer.Failure!));
        }
    }

    private static string FreeName(SegmentationSession session)
    {
        int number = 1;
        while (session.Segments.Any(s => s.Name == $"Segment {number}")) number++;
        return $"Segment {number}";
    }

    private sealed record Question(ushort Label, SliceKey Key, PromptSet Prompts);
}

/// <summary>Prompts for a segment on a slice.</summary>
/// <param name="Label">The segment.</param>
/// <param name="Axis">The grid axis along which the slices run.</param>
/// <param name="Slice">The slice's index.</param>
/// <param name="Prompts">In slice pixels.</param>
internal sealed record PromptTarget(ushort Label, SliceAxis Axis, int Slice, PromptSet Prompts);
