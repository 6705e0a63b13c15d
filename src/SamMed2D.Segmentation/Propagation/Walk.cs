using SamMed2D.Core.Prompts;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>A key slice of a segment and the walks that start from it.</summary>
internal sealed record KeyTask(Segment Segment, KeySlice Key, IReadOnlyList<Walk> Walks);

/// <summary>One segment's way from a key slice in one direction, and the last mask accepted on it.</summary>
internal sealed class Walk
{
    private MaskShape? _spare;

    public Walk(Segment segment, int keySlice, StepKind kind, int lastSlice, StopReason endReason, Gap? gap = null)
    {
        (Segment, KeySlice, Kind, LastSlice, EndReason, Gap) = (segment, keySlice, kind, lastSlice, endReason, gap);
        LastAccepted = keySlice;
    }

    public Segment Segment { get; }

    public int KeySlice { get; }

    /// <summary>Up or Down.</summary>
    public StepKind Kind { get; }

    public int Step => Kind == StepKind.Up ? 1 : -1;

    /// <summary>The furthest slice that the walk may reach; behind the key slice where it may not begin.</summary>
    public int LastSlice { get; }

    /// <summary>Why it ends there.</summary>
    public StopReason EndReason { get; }

    /// <summary>The gap between key slices that it crosses, if any.</summary>
    public Gap? Gap { get; }

    /// <summary>The visits that it wants, in order.</summary>
    public List<Visit> Visits { get; } = [];

    public int LastAccepted { get; private set; }

    /// <summary>Why it has ended; null while it goes on.</summary>
    public StopReason? Stop { get; set; }

    public MaskPrompt? Mask { get; private set; }

    /// <summary>The last accepted mask's shape.</summary>
    public MaskShape? Shape { get; private set; }

    /// <summary>What the object looks like on the key slice; null until the key slice is done.</summary>
    public MaskAppearance? KeyAppearance { get; set; }

    /// <summary>What the candidate looks like. Reused from slice to slice.</summary>
    public MaskAppearance CandidateAppearance { get; } = new();

    /// <summary>The candidate's shape, to be filled before <see cref="Accept"/>.</summary>
    public MaskShape Candidate(MaskPrompt mask)
    {
        _spare ??= new(mask.Width, mask.Height);
        _spare.Set(mask);
        return _spare;
    }

    /// <summary>Makes the candidate the last accepted mask.</summary>
    public void Accept(int slice, MaskPrompt mask)
    {
        (Shape, _spare) = (_spare, Shape);
        (Mask, LastAccepted) = (mask, slice);
    }

    /// <summary>Lets go of the masks once the walk has ended.</summary>
    public void Release() => (Mask, Shape, _spare) = (null, null, null);
}

/// <summary>The slices between two key slices of a segment, which are walked from both ends.</summary>
internal sealed class Gap(int lowerKey, int upperKey)
{
    private readonly ProbabilityPatch?[] _up = new ProbabilityPatch?[upperKey - lowerKey - 1];
    private readonly ProbabilityPatch?[] _down = new ProbabilityPatch?[upperKey - lowerKey - 1];
    private int _openWalks;

    public void Put(StepKind kind, int slice, ProbabilityPatch patch) => (kind == StepKind.Up ? _up : _down)[slice - lowerKey - 1] = patch;

    /// <summary>Tells that a walk is to cross the gap.</summary>
    public void Open() => _openWalks++;

    /// <summary>Tells that a walk has ended; true for the last.</summary>
    public bool Close() => --_openWalks == 0;

    /// <summary>
    /// The masks of the slices that at least one walk reached. Where both did, they are weighted by nearness to their key slices;
    /// where one stopped early, the other stands alone.
    /// </summary>
    public IEnumerable<(int Slice, ProbabilityPatch Patch)> Blend()
    {
        for (int n = 0; n < _up.Length; n++)
        {
            double weightOfDown = (n + 1.0) / (_up.Length + 1);
            ProbabilityPatch? patch = (_up[n], _down[n]) switch
            {
                ({ } up, { } down) => ProbabilityPatch.Blend(up, down, weightOfDown),
                var (up, down) => up ?? down,
            };
            if (patch is not null) yield return (lowerKey + 1 + n, patch);
        }
    }
}
