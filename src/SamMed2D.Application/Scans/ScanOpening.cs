using SamMed2D.Application.Notices;
using SamMed2D.Application.Series;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Application.Scans;

/// <summary>Brings scans into a workspace and out of it again.</summary>
internal static class ScanOpening
{
    /// <summary>Reads a scan in the background; of a folder with several series it asks which.</summary>
    public static void Open(Workspace workspace, string path, string? series, int? frame)
    {
        workspace.SeriesChoice = null;
        if (path.EndsWith(Projects.ProjectFile.Ending, StringComparison.OrdinalIgnoreCase))
        {
            workspace.Commands.Run("project.open", new() { ["path"] = path });
            return;
        }
        if (!Path.Exists(path))
        {
            workspace.Settings.Change(settings => settings with { RecentFiles = [.. settings.RecentFiles.Where(p => p != Path.GetFullPath(path))] });
            throw new InvalidFileException(path, "does not exist any more; open another file");
        }
        if (series is null && workspace.Services.Series is { } catalog && catalog.Covers(path)) ListSeries(workspace, catalog, path, frame);
        else Read(workspace, path, new() { Series = series, Frame = frame });
    }

    public static void Close(Workspace workspace, ScanLayer scan)
    {
        bool wasBackground = scan == workspace.Scans.Background, hadLabels = scan == workspace.Segments.Scan;
        workspace.Scans.Remove(scan);
        if (hadLabels) workspace.StopSegments();
        if (wasBackground) workspace.FollowBackground();
        if (hadLabels && workspace.Scans.Background is { } next) workspace.StartSegments(next, new(next.Volume));
    }

    /// <summary>Shows another scan behind; the views keep their place where both cover it.</summary>
    public static void ShowBehind(Workspace workspace, ScanLayer scan)
    {
        if (scan == workspace.Scans.Background) return;
        Core.Geometry.RasPoint place = workspace.Crosshair.Position;
        workspace.Scans.ShowBehind(scan);
        workspace.FollowBackground();
        if (scan.Volume.Geometry.Contains(scan.Volume.Geometry.IndexToRas.RasToIndex(place).ToNearest())) workspace.MoveCrosshair(place);
    }

    /// <summary>Reads another frame of a scan's file beside it.</summary>
    public static void OpenFrame(Workspace workspace, ScanLayer scan, int frame)
    {
        int count = scan.Volume.Info.FrameCount;
        if (frame < 0 || frame >= count) throw new InvalidCommandException("scan.frame", $"{scan.Name} has frames 0 to {count - 1}, and no {frame}");
        Read(workspace, scan.Path, scan.Options with { Frame = frame });
    }

    private static void Read(Workspace workspace, string path, VolumeReadOptions options)
    {
        string title = $"Open {Path.GetFileName(path.TrimEnd('/', '\\'))}";
        workspace.Jobs.Start(title,
            job =>
            {
                Volume volume = workspace.Services.Reader.Read(path, options, job.Report, job.Cancellation);
                return (Volume: volume, Sha256: VoxelHash.Of(volume));
            },
            read => workspace.AddScan(path, options, read.Volume, read.Sha256),
            failure => workspace.Notices.Add(title, failure));
    }

    private static void ListSeries(Workspace workspace, ISeriesCatalog catalog, string path, int? frame)
    {
        string title = $"Look through {Path.GetFileName(path.TrimEnd('/', '\\'))}";
        workspace.Jobs.Start(title,
            job => catalog.List(path, job.Report, job.Cancellation),
            series => Choose(workspace, catalog, path, series, frame),
            failure => workspace.Notices.Add(title, failure));
    }

    private static void Choose(Workspace workspace, ISeriesCatalog catalog, string path, IReadOnlyList<SeriesEntry> series, int? frame)
    {
        SeriesEntry[] readable = [.. series.Where(s => s.Problem is null)];
        if (readable.Length == 1 && readable[0].PhaseCount == 1)
        {
            Read(workspace, path, new() { Series = readable[0].Selector, Frame = frame });
            return;
        }
        if (series.Count == 0)
        {
            workspace.Notices.Add(new(NoticeKind.Error, "Open folder", $"{path} holds no DICOM series; choose the folder that has the images."));
            return;
        }
        SeriesChoice choice = new(path, series);
        workspace.SeriesChoice = choice;
        workspace.Jobs.Start("Thumbnails", job => DrawThumbnails(workspace, catalog, choice, job), _ => { }, _ => { }, isQuiet: true);
    }

    private static bool DrawThumbnails(Workspace workspace, ISeriesCatalog catalog, SeriesChoice choice, Jobs.Job job)
    {
        foreach (SeriesEntry series in choice.Series)
        {
            if (workspace.SeriesChoice != choice) return false;
            job.Cancellation.ThrowIfCancellationRequested();
            if (catalog.ReadThumbnail(choice.Path, series, cancellation: job.Cancellation) is { } picture) workspace.Jobs.Post(() => choice.SetThumbnail(series, picture));
        }
        return true;
    }
}
