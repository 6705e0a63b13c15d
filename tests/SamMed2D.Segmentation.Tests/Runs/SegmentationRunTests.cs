using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Tests.Prompts;
using SamMed2D.Segmentation.Tests.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Runs;

public class SegmentationRunTests
{
    private static readonly MiniJsonSchema s_schema = new(File.ReadAllText(
        Path.Combine(Repository.Root, "src", "SamMed2D.Segmentation", "Runs", "segmentation-record.schema.json")));

    private static SegmentationResult RunBall(Action<long, long>? progress = null)
    {
        SyntheticScan scan = SyntheticScan.Ball();
        PromptDocument document = PromptDocument.Combine([
            PromptShorthand.ParseBox("ball:5,4,8,19,18,8"), PromptShorthand.ParseBox("ball:5,4,14,19,18,14"), PromptShorthand.ParsePoint("ball:12,11,14,1"),
            PromptShorthand.ParsePoint("rest \"of it\":2,2,12,1")]);
        return SegmentationRun.Run(new ThresholdSegmenter(), new()
        {
            Volume = scan.Volume,
            Window = new(0, 255),
            WindowName = "255,127.5",
            Segments = PromptResolver.Resolve(document, scan.Geometry, _ => null!),
            Sources = document.Sources,
            Options = new() { Strategy = PromptStrategy.Mask | PromptStrategy.Box, CompensateMotion = false, GreyWeight = 0, MaxAreaRatio = double.PositiveInfinity, MinOverlap = 0 },
        }, progress is null ? null : new(progress), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Run_TwoSegments_CountsVoxelsAndTellsEnds()
    {
        SegmentationResult result = RunBall();
        SegmentOutcome ball = result.Segments[0];
        Assert.Equal(result.Labels.Labels.Count((ushort)1), ball.VoxelCount);
        Assert.Equal(ball.VoxelCount / 1000.0, ball.VolumeMl, 1e-9); // voxels of 1 mm³
        Assert.Equal((5, 19), (ball.OuterEnd(StepKind.Down)!.LastSlice, ball.OuterEnd(StepKind.Up)!.LastSlice));
        Assert.Equal(15, ball.SliceCount);
        Assert.Equal([8, 14], ball.Slices.Where(s => s.Kind == StepKind.Key).Select(s => s.Slice));
        Assert.Equal(Enumerable.Range(9, 5), ball.Slices.Where(s => s.Kind == StepKind.Blend).Select(s => s.Slice));
        Assert.Equal(PromptStrategy.Mask | PromptStrategy.Box, result.Request.Options.Strategy);
    }

    [Fact]
    public void Run_Progress_RisesToThePlan()
    {
        List<(long Done, long Total)> reports = [];
        SegmentationResult result = RunBall((done, total) => reports.Add((done, total)));
        Assert.Equal(reports.Select(r => r.Done).Order(), reports.Select(r => r.Done));
        Assert.All(reports, r => Assert.InRange(r.Done, 0, r.Total));
        Assert.InRange(result.SlicesVisited - reports[^1].Done, 0, 1);
    }

    [Fact]
    public void Write_AnyResult_FitsTheSchemaAndHoldsWhatHappened()
    {
        SegmentationResult result = RunBall();
        using MemoryStream stream = new();
        SegmentationRecordWriter.Write(result, stream);
        JsonNode record = JsonNode.Parse(stream.ToArray())!;
        Assert.True(s_schema.Allows(record), record.ToJsonString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(SyntheticScan.Ball().Volume.Voxels)), (string)record["scan"]!["voxelSha256"]!);
        Assert.Equal("ball:5,4,8,19,18,8", (string)record["prompts"]![0]!["text"]!);
        Assert.Null(record["propagation"]!["maxAreaRatio"]);
        JsonNode key = record["segments"]![0]!["slices"]!.AsArray().Single(s => (int)s!["slice"]! == 14 && (string)s["kind"]! == "key")!;
        Assert.Equal("[[5,4,14],[19,18,14]]", key["prompts"]!["box"]!.ToJsonString());
        Assert.Equal("[[12,11,14,1]]", key["prompts"]!["points"]!.ToJsonString());
        Assert.Equal("rest \"of it\"", (string)record["segments"]![1]!["name"]!);
        Assert.Contains(record["segments"]![0]!["ends"]!.AsArray(), e => (string)e!["reason"]! == "metKeySlice");
        JsonNode stopped = record["segments"]![0]!["slices"]!.AsArray().Single(s => (int)s!["slice"]! == 20)!;
        Assert.Equal(("emptyMask", false), ((string)stopped["stop"]!, (bool)stopped["kept"]!));
    }

    [Fact]
    public void Write_BrokenRecord_TheSchemaRefuses()
    {
        using MemoryStream stream = new();
        SegmentationRecordWriter.Write(RunBall(), stream);
        foreach (string key in (string[])["version", "scan", "segments", "propagation"])
        {
            JsonObject record = JsonNode.Parse(stream.ToArray())!.AsObject();
            record.Remove(key);
            Assert.False(s_schema.Allows(record));
        }
    }

    [Fact]
    public void Write_FolderMissing_SaysSo()
    {
        string path = Path.Combine(Path.GetTempPath(), $"missing-{Guid.NewGuid():N}", "a.json");
        Assert.Contains("does not exist", Assert.Throws<OutputException>(() => SegmentationRecordWriter.Write(RunBall(), path)).Message);
    }

    [Fact]
    public void RelativeTo_Masks_CountFromTheFolder()
    {
        PromptDocument document = PromptDocument.Parse("""{"version":1,"segments":[{"name":"a","prompts":[{"mask":"m.nii"},{"mask":"/abs/m.nii"}]}]}""", "p.json");
        Assert.Equal([Path.Combine("some", "m.nii"), "/abs/m.nii"], document.RelativeTo("some").Segments[0].Prompts.Select(p => ((GivenMask)p).File));
    }
}
