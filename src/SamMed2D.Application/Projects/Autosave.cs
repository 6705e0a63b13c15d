using SamMed2D.Application.Notices;
using SamMed2D.Application.Scans;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Projects;

/// <summary>
/// Writes every change of the session down, and brings back what a crashed program left. Where the journal cannot be written (a full disk), it says so, and
/// tries from time to time to begin another with all that the session holds; until then what was written before stays.
/// </summary>
public sealed class Autosave
{
    private const string Title = "Autosave";

    private static readonly TimeSpan s_betweenTries = TimeSpan.FromSeconds(10);

    private readonly Workspace _workspace;
    private readonly string _folder;
    private Journal? _journal;
    private SessionRecorder? _recorder;
    private SegmentationSession? _session;
    private byte[]? _beginning;
    private Notice? _failure;
    private long _failedAt;

    internal Autosave(Workspace workspace)
    {
        (_workspace, _folder) = (workspace, Path.Combine(workspace.Services.StateFolder, "autosave"));
        foreach ((string file, JournalInfo info) in Journal.FindLeft(_folder).Reverse()) Offer(file, info);
    }

    /// <summary>The journal's file; null while nothing has been changed.</summary>
    public string? File => _journal?.File;

    /// <summary>False while changes cannot be written down.</summary>
    public bool IsWorking => _failure is null;

    /// <summary>Tries again what failed, once it is time.</summary>
    internal void Tick()
    {
        if (_failure is not null && _workspace.Services.Clock.GetElapsedTime(_failedAt) >= s_betweenTries && _session!.IsAtRest) TryAgain();
    }

    /// <summary>Follows a session from here on.</summary>
    /// <param name="scan">The session's scan.</param>
    /// <param name="session">The session; no step is open.</param>
    /// <param name="hasWork">True where it holds work that is saved nowhere else: it is written down at once.</param>
    internal void Follow(ScanLayer scan, SegmentationSession session, bool hasWork)
    {
        Leave(isWanted: false);
        _session = session;
        _beginning = SessionJournal.Begin(session, scan.Sha256);
        session.Recorded += Append;
        if (hasWork) BeginJournal();
    }

    /// <summary>Begins anew: what the session holds now is saved.</summary>
    internal void MarkSaved(byte[] beginning)
    {
        _journal?.Discard();
        (_journal, _beginning) = (null, beginning);
        ForgetFailure();
    }

    /// <summary>Follows no session any more.</summary>
    /// <param name="isWanted">True keeps the journal, to be offered at the next start.</param>
    internal void Leave(bool isWanted)
    {
        if (_session is { } session) session.Recorded -= Append;
        if (isWanted && _failure is not null && _session!.IsAtRest) TryAgain();
        if (isWanted) _journal?.Dispose();
        else _journal?.Discard();
        ForgetFailure();
        (_journal, _recorder, _session, _beginning) = (null, null, null, null);
    }

    /// <summary>Brings back what a journal holds.</summary>
    /// <exception cref="InvalidCommandException">There is no such journal.</exception>
    internal void Recover(string file)
    {
        (string File, JournalInfo Info)[] found = [.. Journal.FindLeft(_folder).Where(j => Path.GetFileName(j.File) == Path.GetFileName(file))];
        if (found.Length == 0) throw new InvalidCommandException("project.recover", $"there is no unsaved work named '{file}'");
        (string journal, JournalInfo info) = found[0];
        string title = $"Recover the work on {Path.GetFileName(info.Scan)}";
        VolumeReadOptions options = new() { Series = info.Series, Frame = info.Frame };
        _workspace.Segments.Busy = title;
        _workspace.Jobs.Start(title,
            job =>
            {
                Volume volume = _workspace.Services.Reader.Read(info.Scan, options, job.Report, job.Cancellation);
                string hash = Segmentation.Runs.VoxelHash.Of(volume);
                return (volume, hash, Replay: SessionJournal.Replay(System.IO.File.ReadAllBytes(journal), volume, journal, hash));
            },
            recovered =>
            {
                _workspace.Segments.Busy = null;
                ScanLayer scan = _workspace.Replace(info.Scan, options, recovered.volume, recovered.hash, recovered.Replay.Session, hasWork: true);
                _workspace.Project.Path = info.Project;
                if (_journal is not null) // else the one recovered is the only copy
                {
                    _journal.WaitForDisk();
                    Journal.Delete(journal);
                }
                CloseOffer(journal);
                string changes = recovered.Replay.Changes == 1 ? "1 change" : $"{recovered.Replay.Changes} changes";
                _workspace.Notices.Add(new(NoticeKind.Information, title, $"{changes} of the work on {scan.Name} are back. {recovered.Replay.Note}".TrimEnd()));
            },
            failure =>
            {
                _workspace.Segments.Busy = null;
                _workspace.Notices.Add(Notice.Of(title, failure) with { Choices = [Drop(journal)] });
            });
    }

