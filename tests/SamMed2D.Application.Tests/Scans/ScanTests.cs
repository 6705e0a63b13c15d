using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SamMed2D.Application.Notices;
using SamMed2D.Application.Series;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Application.Tests.Scans;

public sealed class ScanTests
{
    [Fact]
    public void OpenPromptAndClose_ManyTimes_KeepsNoVoxels()
    {
        using TestWorkspace test = new();
        List<WeakReference> voxels = [];
        for (int n = 0; n < 8; n++) voxels.Add(OpenPromptAndClose(test));
        for (int n = 0; n < 50 && voxels.Any(v => v.IsAlive); n++)
        {
            test.Settle();
            Thread.Sleep(20);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(0, voxels.Count(v => v.IsAlive));
        Assert.Equal(0, test.Models.Segmenter.LiveEmbeddings);
    }

    [Fact]
    public void Open_FileOfSeveralFrames_OffersTheOthers()
    {
        using TestWorkspace test = new();
        string path = test.Files.Add("four.nii", TestWorkspace.Abdomen.Image.With(new VolumeInfo { FrameCount = 5 }));
        test.Run("scan.open", new() { ["path"] = path });
        test.Settle();
        Notice notice = Assert.Single(test.Workspace.Notices.Open);
        Assert.Contains("5 frames", notice.Text);
        Assert.False(test.Workspace.Commands.Invoke(notice.Choices[0].Command, notice.Choices[0].Arguments));
        test.Workspace.Answer(new() { ["frame"] = 3 });
        test.Settle();
        Assert.Equal(3, test.Workspace.Scans.Foreground!.Options.Frame);
        Assert.Contains("no 5", Assert.Throws<InvalidCommandException>(() => test.Run("scan.frame", new() { ["frame"] = 5 })).Message);
    }

    [Fact]
    public void Open_FolderOfSeveralSeries_AsksWhich()
    {
        using TestWorkspace test = new(series: new TwoSeries());
        string folder = Directory.CreateDirectory(Path.Combine(test.Folder, "dicom")).FullName;
        test.Run("scan.open", new() { ["path"] = folder });
        test.Settle(() => test.Workspace.SeriesChoice is { } choice && choice.Series.All(s => choice.Thumbnail(s) is not null));
        Assert.Equal(["scout", "portal venous"], test.Workspace.SeriesChoice!.Series.Select(s => s.Title));
        test.Run("scan.open", new() { ["path"] = folder, ["series"] = "2" });
        Assert.Null(test.Workspace.SeriesChoice);
    }

    [Fact]
    public void Open_BrokenFile_SaysSoAndChangesNothing()
    {
        using TestWorkspace test = TestWorkspace.WithAbdomen();
        string path = Path.Combine(test.Folder, "broken.nii");
        File.WriteAllText(path, "broken");
        test.Run("scan.open", new() { ["path"] = path });
        test.Settle();
        Assert.Equal(NoticeKind.Error, Assert.Single(test.Workspace.Notices.Open).Kind);
        Assert.Single(test.Workspace.Scans.All);
    }

    [Fact]
    public void ModelWindow_ChosenWhileAnotherIsStillSought_IsTheLast()
    {
        using TestWorkspace test = new();
        string path = test.Files.Add("large.nii", new Volume<short>(new VolumeGeometry(300, 300, 200, Affine.Identity), new short[300 * 300 * 200], IntensityScale.Identity, new()));
        test.Run("scan.open", new() { ["path"] = path });
        test.Settle();
        test.Run("model.window", new() { ["name"] = "auto" }); // looks at every voxel
        test.Run("model.window", new() { ["name"] = "ct-bone" }); // is known
        test.Settle(() => test.Workspace.Jobs.Running.Count == 0);
        Assert.Equal("ct-bone", test.Workspace.ModelWindowName);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference OpenPromptAndClose(TestWorkspace test)
    {
        Volume<short> image = TestWorkspace.Abdomen.Image;
        short[] voxels = image.Voxels.ToArray();
        string path = test.Files.Add("a.nii", new Volume<short>(image.Geometry, voxels, IntensityScale.Identity, image.Info));
        test.Run("scan.open", new() { ["path"] = path });
        test.Settle();
        test.Run("tool.box");
        test.Run("segment.add", new() { ["name"] = "liver" });
        test.Run("prompt.box", new() { ["view"] = "axial", ["box"] = new JsonArray(20, 20, 40, 40) });
        test.Settle(() => test.Workspace.Prompting.Preview is not null);
        test.Run("prompt.accept");
        test.Run("scan.close", new() { ["discard"] = true });
        test.Files.Know("a.nii", image);
        return new(voxels);
    }

    private sealed class TwoSeries : ISeriesCatalog
    {
        public bool Covers(string path) => Directory.Exists(path);

        public IReadOnlyList<SeriesEntry> List(string path, ProgressCallback? progress = null, CancellationToken cancellation = default) =>
            [new("1", "scout", "CT", 1) { Problem = "it is a localiser" }, new("2", "portal venous", "CT", 40) { PhaseCount = 2 }];

        public SliceImage? ReadThumbnail(string path, SeriesEntry series, int longestSide = 128, CancellationToken cancellation = default) => new(1, 1, 1, new byte[1]);
    }
}
