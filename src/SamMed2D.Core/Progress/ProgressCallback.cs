namespace SamMed2D.Core.Progress;

/// <summary>
/// Told how far a piece of work has come. Called in order on the thread that works, so it must be quick
/// (<see cref="System.Progress{T}"/> reports on pool threads, out of order, and is not used here).
/// </summary>
/// <param name="done">Units done.</param>
/// <param name="total">Units in all, in the same unit; 0 where not known.</param>
public delegate void ProgressCallback(long done, long total);
