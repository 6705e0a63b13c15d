using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SamMed2D.Application.Notices;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tests.Projects;

/// <summary>A program that is killed in the middle of its edits, and what the next one finds.</summary>
public sealed class CrashTests
{
    [Fact]
    public void KilledInTheMiddleOfAnEdit_NextStart_BringsBackWhatWasDone()
    {
        using TestWorkspace test = new(); // Only for its folder; it opens nothing before the crash.
        using Process victim = CrashingEditor.Start(test.Folder);
        List<string> hashes = [];
        for (int n = 0; n < 12; n++) hashes.Add(victim.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The editor ended: {victim.StandardError.ReadToEnd()}"));
        victim.Kill(); // SIGKILL: nothing in the program can react.
        while (victim.StandardOutput.ReadLine() is { } more) hashes.Add(more);
        victim.WaitForExit();

        using TestWorkspace next = new(test);
        Notice offer = Assert.Single(next.Workspace.Notices.Open);
        Assert.Contains("abdomen.nii.gz", offer.Text);
        Assert.True(next.Workspace.Commands.Invoke(offer.Choices[0].Command, offer.Choices[0].Arguments));
        next.Settle();
        SegmentationSession session = next.Workspace.Segments.Session!;
        string found = VoxelHash.Of(session.Labels);
        // All that was reported is there; the edit under way when it was killed may be too.
        Assert.True(found == hashes[^1] || !hashes.Contains(found), $"{hashes.IndexOf(found)} of {hashes.Count}");
        if (found != hashes[^1])
        {
            session.Undo();
            Assert.Equal(hashes[^1], VoxelHash.Of(session.Labels));
        }
        Assert.True(next.Workspace.Segments.HasUnsavedWork);
        Assert.Contains("are back", next.Workspace.Notices.Open.Single().Text);
    }

    [Fact]
    public void RunningProgram_OffersNothingToAnother_EndedOneLeavesNothing()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        test.Run("segment.add", new() { ["name"] = "a" });
        string journal = test.Workspace.Autosave.File!;
        using (TestWorkspace other = new(test)) Assert.Empty(other.Workspace.Notices.Open);
        test.Run("app.quit");
        Assert.False(test.Workspace.IsQuitRequested);
        Notice asked = Assert.Single(test.Workspace.Notices.Open);
        test.Workspace.Commands.Run(asked.Choices[^1].Command, asked.Choices[^1].Arguments);
        Assert.True(test.Workspace.IsQuitRequested);
        Assert.False(File.Exists(journal));
    }

