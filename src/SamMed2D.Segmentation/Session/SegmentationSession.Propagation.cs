namespace SamMed2D.Segmentation.Session;

public sealed partial class SegmentationSession
{
    /// <summary>True while segments are propagated; labels, prompts and the history are closed meanwhile, appearance is not.</summary>
    public bool IsRunning { get; private set; }
}
