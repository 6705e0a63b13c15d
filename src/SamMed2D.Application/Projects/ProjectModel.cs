using System.Text.Json.Nodes;
using SamMed2D.Application.Notices;
using SamMed2D.Application.Scans;
using SamMed2D.Application.Segments;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Projects;

/// <summary>The project that is open: a file with all that belongs to the work on a scan, but the scan.</summary>
public sealed class ProjectModel
{
    private readonly Workspace _workspace;

    internal ProjectModel(Workspace workspace) => _workspace = workspace;

    /// <summary>The project's file, a full path; null while it was never saved.</summary>
    public string? Path { get; internal set; }

    /// <summary>Saves the project in the background; the labels rest meanwhile.</summary>
    internal void Save(string path)
    {
        string file = System.IO.Path.GetFullPath(path.EndsWith(ProjectFile.Ending, StringComparison.OrdinalIgnoreCase) ? path : path + ProjectFile.Ending);
        SegmentationSession session = _workspace.Segments.Session!;
        ProjectContent content = Gather(file);
        string hash = _workspace.Segments.Scan!.Sha256;
        long revision = session.Revision;
        LabelJob.Start(_workspace, $"Save {System.IO.Path.GetFileName(file)}",
            job =>
            {
                byte[] journal = SessionJournal.Begin(session, hash);
                ProjectFile.Write(file, content, journal, session.Labels, _workspace.Services.Writer, job.Cancellation);
                return journal;
            },
            journal =>
            {
                Path = file;
                // Names, colours and measurements may have changed meanwhile: the journal that holds them then goes on.
                if (session.Revision == revision)
                {
                    _workspace.Segments.MarkSaved();
                    _workspace.Autosave.MarkSaved(journal);
                }
                _workspace.Settings.Change(s => s.WithRecent(file));
                _workspace.Status = $"Saved {file}";
            });
    }

    /// <summary>Opens a project in the background.</summary>
    /// <param name="path">The project.</param>
    /// <param name="scan">Where its scan is now; null where it was.</param>
    /// <param name="isChangedAllowed">True takes the labels alone where the scan's voxels are not those that were segmented.</param>
    /// <param name="isDiscarding">True where the user has said that unsaved work may go; they are not asked again on the way to the scan.</param>
    internal void Open(string path, string? scan, bool isChangedAllowed, bool isDiscarding)
    {
        string title = $"Open {System.IO.Path.GetFileName(path)}";
        _workspace.Segments.Busy = title;
        _workspace.Jobs.Start(title, job => Read(path, scan, isChangedAllowed, job),
            read =>
            {
                _workspace.Segments.Busy = null;
                Take(path, read);
            },
            failure =>
            {
                _workspace.Segments.Busy = null;
                _workspace.Notices.Add(Notice.Of(title, failure is ScanMissing or ScanChanged ? failure.InnerException! : failure) with { Choices = ChoicesFor(path, scan, isDiscarding, failure) });
            });
    }

    private static IReadOnlyList<NoticeChoice> ChoicesFor(string path, string? scan, bool isDiscarding, Exception failure)
    {
        return failure switch
        {
            ScanMissing => [new("Choose the scan…", "project.open-with-scan", With(null, isChanged: false))],
            ScanChanged => [
                new("Choose another scan…", "project.open-with-scan", With(null, isChanged: false)),
                new("Open the labels on this scan", "project.open", With(scan, isChanged: true))],
            _ => [],
        };

        JsonObject With(string? scanNow, bool isChanged)
        {
            JsonObject arguments = new() { ["path"] = path };
            if (scanNow is not null) arguments["scan"] = scanNow;
            if (isChanged) arguments["changed"] = true;
            if (isDiscarding) arguments["discard"] = true;
            return arguments;
        }
    }

    private ProjectRead Read(string path, string? chosen, bool isChangedAllowed, Jobs.Job job)
    {
        (ProjectContent content, byte[] journal) = ProjectFile.Read(path);
        ProjectScan wanted = content.Scans[0];
        string scan = chosen ?? Locate(wanted, path)
            ?? throw new ScanMissing(new InvalidFileException(path, $"its scan {wanted.Path} is not there any more; choose where it is now"));
        Volume volume = ReadScan(scan, wanted, job);
        string hash = VoxelHash.Of(volume);
        if (hash == wanted.Sha256) return new(content, scan, volume, hash, SessionJournal.Replay(journal, volume, path, hash).Session, IsChanged: false);
        if (!isChangedAllowed)
            throw new ScanChanged(new UnsupportedInputException(path, $"its scan {scan} has changed since: the voxels are not those that were segmented; choose the right scan, or open the labels on this one"));
        return new(content, scan, volume, hash, new(volume, ProjectFile.ReadLabels(path, _workspace.Services.Reader, job.Cancellation)), IsChanged: true);
    }

    private Volume ReadScan(string path, ProjectScan scan, Jobs.Job job) =>
        _workspace.Services.Reader.Read(path, new() { Series = scan.Series, Frame = scan.Frame }, job.Report, job.Cancellation);

