namespace SamMed2D.Segmentation.Session;

/// <summary>An action under way, such as a brush stroke: its edits become one step of the history, or none.</summary>
public sealed class SessionStep : IDisposable
{
    private readonly SegmentationSession _session;

    internal SessionStep(SegmentationSession session, string description, SessionDocument before) =>
        (_session, Description, Before) = (session, description, before);

    /// <summary>The action in a few words.</summary>
    public string Description { get; }

    internal SessionDocument Before { get; }

    internal List<LabelDelta> Deltas { get; } = [];

    /// <summary>Ends the step and puts it into the history, if anything changed.</summary>
    public void Commit() => _session.Commit(this);

    /// <summary>Takes everything back, unless the step was committed.</summary>
    public void Dispose() => _session.RollBack(this);
}
