using System.Diagnostics;

namespace SamMed2D.Viewer.Tests;

/// <summary>What can go wrong outside of the program: it says what to do, and what was done is still there.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Paint = """{ "wait": 60 }, { "run": "segment.add", "with": { "name": "liver" } }, { "run": "edit.paint", "with": { "view": "axial", "slice": 40, "path": [[90, 60], [120, 80]], "radius": 60, "ball": true } }, { "wait": 30 }""";
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-bad-").FullName;
    private readonly List<string> _mounted = [];

    public void Dispose()
    {
        foreach (string place in _mounted) Shell("umount", place);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void View_DriverWithoutOpenGl45_NamesTheWayOut()
    {
        ScriptedViewer run = ScriptedViewer.Run(_folder, "[]", ("MESA_GL_VERSION_OVERRIDE", "3.3"));
        Assert.Equal(7, run.ExitCode);
        Assert.Contains("4.5", run.Error);
        Assert.Contains("LIBGL_ALWAYS_SOFTWARE=1", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void View_ScanRemovedWhileOpen_WorkIsSaved_ReopeningAsksWhereTheScanIs()
    {
        string scan = Path.Combine(_folder, "gone.nii.gz"), project = Path.Combine(_folder, "work.sammed2d"), labels = Path.Combine(_folder, "labels.nii.gz"), flag = Path.Combine(_folder, "flag.png");
        File.Copy(ScriptedViewer.Sample("abdomen-ct.nii.gz"), scan);
        Task remove = Task.Run(() =>
        {
            while (!File.Exists(flag)) Thread.Sleep(5);
            File.Delete(scan);
        });
        string script = $$"""
            [ {{Paint}}, { "run": "app.screenshot", "with": { "view": "axial", "path": "{{flag}}" } }, { "run": "edit.smooth", "with": { "method": "median", "mm": 6 } }, { "wait": 60 },
              { "run": "view.scroll", "with": { "view": "axial", "slices": 3 } }, { "run": "labels.export", "with": { "path": "{{labels}}" } }, { "wait": 60 },
              { "run": "project.save", "with": { "path": "{{project}}" } }, { "wait": 60 }, { "expect": { "unsaved": false, "notices": 0 } } ]
            """;
        ScriptedViewer run = ScriptedViewer.Run(_folder, script, null, scan);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(remove.IsCompleted && !File.Exists(scan) && File.Exists(labels));

        ScriptedViewer again = ScriptedViewer.Run(_folder, """[ { "wait": 60 } ]""", null, project);
        Assert.Contains("is not there any more; choose where it is now", again.Error);
        File.Copy(ScriptedViewer.Sample("abdomen-ct.nii.gz"), Path.Combine(_folder, "moved.nii.gz"));
        script = $$"""[ { "run": "project.open", "with": { "path": "{{project}}", "scan": "{{_folder}}/moved.nii.gz" } }, { "wait": 60 }, { "expect": { "segments": 1, "voxels:liver": { "min": 10000 } } } ]""";
        ScriptedViewer moved = ScriptedViewer.Run(_folder, script, null);
        Assert.True(moved.ExitCode == 0, moved.Error);
    }

    [Theory]
    [InlineData("project.save", "work.sammed2d")]
    [InlineData("labels.export", "labels.nii.gz")]
    [InlineData("app.screenshot", "shot.png")]
    public void View_FullDisk_SaysSo_NothingIsLeftThere_WorkIsRecovered(string command, string name)
    {
        string full = FullDisk(kilobytes: 400, free: 4);
        ScriptedViewer run = ScriptedViewer.Run(_folder, $$"""[ {{Paint}}, { "run": "{{command}}", "with": { "path": "{{full}}/{{name}}" } }, { "wait": 60 } ]""", null, ScriptedViewer.Sample("abdomen-ct.nii.gz"));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("the disk is full; free some space or choose another place", run.Error);
        Assert.Equal(["fill"], Directory.EnumerateFileSystemEntries(full).Select(Path.GetFileName));

        string journal = Path.GetFileName(Directory.EnumerateFiles(Path.Combine(_folder, "sammed2d", "autosave"), "*.journal").Single());
        ScriptedViewer next = ScriptedViewer.Run(_folder, $$"""[ { "run": "project.recover", "with": { "file": "{{journal}}" } }, { "wait": 60 }, { "expect": { "segments": 1, "voxels:liver": { "min": 10000 }, "unsaved": true } } ]""", null);
        Assert.True(next.ExitCode == 0, next.Error);
    }

    [Fact]
    public void View_FullDiskUnderTheJournal_GoesOnWorking()
    {
        string full = FullDisk(kilobytes: 400, free: 12);
        Directory.CreateDirectory(Path.Combine(full, "sammed2d"));
        ScriptedViewer run = ScriptedViewer.Run(_folder, $$"""[ {{Paint}}, { "expect": { "notices": 1, "undo-steps": 2, "voxels:liver": { "min": 10000 } } } ]""", ("XDG_STATE_HOME", full), ScriptedViewer.Sample("abdomen-ct.nii.gz"));
        Assert.True(run.ExitCode == 0, run.Error);
    }

    private string FullDisk(int kilobytes, int free)
    {
        string place = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName;
        Assert.SkipUnless(Shell("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", place) == 0, "a small file system cannot be mounted here; run as root");
        _mounted.Add(place);
        File.WriteAllBytes(Path.Combine(place, "fill"), new byte[(kilobytes - free) * 1024]);
        return place;
    }

    private static int Shell(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
