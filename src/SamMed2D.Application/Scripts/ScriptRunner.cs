using System.Diagnostics;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Notices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Scripts;

/// <summary>
/// Runs a script a little at a time, between the frames of a viewer or in a loop without one. A command that fails, a notice that tells of an error, and
/// an expectation that does not hold end it.
/// </summary>
public sealed class ScriptRunner
{
    private readonly Workspace _workspace;
    private readonly CommandScript _script;
    private readonly HashSet<Notice> _known;
    private int _next;
    private long _waitingSince;

    /// <summary>Prepares a run.</summary>
    public ScriptRunner(Workspace workspace, CommandScript script) => (_workspace, _script, _known) = (workspace, script, [.. workspace.Notices.Open]);

    /// <summary>True once the last step is done, and what it began has ended.</summary>
    public bool IsDone => _next == _script.Steps.Count && IsSettled;

    /// <summary>The last note, in its words; empty before the first.</summary>
    public string Note { get; private set; } = "";

    /// <summary>Goes on until a step has to wait, or a command changed what is on show; the workspace's <see cref="Workspace.Tick"/> comes between.</summary>
    /// <returns>True where something was done.</returns>
    /// <exception cref="SamMed2DException">A step failed; the message names it.</exception>
    public bool Advance()
    {
        RequireNoError();
        if (_next == _script.Steps.Count) return false;
        ScriptStep step = _script.Steps[_next];
        if (step is WaitStep wait)
        {
            if (_waitingSince == 0) _waitingSince = Stopwatch.GetTimestamp();
            if (!IsSettled)
            {
                if (Stopwatch.GetElapsedTime(_waitingSince) <= wait.Longest) return false;
                throw new InvalidCommandException(step.Place, $"still under way after {wait.Longest.TotalSeconds:0.#} s: {string.Join(", ", _workspace.Jobs.Running.Select(j => j.Title).DefaultIfEmpty("the model"))}");
            }
        }
        else Do(step);
        _waitingSince = 0;
        _next++;
        return true;
    }

    /// <summary>Runs the whole script without a viewer.</summary>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="SamMed2DException">A step failed; the message names it.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        while (!IsDone && !_workspace.IsQuitRequested)
        {
            cancellation.ThrowIfCancellationRequested();
            _workspace.Tick();
            if (!Advance()) Thread.Sleep(2);
        }
        _workspace.Tick();
        if (!_workspace.IsQuitRequested) RequireNoError();
    }

    private bool IsSettled => _workspace.Jobs.IsIdle && !_workspace.Prompting.IsWaiting && _workspace.Prompting.IsUpToDate && _workspace.Segments.Busy is null && !_workspace.Model.IsLoading
        && !_workspace.Propagation.IsRunning && !_workspace.AreSurfacesDue;

    private void Do(ScriptStep step)
    {
        try
        {
            switch (step)
            {
                case RunStep run: _workspace.Commands.Run(run.Command, run.Arguments?.DeepClone().AsObject()); break;
                case KeyStep key: Press(key); break;
                case NoteStep note: Note = note.Text; break;
                case ExpectStep expect:
                    foreach ((string name, System.Text.Json.Nodes.JsonNode? wanted) in expect.Facts) ScriptFacts.Check(_workspace, name, wanted, step.Place);
                    break;
            }
        }
        catch (SamMed2DException failure) when (!failure.Message.StartsWith(step.Place, StringComparison.Ordinal))
        {
            throw new InvalidCommandException(step.Place, failure.Message, failure);
        }
    }

    private void Press(KeyStep step)
    {
        Command command = _workspace.Commands.Find(step.Key) ?? throw new InvalidCommandException(step.Place, $"the key '{step.Key}' does nothing");
        _workspace.Commands.Run(command.Id);
    }

    private void RequireNoError()
    {
        foreach (Notice notice in _workspace.Notices.Open)
            if (_known.Add(notice) && notice.Kind == NoticeKind.Error)
                throw new InvalidCommandException(_next > 0 ? _script.Steps[_next - 1].Place : _script.Name, $"{notice.Title}: {notice.Text}");
    }
}
