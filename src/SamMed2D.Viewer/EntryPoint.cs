using SamMed2D.Application;
using SamMed2D.Application.Notices;
using SamMed2D.Application.Scripts;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Png;
using SamMed2D.Inference.Runtime;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Adapters;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer;

/// <summary>Wires the rooms together and runs the window.</summary>
internal static class EntryPoint
{
    private static readonly ImageSize s_smallest = new(1024, 700);

    public static int Run(string[] arguments)
    {
        try
        {
            Run(ViewerOptions.Parse(arguments));
            return 0;
        }
        catch (SamMed2DException failure)
        {
            Console.Error.WriteLine(Failure.Describe(failure));
            return (int)Failure.CodeOf(failure);
        }
    }

    private static void Run(ViewerOptions options)
    {
        using Workspace workspace = new(CreateServices());
        foreach (string scan in options.Scans) workspace.Commands.Invoke("scan.open", new() { ["path"] = scan });
        using IViewerSurface surface = options.IsOffscreen
            ? OffscreenSurface.Create(options.Size, options.Scale ?? 1, options.ChecksOpenGl)
            : GlfwWindow.Open("SamMed2D", options.Size, s_smallest, isVisible: true, options.ChecksOpenGl);
        using ViewerLoop loop = new(surface, workspace, options.Scale);
        if (options.Script is { } script) RunScript(workspace, loop, script);
        if (options.Screenshot is { } path)
        {
            while (!workspace.Jobs.IsIdle) loop.Step(0.01);
            foreach (Notice notice in workspace.Notices.Open)
                if (notice.Kind == NoticeKind.Error) Console.Error.WriteLine($"note: {notice.Title}: {notice.Text}");
            PngFile.Write(path, loop.Capture());
        }
        else if (options.Script is null) loop.Run();
        if (options.PrintsFrameTimes) Console.Error.WriteLine(loop.Times);
        if (options.ChecksOpenGl) Console.Error.WriteLine(loop.CheckOpenGl());
    }

    private static void RunScript(Workspace workspace, ViewerLoop loop, string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, "cannot be read; give a script of commands (JSON)", failure);
        }
        ScriptRunner runner = new(workspace, CommandScript.Parse(text, path));
        string note = "";
        while (!runner.IsDone && !workspace.IsQuitRequested)
        {
            bool hasDone = runner.Advance();
            if (runner.Note != note) loop.Times.BeginSection(note = runner.Note);
            loop.Step(hasDone ? 0 : 0.005);
        }
        loop.Step(0);
    }

    private static WorkspaceServices CreateServices()
    {
        VolumeFiles files = new();
        return new()
        {
            Reader = files,
            Writer = files,
            Models = new ModelCatalog(new() { GraphCacheFolder = InferenceOptions.UserGraphCacheFolder }),
            Series = new SeriesCatalog(),
            Screenshots = new ScreenshotMaker(),
            ConfigFolder = FolderOf("XDG_CONFIG_HOME", ".config"),
            StateFolder = FolderOf("XDG_STATE_HOME", Path.Combine(".local", "state")),
        };
    }

    private static string FolderOf(string variable, string fallback) => Path.Combine(
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), fallback), "sammed2d");
}
