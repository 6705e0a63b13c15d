namespace SamMed2D.Viewer.Window;

/// <summary>
/// Hands events to frames so that none is lost when a frame takes long: Dear ImGui sees only the state at each frame, so a press and its release, or
/// a press and the movement after it, must not meet in one.
/// </summary>
internal sealed class InputQueue
{
    private readonly Queue<(InputEvent Happened, long Time)> _waiting = new();

    /// <summary>True while events wait for a frame.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>
    /// When the last event of the last frame came, in <see cref="Environment.TickCount64"/>. Frames that share out what came at once are no time apart,
    /// else slow drawing would make two clicks of every double click.
    /// </summary>
    public long FrameTime { get; private set; }

    /// <summary>Adds an event.</summary>
    public void Add(in InputEvent happened) => _waiting.Enqueue((happened, Environment.TickCount64));

    /// <summary>Takes what one frame may see, in order.</summary>
    public void TakeFrame(List<InputEvent> frame)
    {
        frame.Clear();
        int buttons = 0;
        bool hasWheel = false;
        HashSet<int> keys = [];
        while (_waiting.TryPeek(out (InputEvent Happened, long Time) first))
        {
            InputEvent next = first.Happened;
            bool fits = next.Kind switch
            {
                InputKind.Move or InputKind.Leave => buttons == 0 && !hasWheel,
                InputKind.Button => (buttons & 1 << next.Code) == 0 && !hasWheel,
                InputKind.Wheel => buttons == 0,
                InputKind.Key => keys.Add(next.Code),
                _ => true,
            };
            if (!fits) return;
            if (next.Kind == InputKind.Button) buttons |= 1 << next.Code;
            hasWheel |= next.Kind == InputKind.Wheel;
            frame.Add(next);
            FrameTime = first.Time;
            _waiting.Dequeue();
        }
    }
}
