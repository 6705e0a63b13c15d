using System.Text.Json.Nodes;
using SamMed2D.Application.Notices;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tests.Projects;

public sealed class ProjectTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    private string ProjectPath => Path.Combine(_test.Folder, "work.sammed2d");

    public void Dispose() => _test.Dispose();

    [Fact]
    public void SaveAndOpen_EverythingIsBack()
    {
        Work(_test);
        _test.Run("view.slice", new() { ["view"] = "coronal", ["slice"] = 11 });
        _test.Run("view.side-by-side", new() { ["view"] = "coronal" });
        _test.Run("window.ct-bone");
        _test.Run("measure.ruler", new() { ["at"] = new JsonArray(new JsonArray(0, 0, 0), new JsonArray(3, 4, 0)) });
        Assert.True(_test.Workspace.Segments.HasUnsavedWork);
        Save(_test);
        Assert.False(_test.Workspace.Segments.HasUnsavedWork);
        SegmentationSession before = _test.Workspace.Segments.Session!;

        using TestWorkspace again = new(_test);
        Open(again);
        Assert.Empty(again.Workspace.Notices.Open);
        SegmentationSession session = again.Workspace.Segments.Session!;
        Assert.True(before.Labels.Labels.SequenceEqual(session.Labels.Labels));
        SessionSegment expected = before.Segments.Single(), found = session.Segments.Single();
        Assert.Equal((expected.Name, expected.Segment.Color, expected.Status), (found.Name, found.Segment.Color, found.Status));
        Assert.Equal(expected.Slices.Keys, found.Slices.Keys);
        Assert.Equal(expected.Slices.Values.First().Prompts.Box, found.Slices.Values.First().Prompts.Box);
        Assert.Equal(11, again.Workspace.SliceView(ViewId.Coronal).Slice);
        Assert.Equal(LayoutKind.SideBySide, again.Workspace.Layout.Kind);
        Assert.Equal("ct-bone", again.Workspace.Scans.Background!.WindowName);
        Assert.Equal(5, session.Measurements.Single().Value);
        Assert.False(again.Workspace.Segments.HasUnsavedWork);
    }

    [Fact]
    public void Save_FullDisk_SaysWhatToDo_WorkAndOldFileStay()
    {
        Work(_test);
        Save(_test);
        byte[] saved = File.ReadAllBytes(ProjectPath);
        _test.Run("segment.rename", new() { ["name"] = "other" });
        _test.Files.WriteFailure = new OutputException("labels.nii.gz", "the disk is full; free some space or choose another place. A file already there is unchanged");
        _test.Run("project.save");
        _test.Settle();
        Assert.Contains("the disk is full", _test.Workspace.Notices.Open[^1].Text);
        Assert.True(_test.Workspace.Segments.HasUnsavedWork);
        Assert.Equal("other", _test.Workspace.Segments.Session!.Segments.Single().Name);
        Assert.Equal(saved, File.ReadAllBytes(ProjectPath));
        _test.Files.WriteFailure = null;
        Save(_test);
        Assert.False(_test.Workspace.Segments.HasUnsavedWork);
    }

    [Fact]
    public void Open_ScanGone_AsksWhereItIs()
    {
        Work(_test);
        Save(_test);
        string moved = Path.Combine(Directory.CreateDirectory(Path.Combine(_test.Folder, "elsewhere")).FullName, "abdomen.nii.gz");
        File.Move(Path.Combine(_test.Folder, "abdomen.nii.gz"), moved);
        using TestWorkspace again = new(_test);
        Open(again);
        Notice asked = Assert.Single(again.Workspace.Notices.Open);
        Assert.Contains("is not there any more", asked.Text);
        NoticeChoice choice = Assert.Single(asked.Choices);
        Assert.False(again.Workspace.Commands.Invoke(choice.Command, choice.Arguments));
        Assert.Equal("project.open-with-scan", again.Workspace.Request!.Command.Id);
        again.Files.Add("elsewhere/abdomen.nii.gz", TestWorkspace.Abdomen.Image);
        again.Workspace.Answer(new() { ["path"] = ProjectPath, ["scan"] = moved });
        again.Settle();
        Assert.Equal("liver", again.Workspace.Segments.Active!.Name);
    }

    [Fact]
    public void OpenWithScan_OtherWorkUnsaved_GoesOnWithTheChosenScan()
    {
        Work(_test);
        Save(_test);
        string moved = Path.Combine(_test.Folder, "moved.nii.gz");
        File.Move(Path.Combine(_test.Folder, "abdomen.nii.gz"), moved);
        using TestWorkspace again = new(_test);
        again.Files.Know("moved.nii.gz", TestWorkspace.Abdomen.Image);
        again.OpenAbdomen("other.nii.gz");
        again.Run("segment.add", new() { ["name"] = "unsaved" });
        again.Run("project.open-with-scan", new() { ["path"] = ProjectPath, ["scan"] = moved });
        NoticeChoice without = again.Workspace.Notices.Open[^1].Choices[^1];
        again.Run(without.Command, without.Arguments);
        again.Settle();
        Assert.Equal("liver", again.Workspace.Segments.Active!.Name);
    }

    [Fact]
    public void SaveAndOpen_ScansBehindAndOnTop_AreBack()
    {
        string[] others = ["second.nii.gz", "third.nii.gz"];
        foreach (string other in others) _test.OpenAbdomen(other);
        _test.Run("scan.background", new() { ["scan"] = 2 });
        _test.Run("scan.foreground", new() { ["scan"] = 3 });
        _test.Run("scan.opacity", new() { ["opacity"] = 0.25 });
        _test.Run("view.slice", new() { ["view"] = "axial", ["slice"] = 7 });
        Save(_test);
        using TestWorkspace again = new(_test);
        foreach (string other in others) again.Files.Know(other, TestWorkspace.Abdomen.Image);
        Open(again);
        Assert.Equal("second.nii.gz", again.Workspace.Scans.Background!.Name);
        Assert.Equal("third.nii.gz", again.Workspace.Scans.Foreground!.Name);
        Assert.Equal(0.25, again.Workspace.Scans.ForegroundOpacity);
        Assert.Equal("abdomen.nii.gz", again.Workspace.Segments.Scan!.Name);
        Assert.Equal(7, again.Workspace.SliceView(ViewId.Axial).Slice);
    }

    [Fact]
    public void Save_RelativePath_IsRememberedInFull()
    {
        _test.Run("project.save", new() { ["path"] = Path.GetRelativePath(Environment.CurrentDirectory, ProjectPath) });
        _test.Settle();
        Assert.Equal(ProjectPath, _test.Workspace.Project.Path);
    }

    [Fact]
    public void Open_ScanChanged_OffersTheLabelsAlone()
    {
        Work(_test);
        Save(_test);
        using TestWorkspace again = new(_test);
        short[] voxels = TestWorkspace.Abdomen.Image.Voxels.ToArray();
        voxels[1000]++;
        again.Files.Add("abdomen.nii.gz", new Volume<short>(TestWorkspace.Abdomen.Image.Geometry, voxels, IntensityScale.Identity, new() { Modality = "CT" }));
        Open(again);
        Notice asked = Assert.Single(again.Workspace.Notices.Open);
        Assert.Contains("has changed since", asked.Text);
        Assert.Null(again.Workspace.Segments.Session);
        NoticeChoice labels = asked.Choices[^1];
        Assert.True(again.Workspace.Commands.Invoke(labels.Command, labels.Arguments));
        again.Settle();
        Assert.True(_test.Workspace.Segments.Session!.Labels.Labels.SequenceEqual(again.Workspace.Segments.Session!.Labels.Labels));
        Assert.True(again.Workspace.Segments.HasUnsavedWork);
    }

    [Theory]
    [InlineData("not a zip")]
    [InlineData("")]
    public void Open_NoProject_SaysSo(string text)
    {
        File.WriteAllText(ProjectPath, text);
        Open(_test);
        Assert.Contains("is not a project", Assert.Single(_test.Workspace.Notices.Open).Text);
        Assert.NotNull(_test.Workspace.Segments.Session);
    }

    [Fact]
    public void Open_LaterVersion_SaysUpdate()
    {
        Work(_test);
        Save(_test);
        using (System.IO.Compression.ZipArchive zip = System.IO.Compression.ZipFile.Open(ProjectPath, System.IO.Compression.ZipArchiveMode.Update))
        {
            System.IO.Compression.ZipArchiveEntry entry = zip.GetEntry("project.json")!;
            string json;
            using (StreamReader reader = new(entry.Open())) json = reader.ReadToEnd().Replace("\"version\": 1", "\"version\": 2");
            entry.Delete();
            using StreamWriter writer = new(zip.CreateEntry("project.json").Open());
            writer.Write(json);
        }
        using TestWorkspace again = new(_test);
        Open(again);
        Assert.Contains("later version", Assert.Single(again.Workspace.Notices.Open).Text);
    }

    [Fact]
    public void Scan_RemovedWhileOpen_ChangesNothing_AndIsMissedAtTheNextOpening()
    {
        Work(_test);
        File.Delete(Path.Combine(_test.Folder, "abdomen.nii.gz"));
        Save(_test);
        _test.Run("view.next-slice");
        Assert.NotNull(_test.Workspace.SliceView(ViewId.Axial).CreateScene());
        Assert.Empty(_test.Workspace.Notices.Open);
        Assert.Contains("does not exist any more", Assert.Throws<InvalidFileException>(() => _test.Run("scan.open-recent", new() { ["number"] = 2 })).Message);
    }

    [Fact]
    public void ExportAndImport_Labels_AreTheSame()
    {
        Work(_test);
        string path = Path.Combine(_test.Folder, "labels.nii.gz");
        _test.Run("labels.export", new() { ["path"] = path });
        _test.Settle();
        ushort[] labels = _test.Workspace.Segments.Session!.Labels.Labels.ToArray();
        _test.Run("edit.clear");
        _test.Run("labels.import", new() { ["path"] = path });
        _test.Settle();
        Assert.True(labels.AsSpan().SequenceEqual(_test.Workspace.Segments.Session.Labels.Labels));
    }

    [Fact]
    public void ExportAndImport_InANewSession_GoesOnWhereItWas()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        string path = Path.Combine(_test.Folder, "labels.nii.gz");
        _test.Run("segment.add", new() { ["name"] = "liver" });
        _test.Run("prompt.box", new() { ["view"] = "axial", ["slice"] = slice, ["box"] = new JsonArray(liver.X0, liver.Y0, liver.X1, liver.Y1) });
        _test.Run("propagate.run");
        _test.Settle();
        _test.Run("view.slice", new() { ["view"] = "axial", ["slice"] = slice + 1 });
        _test.Run("segment.accept-slice");
        _test.Run("labels.export", new() { ["path"] = path });
        _test.Settle();
        SessionSegment expected = _test.Workspace.Segments.Session!.Segments.Single();
        Assert.NotEmpty(expected.Records);

        using TestWorkspace again = TestWorkspace.WithAbdomen();
        again.Run("labels.import", new() { ["path"] = path });
        again.Settle();
        Assert.Empty(again.Workspace.Notices.Open);
        SegmentationSession session = again.Workspace.Segments.Session!;
        SessionSegment found = session.Segments.Single();
        Assert.True(_test.Workspace.Segments.Session.Labels.Labels.SequenceEqual(session.Labels.Labels));
        Assert.Equal([slice, slice + 1], found.LockedSlices);
        Assert.Equal(expected.OnSlice(slice).Prompts.Box, found.OnSlice(slice).Prompts.Box);
        Assert.Equal(expected.Records.Select(r => (r.Slice, r.Kind, r.PredictedIou)), found.Records.Select(r => (r.Slice, r.Kind, r.PredictedIou)));
        Assert.Equal(_test.Workspace.Segments.Session.Runs.Single().LabelsSha256, session.Runs.Single().LabelsSha256);
        again.Run("edit.undo");
        Assert.Empty(session.Segments);
        Assert.False(session.Labels.Labels.ContainsAnyExcept((ushort)0));
    }

    [Fact]
    public void Import_RecordOfAnotherScan_TakesTheLabelsAndSaysWhatIsMissing()
    {
        Work(_test);
        string path = Path.Combine(_test.Folder, "labels.nii.gz");
        _test.Run("labels.export", new() { ["path"] = path });
        _test.Settle();
        JsonNode record = JsonNode.Parse(File.ReadAllText(path + ".json"))!;
        record["scan"]!["voxelSha256"] = new string('0', 64);
        File.WriteAllText(path + ".json", record.ToJsonString());
        using TestWorkspace again = TestWorkspace.WithAbdomen();
        again.Run("labels.import", new() { ["path"] = path });
        again.Settle();
        Notice notice = Assert.Single(again.Workspace.Notices.Open);
        Assert.Equal(NoticeKind.Warning, notice.Kind);
        Assert.Contains("made from another scan", notice.Text);
        Assert.True(_test.Workspace.Segments.Session!.Labels.Labels.SequenceEqual(again.Workspace.Segments.Session!.Labels.Labels));
    }

    [Fact]
    public void Import_NamesMissingOrTwice_EveryLabelIsASegmentOfItsOwn()
    {
        LabelMap labels = new(TestWorkspace.Abdomen.Image.Geometry, [new(3, "", default), new(4, "lung", default), new(5, "lung", default)]);
        for (ushort label = 3; label <= 6; label++) labels.MutableLabels[1000 + label] = label;
        string path = Path.Combine(_test.Folder, "labels.nii.gz");
        _test.Files.WriteLabelMap(labels, path);
        _test.Run("labels.import", new() { ["path"] = path });
        _test.Settle();
        SegmentationSession session = _test.Workspace.Segments.Session!;
        Assert.Equal(["label 3", "lung", "lung (5)", "label 6"], session.Segments.Select(s => s.Name));
        Assert.All(session.Segments, s => Assert.Equal(1, session.GetVoxelCount(s.Label)));
    }

    [Fact]
    public void Export_OverTheOpenScan_IsRefused()
    {
        string scan = Path.Combine(_test.Folder, "abdomen.nii.gz");
        Assert.Contains("is the open scan", Assert.Throws<InvalidCommandException>(() => _test.Run("labels.export", new() { ["path"] = scan })).Message);
        _test.Settle();
        Assert.Equal("abdomen.nii.gz", File.ReadAllText(scan));
    }

    private static void Work(TestWorkspace test)
    {
        test.Run("segment.add", new() { ["name"] = "liver" });
        test.Run("prompt.box", new() { ["view"] = "axial", ["slice"] = 12, ["box"] = new JsonArray(20, 20, 40, 40) });
        test.Run("edit.paint", new() { ["view"] = "axial", ["slice"] = 14, ["path"] = new JsonArray(new JsonArray(30, 30), new JsonArray(40, 35)), ["radius"] = 15 });
    }

    private void Save(TestWorkspace test)
    {
        test.Run("project.save", new() { ["path"] = ProjectPath });
        test.Settle();
    }

    private void Open(TestWorkspace test)
    {
        test.Run("project.open", new() { ["path"] = ProjectPath });
        test.Settle();
    }
}
