using System.Collections.Concurrent;
using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Jobs;

/// <summary>
/// Runs work in the background and hands its results to the user interface's thread, which takes them in <see cref="Drain"/>.
/// Everything but <see cref="Post"/> belongs to that thread.
/// </summary>
public sealed class JobQueue : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<Job> _running = [];
    private readonly List<Thread> _threads = [];

    /// <summary>The work under way, the oldest first.</summary>
    public IReadOnlyList<Job> Running => _running;

    /// <summary>True while nothing that somebody waits for is under way.</summary>
    public bool IsIdle => _running.TrueForAll(job => job.IsQuiet) && _posted.IsEmpty;

    /// <summary>Starts work on a thread of its own.</summary>
    /// <param name="title">What is being done, as shown.</param>
    /// <param name="work">The work; it reports to and is stopped by the job.</param>
    /// <param name="done">Takes the result over, on the user interface's thread. Not called after a cancellation.</param>
    /// <param name="failed">Told what went wrong, on the user interface's thread; cancellation included.</param>
    /// <param name="isQuiet">True for work that nobody waits for.</param>
    public Job Start<T>(string title, Func<Job, T> work, Action<T> done, Action<Exception> failed, bool isQuiet = false)
    {
        Job job = new(title, isQuiet);
        _running.Add(job);
        Thread thread = new(() => Run(job, work, done, failed)) { IsBackground = true, Name = title };
        _threads.Add(thread);
        thread.Start();
        return job;
    }

    /// <summary>Raised, on whatever thread, when something waits for the next <see cref="Drain"/>: whoever sleeps until something happens is to wake.</summary>
    public event Action? Posted;

    /// <summary>Has something done on the user interface's thread at the next <see cref="Drain"/>. May be called from any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Posted?.Invoke();
    }

    /// <summary>Does what was posted.</summary>
    /// <returns>True where there was anything.</returns>
    public bool Drain()
    {
        bool any = false;
        // What these actions post in turn waits for the next round, so that a frame always ends.
        for (int left = _posted.Count; left > 0 && _posted.TryDequeue(out Action? action); left--, any = true) action();
        _threads.RemoveAll(thread => !thread.IsAlive);
        return any;
    }

    /// <summary>Asks all work to stop.</summary>
    public void CancelAll()
    {
        foreach (Job job in _running) job.Cancel();
    }

    /// <summary>Stops all work and waits for its threads. Results that nobody has taken are dropped.</summary>
    public void Dispose()
    {
        CancelAll();
        foreach (Thread thread in _threads) thread.Join();
        _posted.Clear();
    }

    private void Run<T>(Job job, Func<Job, T> work, Action<T> done, Action<Exception> failed)
    {
        try
        {
            T result = work(job);
            Post(() => Finish(job, JobState.Done, () => done(result), failed));
        }
        catch (Exception failure)
        {
            Exception cause = CauseOf(failure, job);
            Post(() => Finish(job, cause is OperationCanceledException ? JobState.Cancelled : JobState.Failed, () => failed(cause), failed));
        }
    }

    private void Finish(Job job, JobState state, Action then, Action<Exception> failed)
    {
        _running.Remove(job);
        job.State = state;
        try
        {
            then();
        }
        catch (Exception failure) when (state == JobState.Done)
        {
            job.State = JobState.Failed;
            failed(failure);
        }
    }

    // Parallel work wraps its errors, and cancelled work may end with whatever broke first.
    private static Exception CauseOf(Exception failure, Job job)
    {
        while (failure is AggregateException { InnerExceptions.Count: > 0 } aggregate) failure = aggregate.InnerExceptions[0];
        return failure is not SamMed2DException && job.IsCancelRequested ? new OperationCanceledException("stopped", failure) : failure;
    }
}
