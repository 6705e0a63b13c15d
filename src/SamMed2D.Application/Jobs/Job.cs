namespace SamMed2D.Application.Jobs;

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>It works, or waits for its turn.</summary>
    Running,

    /// <summary>It ended, and its result has been taken over.</summary>
    Done,

    /// <summary>It ended with an error, which has been shown.</summary>
    Failed,

    /// <summary>It was stopped; nothing of it remains.</summary>
    Cancelled,
}

/// <summary>A piece of work on a thread of its own, as the user sees it: what, how far, and a way to stop it.</summary>
public sealed class Job
{
    private readonly CancellationTokenSource _cancellation = new();
    private long _done, _total;

    internal Job(string title, bool isQuiet) => (Title, IsQuiet) = (title, isQuiet);

    /// <summary>What is being done, as shown.</summary>
    public string Title { get; }

    /// <summary>True for work that nobody waits for, such as surfaces after an edit; it is not shown as progress.</summary>
    public bool IsQuiet { get; }

    /// <summary>How far it is. Changes only on the user interface's thread, in <see cref="JobQueue.Drain"/>.</summary>
    public JobState State { get; internal set; }

    /// <summary>The part done, 0 to 1; null where it is not known.</summary>
    public double? Progress
    {
        get
        {
            long total = Volatile.Read(ref _total);
            return total > 0 ? Math.Clamp((double)Volatile.Read(ref _done) / total, 0, 1) : null;
        }
    }

    /// <summary>True once somebody asked it to stop.</summary>
    public bool IsCancelRequested => _cancellation.IsCancellationRequested;

    /// <summary>Stops the work within a slice.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Asks it to stop. It ends a moment later.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Tells how far it is; may be called from any thread.</summary>
    public void Report(long done, long total)
    {
        Volatile.Write(ref _done, done);
        Volatile.Write(ref _total, total);
    }
}
