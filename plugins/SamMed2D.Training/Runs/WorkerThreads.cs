using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace SamMed2D.Training.Runs;

/// <summary>
/// Threads that live as long as a run and do the parts of each step. libtorch keeps its thread count and its caches per thread; one thread
/// of its own to each part is fastest on few cores.
/// </summary>
internal sealed class WorkerThreads : IDisposable
{
    private readonly Barrier _barrier;
    private readonly Thread[] _threads;
    private readonly Exception?[] _failures;
    private Action<int>? _work;

    public WorkerThreads(int count)
    {
        _barrier = new Barrier(count + 1);
        _failures = new Exception?[count];
        _threads = [.. Enumerable.Range(0, count).Select(n => new Thread(() => Loop(n)) { IsBackground = true, Name = $"training {n}" })];
        foreach (Thread thread in _threads) thread.Start();
    }

    /// <summary>Runs the work once on every thread, with the thread's number, and waits for all.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        _barrier.SignalAndWait();
        _barrier.SignalAndWait();
        if (Array.Find(_failures, failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);
    }

    public void Dispose()
    {
        _work = null;
        _barrier.SignalAndWait();
        foreach (Thread thread in _threads) thread.Join();
        _barrier.Dispose();
    }

    private void Loop(int number)
    {
        set_num_threads(1);
        while (true)
        {
            _barrier.SignalAndWait();
            if (_work is not { } work) return;
            try
            {
                work(number);
            }
            catch (Exception failure)
            {
                _failures[number] = failure; // rethrown by Run on the thread that waits
            }
            _barrier.SignalAndWait();
        }
    }
}
