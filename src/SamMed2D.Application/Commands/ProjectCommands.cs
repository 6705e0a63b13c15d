using SamMed2D.Application.Notices;
using SamMed2D.Application.Projects;
using SamMed2D.Application.Segments;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;
using SamMed2D.Segmentation.Slicing;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Projects, label files, screenshots, and work that a crash left.</summary>
internal static class ProjectCommands
{
    private static readonly string[] s_labelEndings = [".nii.gz", ".nii", ".seg.nrrd", ".nrrd", ".mha"];

    public static IEnumerable<Command> Create() =>
    [
        new("project.save", "Save project", Save)
        {
            Keys = Keys("Ctrl+S"), Obstacle = NeedsFreeLabels, Help = "Saves labels, prompts and views; asks for a name the first time",
            Parameters = [new("path", ParameterKind.SavePath, "the file; the one saved before if none is given") { Endings = [".sammed2d"] }],
        },
        new("project.save-as", "Save project as…", (w, a) => w.Project.Save(a.RequireText("path")))
        {
            Keys = Keys("Ctrl+Shift+S"), Obstacle = NeedsFreeLabels, Parameters = [new("path", ParameterKind.SavePath, "the file") { IsRequired = true, Endings = [".sammed2d"] }],
        },
        new("project.open", "Open project…", Open)
        {
            Keys = Keys("Ctrl+Shift+O"), Obstacle = NeedsRest,
            Parameters = [ProjectPath, ScanNow with { Help = "where its scan is now; where it was if none is given" }, Changed, UnsavedWork.Discard],
        },
        new("project.open-with-scan", "Open project with its scan…", Open)
        {
            IsListed = false, Obstacle = NeedsRest, Parameters = [ProjectPath, ScanNow with { IsRequired = true, Endings = ScanCommands.Endings }, Changed, UnsavedWork.Discard],
        },
        new("project.recover", "Recover unsaved work", Recover)
        {
            IsListed = false, Obstacle = NeedsRest, Parameters = [JournalName, UnsavedWork.Discard],
        },
        new("project.recover-with-scan", "Recover unsaved work with its scan…", Recover)
        {
            IsListed = false, Obstacle = NeedsRest, Parameters = [JournalName, ScanNow with { IsRequired = true, Endings = ScanCommands.Endings }, UnsavedWork.Discard],
        },
        new("project.forget", "Drop unsaved work", (w, a) => w.Autosave.Forget(a.RequireText("file"), a.Switch("all") == true))
        {
            IsListed = false, Parameters = [JournalName, new("all", ParameterKind.Switch, "true drops all that is left of its scan")],
        },
        new("labels.export", "Export labels…", Export)
        {
            Keys = Keys("Ctrl+E"), Obstacle = NeedsFreeLabels, Help = "Writes the labels for other programs", Parameters = [new("path", ParameterKind.SavePath, "the file") { IsRequired = true, Endings = s_labelEndings }],
        },
        new("labels.import", "Import labels…", Import)
        {
            Obstacle = NeedsFreeLabels, Help = "Takes the labels of a file on the scan's grid; locked segments stay",
            Parameters = [new("path", ParameterKind.OpenPath, "the file") { IsRequired = true, Endings = s_labelEndings }],
        },
        new("app.screenshot", "Screenshot…", Screenshot)
        {
            Keys = Keys("F12"), Obstacle = w => NeedsScan(w) ?? (w.Services.Screenshots is null ? "nothing here can draw" : null),
            Parameters =
            [
                new("path", ParameterKind.SavePath, "the picture") { IsRequired = true, Endings = [".png"] },
                new("view", ParameterKind.Text, "which view; the one under the pointer if none is given") { Choices = ["axial", "coronal", "sagittal", "spatial"] },
            ],
        },
    ];

    private static CommandParameter ProjectPath { get; } = new("path", ParameterKind.OpenPath, "the project") { IsRequired = true, Endings = [".sammed2d"] };

    private static CommandParameter ScanNow { get; } = new("scan", ParameterKind.OpenPath, "where its scan is now");

    private static CommandParameter Changed { get; } = new("changed", ParameterKind.Switch, "true takes the labels alone where the scan has changed");

    private static CommandParameter JournalName { get; } = new("file", ParameterKind.Text, "the journal's name") { IsRequired = true };

    private static void Save(Workspace w, CommandArguments a)
    {
        if ((a.Text("path") ?? w.Project.Path) is { } path) w.Project.Save(path);
        else w.Ask(new(w.Commands.Find("project.save-as")!, []));
    }

    private static void Open(Workspace w, CommandArguments a)
    {
        if (!UnsavedWork.Asks(w, a, "Open project", "Open without saving")) w.Project.Open(a.RequireText("path"), a.Text("scan"), a.Switch("changed") == true, a.Switch("discard") == true);
    }

    private static void Recover(Workspace w, CommandArguments a)
    {
        if (!UnsavedWork.Asks(w, a, "Recover unsaved work", "Recover without saving")) w.Autosave.Recover(a.RequireText("file"), a.Text("scan"));
    }

    private static void Export(Workspace w, CommandArguments a)
    {
        string path = a.RequireText("path");
        if (w.Scans.All.FirstOrDefault(s => Path.GetFullPath(s.Path) == Path.GetFullPath(path)) is { } scan)
            throw new InvalidCommandException("labels.export", $"{path} is the open scan {scan.Name} itself, which the labels would replace; choose another name");
        SegmentationSession session = w.Segments.Session!;
        (IntensityWindow? window, string windowName) = (w.Prompting.ModelWindow, w.ModelWindowName);
        LabelJob.Start(w, $"Export {Path.GetFileName(path)}", job =>
        {
            w.Services.Writer.WriteLabelMap(session.Labels, path, job.Cancellation);
            if (session.Segments.Length > 0) // so that the command line, and an import, go on from them
                SegmentationRecordWriter.Write(session.ToResult(window ?? IntensityWindowChoice.Auto.Resolve(session.Volume), windowName), SegmentationRecordWriter.PathFor(path));
            return path;
        }, written => w.Status = $"Exported {written}");
    }

    private static void Import(Workspace w, CommandArguments a)
    {
        string path = a.RequireText("path"), title = $"Import {Path.GetFileName(path)}";
        SegmentationSession session = w.Segments.Session!;
        LabelJob.Start(w, title, job =>
        {
            LabelMap labels = w.Services.Reader.ReadLabelMap(path, job.Cancellation);
            return labels.Geometry.IsSameGrid(session.Geometry) ? LabelImport.Prepare(labels, path, session, job.Cancellation)
                : throw new UnsupportedInputException(path, $"has a grid of {labels.Geometry}, or lies elsewhere, but the scan has {session.Geometry}; resample it to the scan first");
        }, import =>
        {
            import.Apply(session, Path.GetFileName(path));
            if (import.Reservation is { } reservation) w.Notices.Add(new(NoticeKind.Warning, title, reservation));
        });
    }

    private static void Screenshot(Workspace w, CommandArguments a)
    {
        IScreenshotMaker maker = w.Services.Screenshots!;
        Views.ViewId view = a.Choice<Views.ViewId>("view") ?? w.ActiveView;
        SliceImage picture = view == Views.ViewId.Spatial
            ? maker.Draw(w.Spatial.CreateScene()!)
            : maker.Draw(w.SliceView(view).CreateScene()!, w.SliceView(view).CreateOverlay());
        maker.Write(picture, a.RequireText("path"));
        w.Status = $"Wrote {a.RequireText("path")}";
    }
}