    private static string? Locate(ProjectScan scan, string project)
    {
        if (System.IO.Path.Exists(scan.Path)) return scan.Path;
        if (scan.RelativePath is not { } relative) return null;
        string beside = System.IO.Path.GetFullPath(relative, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(project))!);
        return System.IO.Path.Exists(beside) ? beside : null;
    }

    private void Take(string path, ProjectRead read)
    {
        ProjectContent content = read.Content;
        ProjectScan scan = content.Scans[0];
        string file = System.IO.Path.GetFullPath(path);
        ScanLayer?[] layers = new ScanLayer?[content.Scans.Count];
        layers[0] = _workspace.Replace(read.Scan, new() { Series = scan.Series, Frame = scan.Frame }, read.Volume, read.Hash, read.Session, read.IsChanged ? null : file, hasWork: read.IsChanged);
        _workspace.Settings.Change(s => s.WithRecent(file));
        if (read.IsChanged) _workspace.Notices.Add(new(NoticeKind.Warning, System.IO.Path.GetFileName(path), "The labels are on another scan than they were made on; prompts, records and measurements are left out. Look them through before you save."));
        RestoreWindow(scan, layers[0]!);
        Show(content);
        if (content.ActiveLabel is { } label && _workspace.Segments.Session!.Find(label) is not null) _workspace.Segments.Select(label);
        _workspace.Propagation.Range = content.Range;
        _workspace.SetModelWindow(content.ModelWindow);
        for (int n = 1; n < layers.Length; n++) OpenOther(n, path, content, layers);
    }

    private void Show(ProjectContent content)
    {
        _workspace.Layout.Set(content.Layout, content.MainView);
        _workspace.MoveCrosshair(content.Crosshair);
        for (int n = 0; n < Math.Min(content.Views.Count, _workspace.SliceViews.Count); n++) _workspace.SliceViews[n].Restore(content.Views[n]);
        _workspace.Spatial.Restore(content.Camera, content.Preset, content.IsVolumeShown, content.AreSurfacesShown, content.ShownSlices);
    }

    private static void RestoreWindow(ProjectScan scan, ScanLayer layer)
    {
        if (scan.WindowHigh > scan.WindowLow) layer.SetWindow(new(scan.WindowLow, scan.WindowHigh), scan.WindowName);
    }

    private void OpenOther(int number, string project, ProjectContent content, ScanLayer?[] layers)
    {
        ProjectScan other = content.Scans[number];
        if (Locate(other, project) is not { } path)
        {
            _workspace.Notices.Add(new(NoticeKind.Warning, System.IO.Path.GetFileName(other.Path), $"{other.Path} is not there any more; the project opens without it."));
            return;
        }
        string title = $"Open {System.IO.Path.GetFileName(path)}";
        _workspace.Jobs.Start(title, job =>
            {
                Volume volume = ReadScan(path, other, job);
                return (Volume: volume, Hash: VoxelHash.Of(volume));
            },
            read =>
            {
                if (_workspace.Segments.Scan != layers[0]) return; // Another project has taken this one's place.
                layers[number] = _workspace.AddScan(path, new() { Series = other.Series, Frame = other.Frame }, read.Volume, read.Hash);
                RestoreWindow(other, layers[number]!);
                Arrange(content, layers, number);
            },
            failure => _workspace.Notices.Add(title, failure));
    }

    // Scans come in whatever order they are read in, so each finds its own place.
    private void Arrange(ProjectContent content, ScanLayer?[] layers, int number)
    {
        if (number == content.Background)
        {
            ScanOpening.ShowBehind(_workspace, layers[number]!);
            Show(content);
        }
        _workspace.Scans.ShowOnTop(content.Foreground is { } place ? layers.ElementAtOrDefault(place) : null);
        _workspace.Scans.SetOpacity(content.ForegroundOpacity);
    }

    private ProjectContent Gather(string file)
    {
        ScanLayer segmented = _workspace.Segments.Scan!;
        ScanLayer[] scans = [segmented, .. _workspace.Scans.All.Where(s => s != segmented)];
        return new()
        {
            Format = ProjectContent.FormatName,
            Version = ProjectContent.CurrentVersion,
            Scans = [.. scans.Select(scan => Describe(scan, file))],
            Background = Place(_workspace.Scans.Background),
            Foreground = Place(_workspace.Scans.Foreground),
            ForegroundOpacity = _workspace.Scans.ForegroundOpacity,
            Crosshair = _workspace.Crosshair.Position,
            Layout = _workspace.Layout.Kind,
            MainView = _workspace.Layout.Main,
            Views = [.. _workspace.SliceViews.Select(view => view.Save())],
            Camera = _workspace.Spatial.Camera,
            Preset = _workspace.Spatial.PresetName,
            IsVolumeShown = _workspace.Spatial.IsVolumeShown,
            AreSurfacesShown = _workspace.Spatial.AreSurfacesShown,
            ShownSlices = [.. _workspace.Spatial.ShownSlices.Order()],
            ActiveLabel = _workspace.Segments.ActiveLabel,
            Range = _workspace.Propagation.Range,
            ModelWindow = _workspace.ModelWindowName,
        };

        int? Place(ScanLayer? scan) => scan is null ? null : Array.IndexOf(scans, scan);
    }

    private static ProjectScan Describe(ScanLayer scan, string project)
    {
        string full = System.IO.Path.GetFullPath(scan.Path);
        return new()
        {
            Path = full,
            RelativePath = System.IO.Path.GetRelativePath(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(project))!, full),
            Series = scan.Options.Series,
            Frame = scan.Options.Frame,
            Sha256 = scan.Sha256,
            WindowLow = scan.Window.Low,
            WindowHigh = scan.Window.High,
            WindowName = scan.WindowName,
        };
    }

    /// <summary>A project that was read, before it takes the workspace's place.</summary>
    private sealed record ProjectRead(ProjectContent Content, string Scan, Volume Volume, string Hash, SegmentationSession Session, bool IsChanged);
}
