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
        foreach (IGrouping<(string, string?, int?), LeftJournal> scan in Journal.FindLeft(_folder).GroupBy(j => (j.Info.Scan, j.Info.Series, j.Info.Frame)).Reverse()) Offer([.. scan]);
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

    /// <summary>Brings back what a journal holds; other journals of the same scan are offered after it.</summary>
    /// <param name="file">The journal's name.</param>
    /// <param name="scan">Where its scan is now; null where it was.</param>
    /// <exception cref="InvalidCommandException">There is no such journal.</exception>
    internal void Recover(string file, string? scan)
    {
        LeftJournal left = Journal.FindLeft(_folder).FirstOrDefault(j => j.Name == Path.GetFileName(file))
            ?? throw new InvalidCommandException("project.recover", $"there is no unsaved work named '{file}'");
        (string path, JournalInfo info) = (scan ?? left.Info.Scan, left.Info);
        string title = $"Recover the work on {Path.GetFileName(path)}";
        VolumeReadOptions options = new() { Series = info.Series, Frame = info.Frame };
        _workspace.Segments.Busy = title;
        _workspace.Jobs.Start(title,
            job =>
            {
                Volume volume = _workspace.Services.Reader.Read(path, options, job.Report, job.Cancellation);
                string hash = Segmentation.Runs.VoxelHash.Of(volume);
                return (volume, hash, Replay: SessionJournal.Replay(System.IO.File.ReadAllBytes(left.File), volume, left.File, hash));
            },
            recovered =>
            {
                _workspace.Segments.Busy = null;
                ScanLayer layer = _workspace.Replace(path, options, recovered.volume, recovered.hash, recovered.Replay.Session, info.Project, hasWork: true);
                if (_journal is not null) // else the one recovered is the only copy
                {
                    _journal.WaitForDisk();
                    Journal.Delete(left.File);
                }
                CloseOffer(left.Name);
                string changes = recovered.Replay.Changes == 1 ? "1 change" : $"{recovered.Replay.Changes} changes";
                _workspace.Notices.Add(new(NoticeKind.Information, title, $"{changes} of the work on {layer.Name} are back. {recovered.Replay.Note}".TrimEnd()));
                Offer(Others(left));
            },
            failure =>
            {
                _workspace.Segments.Busy = null;
                NoticeChoice[] choices = failure is OperationCanceledException ? []
                    : [new("Choose the scan…", "project.recover-with-scan", new() { ["file"] = left.Name }), Drop(left, isAll: false)];
                _workspace.Notices.Add(Notice.Of(title, failure) with { Choices = choices });
            });
    }

    /// <summary>Drops a journal that nobody wants.</summary>
    /// <param name="file">The journal's name.</param>
    /// <param name="isAll">True drops all that is left of its scan.</param>
    internal void Forget(string file, bool isAll)
    {
        CloseOffer(Path.GetFileName(file));
        if (Journal.FindLeft(_folder).FirstOrDefault(j => j.Name == Path.GetFileName(file)) is not { } left) return;
        LeftJournal[] others = Others(left);
        foreach (LeftJournal dropped in isAll ? [left, .. others] : (LeftJournal[])[left]) Journal.Delete(dropped.File);
        if (!isAll) Offer(others);
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

    private LeftJournal[] Others(LeftJournal left) => [.. Journal.FindLeft(_folder).Where(j => j.File != left.File && j.Info.IsOfScanOf(left.Info))];

    // What several crashes left of one scan is one choice: the newest, and then the others.
    private void Offer(IReadOnlyList<LeftJournal> ofOneScan)
    {
        if (ofOneScan.Count == 0) return;
        LeftJournal newest = ofOneScan[0];
        bool isOne = ofOneScan.Count == 1;
        string older = isOne ? "" : $" Older work on it is there too ({string.Join(", ", ofOneScan.Skip(1).Select(j => j.LastChanged))}); it is offered after this.";
        _workspace.Notices.Add(new(NoticeKind.Warning, "Unsaved work", $"The program ended without saving work on {newest.Info.Scan}, last changed {newest.LastChanged}.{older}")
        {
            Choices = [new(isOne ? "Recover" : "Recover the newest", "project.recover", new() { ["file"] = newest.Name }), Drop(newest, isAll: !isOne)],
        });
    }

    private static NoticeChoice Drop(LeftJournal left, bool isAll) =>
        isAll ? new("Drop all", "project.forget", new() { ["file"] = left.Name, ["all"] = true }) : new("Drop it", "project.forget", new() { ["file"] = left.Name });

    private void CloseOffer(string name)
    {
        foreach (Notice notice in _workspace.Notices.Open.ToArray())
            if (notice.Choices.Any(c => c.Command == "project.forget" && (string?)c.Arguments?["file"] == name)) _workspace.Notices.Close(notice);
    }
}