    /// <summary>Drops a journal that nobody wants.</summary>
    internal void Forget(string file)
    {
        foreach ((string journal, _) in Journal.FindLeft(_folder))
            if (Path.GetFileName(journal) == Path.GetFileName(file)) Journal.Delete(journal);
        CloseOffer(file);
    }

    private void Append(object? sender, SessionChange change)
    {
        if (_failure is not null) return; // Records after a gap could not be read.
        if (_journal is null) BeginJournal();
        _journal?.Append(_recorder!.ToBytes(change));
    }

    private void BeginJournal()
    {
        if (_beginning is not { } beginning) return;
        _beginning = null;
        try
        {
            Begin(beginning);
        }
        catch (OutputException failure)
        {
            Fail(failure);
        }
    }

    private void Begin(byte[] beginning)
    {
        _journal = Journal.Begin(_folder, JournalInfo.Of(_workspace.Segments.Scan!, _workspace.Project.Path), beginning, (journal, failure) => _workspace.Jobs.Post(() =>
        {
            if (journal == _journal) Fail(failure);
        }));
        _recorder = new(_session!);
    }

    private void Fail(Exception failure)
    {
        _failedAt = _workspace.Services.Clock.GetTimestamp();
        if (_failure is not null) return;
        _failure = new(NoticeKind.Warning, Title, $"Work is not saved by itself for now: {failure.Message.TrimEnd('.')}. Free some space, or save the project elsewhere (Ctrl+Shift+S). "
            + $"Nothing is lost while the program runs, and it tries again every {s_betweenTries.TotalSeconds:0} seconds.");
        _workspace.Notices.Add(_failure);
    }

    private void TryAgain()
    {
        Journal? broken = _journal;
        try
        {
            Begin(SessionJournal.Begin(_session!, _workspace.Segments.Scan!.Sha256));
            broken?.Discard();
            ForgetFailure();
            _workspace.Notices.Add(new(NoticeKind.Information, Title, "Work is saved by itself again, all that was done meanwhile too."));
        }
        catch (OutputException failure)
        {
            Fail(failure);
        }
    }

    private void ForgetFailure()
    {
        if (_failure is not null) _workspace.Notices.Close(_failure);
        _failure = null;
    }

    private void Offer(string file, JournalInfo info)
    {
        string when = System.IO.File.GetLastWriteTime(file).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        _workspace.Notices.Add(new(NoticeKind.Warning, "Unsaved work", $"The program ended without saving work on {info.Scan}, last changed {when}.")
        {
            Choices = [new("Recover", "project.recover", new() { ["file"] = Path.GetFileName(file) }), Drop(file)],
        });
    }

    private static NoticeChoice Drop(string file) => new("Drop it", "project.forget", new() { ["file"] = Path.GetFileName(file) });

    private void CloseOffer(string file)
    {
        foreach (Notice notice in _workspace.Notices.Open.ToArray())
            if (notice.Choices.Any(c => c.Command == "project.forget" && (string?)c.Arguments?["file"] == Path.GetFileName(file))) _workspace.Notices.Close(notice);
    }
}