    [Fact]
    public void DisposedWithUnsavedWork_IsOfferedAndCanBeDropped()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        test.Run("segment.add", new() { ["name"] = "a" });
        test.Workspace.Dispose();
        using TestWorkspace next = new(test);
        Notice offer = Assert.Single(next.Workspace.Notices.Open);
        next.Workspace.Commands.Run(offer.Choices[1].Command, offer.Choices[1].Arguments);
        Assert.Empty(next.Workspace.Notices.Open);
        using TestWorkspace last = new(test);
        Assert.Empty(last.Workspace.Notices.Open);
        Assert.Throws<InvalidCommandException>(() => last.Run("project.recover", new() { ["file"] = "none" }));
    }

    [Fact]
    public void JournalFolderThatCannotBeMade_IsANotice_WorkGoesOn()
    {
        using TestWorkspace test = new();
        File.WriteAllText(Path.Combine(test.Folder, "state"), "a file where the folder should be");
        test.OpenAbdomen();
        test.Run("segment.add", new() { ["name"] = "a" });
        Assert.Contains("save the project", Assert.Single(test.Workspace.Notices.Open).Text);
        Assert.Single(test.Workspace.Segments.Session!.Segments);
    }

    [Fact]
    public void JournalThatFailed_RoomAgain_GoesOnWithAllThatWasDoneAndSaysSo()
    {
        using TestWorkspace test = new();
        string obstacle = Path.Combine(test.Folder, "state");
        File.WriteAllText(obstacle, "a file where the folder should be");
        test.OpenAbdomen();
        test.Run("segment.add", new() { ["name"] = "a" });
        test.Run("measure.ruler", new() { ["at"] = new JsonArray(new JsonArray(0, 0, 0), new JsonArray(3, 4, 0)) });
        test.Clock.Advance(11);
        test.Workspace.Tick();
        Assert.False(test.Workspace.Autosave.IsWorking);
        Assert.Single(test.Workspace.Notices.Open); // Not told twice.

        File.Delete(obstacle);
        test.Clock.Advance(11);
        test.Workspace.Tick();
        Assert.True(test.Workspace.Autosave.IsWorking);
        Assert.Contains("again", Assert.Single(test.Workspace.Notices.Open).Text);
        test.Run("edit.undo");
        test.Run("edit.redo");
        test.Run("segment.add", new() { ["name"] = "b" });
        test.Workspace.Dispose();

        using TestWorkspace next = new(test);
        Notice offer = Assert.Single(next.Workspace.Notices.Open);
        next.Run(offer.Choices[0].Command, offer.Choices[0].Arguments);
        next.Settle();
        Assert.Equal(["a", "b"], next.Workspace.Segments.Session!.Segments.Select(s => s.Name));
        Assert.Equal("5.0 mm", Assert.Single(next.Workspace.Segments.Session.Measurements).Text);
    }

    [Fact]
    public void Saved_ThenUndone_ThenKilled_BringsBackTheUndoneState()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        test.Run("segment.add", new() { ["name"] = "a" });
        test.Run("measure.ruler", new() { ["at"] = new JsonArray(new JsonArray(0, 0, 0), new JsonArray(3, 4, 0)) });
        test.Run("project.save", new() { ["path"] = Path.Combine(test.Folder, "p.sammed2d") });
        test.Settle();
        test.Run("edit.undo");
        test.Workspace.Dispose();
        using TestWorkspace next = new(test);
        Notice offer = Assert.Single(next.Workspace.Notices.Open);
        next.Run(offer.Choices[0].Command, offer.Choices[0].Arguments);
        next.Settle();
        Assert.Empty(next.Workspace.Segments.Session!.Measurements);
        Assert.Single(next.Workspace.Segments.Session.Segments);
    }

    [Fact]
    public void ChangedWhileSaving_IsStillUnsavedAndKept()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        test.Run("segment.add", new() { ["name"] = "a" });
        test.Run("project.save", new() { ["path"] = Path.Combine(test.Folder, "p.sammed2d") });
        test.Run("measure.ruler", new() { ["at"] = new JsonArray(new JsonArray(0, 0, 0), new JsonArray(3, 4, 0)) });
        test.Settle();
        Assert.True(test.Workspace.Segments.HasUnsavedWork);
        test.Workspace.Dispose();
        using TestWorkspace next = new(test);
        next.Run("project.recover", new() { ["file"] = (string)next.Workspace.Notices.Open.Single().Choices[0].Arguments!["file"]! });
        next.Settle();
        Assert.Single(next.Workspace.Segments.Session!.Measurements);
    }
}

/// <summary>This test program as an editor that edits until it is killed: it tells the labels' hash after each edit.</summary>
internal static class CrashingEditor
{
    private const string Variable = "SAMMED2D_TEST_EDITOR_FOLDER";

    public static Process Start(string folder)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet") start.ArgumentList.Add(typeof(CrashingEditor).Assembly.Location);
        start.Environment[Variable] = folder;
        return Process.Start(start)!;
    }

    // Runs before the tests' own entry point, which it never reaches as an editor.
    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder) return;
        TestWorkspace test = new(folder, isKept: true);
        test.OpenAbdomen();
        test.Run("segment.add", new() { ["name"] = "liver" });
        for (int n = 0; ; n++)
        {
            test.Run("edit.paint", new()
            {
                ["view"] = "axial",
                ["slice"] = n % 30,
                ["path"] = new JsonArray(new JsonArray(10 + n % 70, 10 + n % 45), new JsonArray(20 + n % 60, 12 + n % 50)),
                ["radius"] = 5 + n % 9,
                ["erase"] = n % 5 == 4,
            });
            Console.Out.WriteLine(VoxelHash.Of(test.Workspace.Segments.Session!.Labels));
            Console.Out.Flush();
        }
    }
}
