using SamMed2D.Application.Commands;
using SamMed2D.Application.Segments;
using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tests.Segments;

public sealed class SegmentsTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    private Workspace Workspace => _test.Workspace;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Terms_AllDiffer_AndAreCoded()
    {
        Assert.Equal(AnatomyTerm.All.Count, AnatomyTerm.All.Select(t => t.Name).Distinct().Count());
        Assert.All(AnatomyTerm.All, term => Assert.Matches("^[0-9]{6,9}$", term.Code));
        Assert.Equal("10200004", AnatomyTerm.Find("Liver")!.Code);
        Assert.Equal(["left kidney", "right kidney"], AnatomyTerm.Search("kidney").Select(t => t.Name).Order());
        Assert.Equal("lung", AnatomyTerm.Search("left lun").Single().Name["left ".Length..]);
    }

    [Fact]
    public void Add_StandardName_BringsItsColour()
    {
        _test.Run("segment.add", new() { ["name"] = "liver" });
        Assert.Equal(AnatomyTerm.Find("liver")!.Color, Workspace.Segments.Active!.Segment.Color);
        _test.Run("segment.rename", new() { ["name"] = "spleen" });
        Assert.Equal(AnatomyTerm.Find("spleen")!.Color, Workspace.Segments.Active!.Segment.Color);
        _test.Run("segment.color", new() { ["color"] = "#102030" });
        _test.Run("segment.rename", new() { ["name"] = "liver" });
        Assert.Equal(new(0x10, 0x20, 0x30), Workspace.Segments.Active!.Segment.Color);
    }

    [Fact]
    public void NextAndPrevious_GoRound()
    {
        foreach (string name in (string[])["a", "b", "c"]) _test.Run("segment.add", new() { ["name"] = name });
        Workspace.Commands.Press(KeyChord.Parse("W"));
        Assert.Equal("a", Workspace.Segments.Active!.Name);
        Workspace.Commands.Press(KeyChord.Parse("Q"));
        Assert.Equal("c", Workspace.Segments.Active!.Name);
        _test.Run("segment.remove");
        Assert.Equal("b", Workspace.Segments.Active!.Name);
    }

    [Fact]
    public void Statistics_OfAPaintedBall_MatchItsVoxels()
    {
        _test.Run("segment.add", new() { ["name"] = "a" });
        _test.Run("edit.threshold", new() { ["low"] = 300, ["high"] = 3000 });
        _test.Settle();
        _test.Run("segment.statistics");
        _test.Settle();
        double sum = 0;
        long count = 0;
        foreach (short voxel in TestWorkspace.Abdomen.Image.Voxels)
            if (voxel >= 300) (sum, count) = (sum + voxel, count + 1);
        Assert.Equal(sum / count, Workspace.Statistics.Of(1)!.Mean, 6);
        Assert.Equal(count * 0.128, Workspace.Segments.VolumeMl(1), 6);
        _test.Run("edit.undo");
        Assert.Null(Workspace.Statistics.Of(1));
    }

    [Fact]
    public void Strip_OfRecords_ShowsDoubtLocksAndTheNextToLookAt()
    {
        SliceRecord Record(int slice, double iou) => new() { Label = 1, Slice = slice, Kind = StepKind.Up, PredictedIou = iou, Overlap = 0.9, AreaPixels = 10, IsKept = true };
        SessionSegment segment = new(new(1, "a", new(1, 2, 3)), Core.Geometry.SliceAxis.K)
        {
            Records = [Record(4, 0.9), Record(5, 0.5), Record(6, 0.95), Record(7, 0.6)],
            Slices = System.Collections.Immutable.ImmutableSortedDictionary<int, SessionSlice>.Empty
                .Add(3, new() { Prompts = new() { Box = new PromptBox(0, 0, 2, 2) } }).Add(7, new() { IsAccepted = true }),
        };
        ConfidenceStrip strip = ConfidenceStrip.Of(segment);
        Assert.Equal([3, 4, 5, 6, 7], strip.Cells.Select(c => c.Slice));
        Assert.Equal([true, false, false, false, true], strip.Cells.Select(c => c.IsLocked));
        Assert.Equal([false, false, true, false, false], strip.Cells.Select(c => c.NeedsReview));
        Assert.True(strip.Cells[2].Color.R > strip.Cells[2].Color.G);
        Assert.True(strip.Cells[3].Color.G > strip.Cells[3].Color.R);
        Assert.Equal(5, ConfidenceStrip.NextReview(segment, 6, +1));
        Assert.Equal(5, ConfidenceStrip.NextReview(segment, 2, -1));
    }

    [Fact]
    public void Close_UnsavedLabels_AsksFirst()
    {
        _test.Run("segment.add", new() { ["name"] = "a" });
        _test.Run("scan.close");
        Assert.NotNull(Workspace.Scans.Background);
        Notices.Notice asked = Assert.Single(Workspace.Notices.Open);
        Workspace.Commands.Run(asked.Choices[^1].Command, asked.Choices[^1].Arguments);
        Assert.Null(Workspace.Scans.Background);
        Assert.Null(Workspace.Segments.Session);
    }
}
