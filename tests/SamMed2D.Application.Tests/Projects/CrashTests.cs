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
    public void Recover_OtherWorkUnsaved_AsksFirst()
    {
        using TestWorkspace next = AfterCrash("old work");
        Notice offer = Assert.Single(next.Workspace.Notices.Open);
        next.OpenAbdomen();
        next.Run("segment.add", new() { ["name"] = "new work" });
        Assert.True(next.Workspace.Commands.Invoke(offer.Choices[0].Command, offer.Choices[0].Arguments));
        next.Settle();
        Assert.Equal("new work", next.Workspace.Segments.Session!.Segments.Single().Name);
        NoticeChoice without = next.Workspace.Notices.Open[^1].Choices[^1];
        Assert.Equal("Recover without saving", without.Label);
        next.Run(without.Command, without.Arguments);
        next.Settle();
        Assert.Equal("old work", next.Workspace.Segments.Session!.Segments.Single().Name);
    }

    [Fact]
    public void Recover_ScanMoved_AsksWhereItIs()
    {
        using TestWorkspace next = AfterCrash("old work");
        string moved = Path.Combine(next.Folder, "moved.nii.gz");
        File.Move(Path.Combine(next.Folder, "abdomen.nii.gz"), moved);
        Notice offer = Assert.Single(next.Workspace.Notices.Open);
        next.Run(offer.Choices[0].Command, offer.Choices[0].Arguments);
        next.Settle();
        NoticeChoice where = next.Workspace.Notices.Open[^1].Choices[0];
        Assert.Equal("Choose the scan…", where.Label);
        Assert.False(next.Workspace.Commands.Invoke(where.Command, where.Arguments));
        JsonObject answer = next.Workspace.Request!.Known;
        answer["scan"] = next.Files.Know("moved.nii.gz", TestWorkspace.Abdomen.Image);
        next.Workspace.Answer(answer);
        next.Settle();
        Assert.Equal("old work", next.Workspace.Segments.Session!.Segments.Single().Name);
        Assert.Equal(moved, next.Workspace.Segments.Scan!.Path);
    }

    [Fact]
    public void SeveralCrashesOnOneScan_AreOneOffer_TheNewestFirst()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        string folder = Path.GetDirectoryName(Leave(test, "first"))!;
        foreach ((string file, string later) in Directory.GetFiles(folder).Select(f => (f, f.Replace(Path.GetFileName(f)[..4], "2000", StringComparison.Ordinal)))) File.Move(file, later);
        using (TestWorkspace second = new(test))
        {
            second.OpenAbdomen();
            Leave(second, "second");
        }
        using TestWorkspace next = new(test);
        Notice offer = Assert.Single(next.Workspace.Notices.Open);
        Assert.Equal(["Recover the newest", "Drop all"], offer.Choices.Select(c => c.Label));
        Recover(next, offer);
        Assert.Equal("second", next.Workspace.Segments.Session!.Segments.Single().Name);
        Notice older = next.Workspace.Notices.Open[^1];
        Assert.Equal(["Recover", "Drop it"], older.Choices.Select(c => c.Label));
        next.Run("project.recover", new() { ["file"] = (string)older.Choices[0].Arguments!["file"]!, ["discard"] = true });
        next.Settle();
        Assert.Equal("first", next.Workspace.Segments.Session!.Segments.Single().Name);
    }

    [Fact]
    public void SeveralCrashesOnOneScan_DropAll_LeavesNothing()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        Leave(test, "first");
        using (TestWorkspace second = new(test))
        {
            second.OpenAbdomen();
            Leave(second, "second");
        }
        using (TestWorkspace next = new(test))
        {
            NoticeChoice all = Assert.Single(next.Workspace.Notices.Open).Choices[1];
            next.Run(all.Command, all.Arguments);
            Assert.Empty(next.Workspace.Notices.Open);
        }
        using TestWorkspace last = new(test);
        Assert.Empty(last.Workspace.Notices.Open);
    }

    [Fact]
    public void RecoveredAndKilledAgain_StillKnowsItsProject()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        string project = Path.Combine(test.Folder, "p.sammed2d");
        test.Run("project.save", new() { ["path"] = project });
        test.Settle();
        Leave(test, "a");
        using TestWorkspace next = new(test);
        Recover(next, next.Workspace.Notices.Open.Single());
        Assert.Equal(project, next.Workspace.Project.Path);
        next.Workspace.Dispose();
        using TestWorkspace last = new(test);
        Recover(last, last.Workspace.Notices.Open.Single());
        Assert.Equal(project, last.Workspace.Project.Path);
    }

    [Fact]
    public void Quit_WhileLabelsAreExported_AsksFirst()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        string path = Path.Combine(test.Folder, "labels.nii.gz");
        test.Run("labels.export", new() { ["path"] = path });
        test.Run("app.quit");
        Assert.False(test.Workspace.IsQuitRequested);
        Assert.Contains("still under way", Assert.Single(test.Workspace.Notices.Open).Text);
        test.Settle();
        Assert.True(File.Exists(path));
        test.Run("app.quit");
        Assert.True(test.Workspace.IsQuitRequested);
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

    private static TestWorkspace AfterCrash(string segment)
    {
        TestWorkspace test = TestWorkspace.WithAbdomen();
        Leave(test, segment);
        return new(test);
    }

    /// <summary>Adds a segment and ends without saving, as a crash does.</summary>
    /// <returns>The journal left.</returns>
    private static string Leave(TestWorkspace test, string segment)
    {
        test.Run("segment.add", new() { ["name"] = segment });
        string journal = test.Workspace.Autosave.File!;
        test.Workspace.Dispose();
        return journal;
    }

    private static void Recover(TestWorkspace test, Notice offer)
    {
        test.Run(offer.Choices[0].Command, offer.Choices[0].Arguments);
        test.Settle();
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
