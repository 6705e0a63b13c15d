using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Tests.Prompts;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Runs;

public class SegmentationRecordReaderTests
{
    private static readonly string s_correction = ContinuedScan.File(ContinuedScan.Segment("left", """{"box":[[2,6,12],[7,18,12]]},{"points":[[4,9,20,1]]}""", "\"accept\":[8]"));

    private static (ContinuedScan Scan, SegmentationResult Result) Chain(int seed = 3)
    {
        ContinuedScan scan = new(seed);
        return (scan, scan.Run(s_correction, scan.First().ToState()));
    }

    [Fact]
    public void Parse_WrittenRecord_LosesNothing()
    {
        (ContinuedScan scan, SegmentationResult result) = Chain();
        string text = ContinuedScan.Text(result);
        SegmentationRecord record = SegmentationRecordReader.Parse(text, "a.nii.gz.json");
        // What was read and written again is the same text: every key that the writer knows came back.
        Assert.Equal(text, ContinuedScan.Text(result with { Segments = record.Segments, Runs = record.Runs }));
        record.RequireScan(scan.Scan.Volume);
        record.RequireModel(new ThresholdSegmenter().Description);
        Assert.Equal([1, 0], result.Segments.Select(s => s.Accepted.Count));
        MiniJsonSchema schema = new(File.ReadAllText(Path.Combine(Repository.Root, "src", "SamMed2D.Segmentation", "Runs", "segmentation-record.schema.json")));
        Assert.True(schema.Allows(JsonNode.Parse(text)));
    }

    [Fact]
    public void Parse_EverySettingOtherThanUsual_ComesBack()
    {
        PropagationOptions odd = new()
        {
            Strategy = PromptStrategy.Box | PromptStrategy.Points,
            BoxMargin = 0.125,
            PointCount = 3,
            NegativeCount = 2,
            MinPredictedIou = 0.61,
            GreyWeight = 0.25,
            Confidence = new() { ModelId = "m-1", Provenance = "tests", StopBelow = 0.35, Key = new(-1, 2, 3), Step = new(1, 2, 3, 4, 5, -6, 7, -0.1), Presence = new(2, 3, 4, 5, 6, -7, 8, -0.2), Blend = new(0.5, 0.25, 2) },
            MinConfidence = 0.41,
            MinPresence = 0.07,
            CompensateMotion = false,
            CarriedShare = 0.75,
            MinOverlap = 0.11,
            MinSimilarity = 0.12,
            MaxAreaRatio = 5,
            CentroidMargin = 0.3,
            MinAreaPixels = 4,
            MaxSlices = 17,
        };
        SegmentationResult result = Chain().Result;
        RunRecord[] runs = [.. result.Runs.Select((run, n) => run with { Options = odd with { PointCount = 4 + n }, Window = new(-20, 300 + n), WindowName = $"w{n}", Editable = new(n, 9), Axis = SliceAxis.K })];
        SegmentationRecord record = SegmentationRecordReader.Parse(ContinuedScan.Text(result with { Runs = runs }), "a.json");
        Assert.Equal(2, record.Runs.Count);
        for (int n = 0; n < 2; n++)
        {
            Assert.Equal(runs[n].Options, record.Runs[n].Options);
            Assert.Equal((runs[n].Window, runs[n].WindowName, runs[n].Editable, runs[n].Axis), (record.Runs[n].Window, record.Runs[n].WindowName, record.Runs[n].Editable, record.Runs[n].Axis));
        }
    }

    [Fact]
    public void Parse_ThenContinue_IsAsIfNothingHadBeenWritten()
    {
        (ContinuedScan scan, SegmentationResult result) = Chain();
        SegmentationState read = SegmentationRecordReader.Parse(ContinuedScan.Text(result), "a.json").ToState(result.Labels, "a");
        string more = ContinuedScan.File(ContinuedScan.Segment("left", """{"box":[[3,6,10],[10,18,10]]}"""), ContinuedScan.Segment("right", """{"points":[[16,12,3,1]]}"""));
        SegmentationResult direct = scan.Run(more, result.ToState()), indirect = scan.Run(more, read);
        Assert.Equal(WithoutTime(ContinuedScan.Text(direct)), WithoutTime(ContinuedScan.Text(indirect)));
    }

    [Fact]
    public void Parse_DamagedAnywhere_NamesThePlaceOrReadsOn()
    {
        string text = ContinuedScan.Text(Chain().Result);
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Char[" x{}[]\",:-09"]).Sample((at, letter) =>
        {
            string damaged = text[..at] + letter + text[(at + 1)..];
            try
            {
                SegmentationRecordReader.Parse(damaged, "a.json");
            }
            catch (InvalidFileException error)
            {
                Assert.StartsWith("a.json: is ", error.Message);
            }
        }, iter: 300, threads: 1);
        Gen.Int[0, text.TrimEnd().Length - 1].Sample(
            length => Assert.StartsWith("a.json: is damaged", Assert.Throws<InvalidFileException>(() => SegmentationRecordReader.Parse(text[..length], "a.json")).Message), iter: 50, threads: 1);
    }

    [Theory]
    [InlineData("is missing", "scan.voxelSha256", null)]
    [InlineData("expected 64 hexadecimal digits", "labelsSha256", "\"abc\"")]
    [InlineData("expected one of emptyMask", "segments.0.ends.0.reason", "\"boredom\"")]
    [InlineData("expected a whole number from 0 to 23", "segments.0.slices.0.slice", "24")]
    [InlineData("expected a whole number from 0 to 1", "segments.0.slices.0.run", "2")]
    [InlineData("can be inverted", "scan.indexToRas", "[[0,0,0,0],[0,0,0,0],[0,0,0,0]]")]
    [InlineData("different names and labels", "segments.1.label", "1")]
    [InlineData("expected one of mask", "propagation.strategy", "\"luck\"")]
    [InlineData("use the newer program", "version", "3")]
    [InlineData("lacks what it takes", "version", "1")]
    [InlineData("is no segmentation record", "format", "\"other\"")]
    public void Parse_WrongValue_NamesThePlace(string expected, string place, string? value)
    {
        JsonNode root = JsonNode.Parse(ContinuedScan.Text(Chain().Result))!;
        string[] keys = place.Split('.');
        JsonNode at = root;
        foreach (string key in keys[..^1]) at = at is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : at[key]!;
        if (value is null) at.AsObject().Remove(keys[^1]);
        else at[keys[^1]] = JsonNode.Parse(value);
        string message = Assert.Throws<InvalidFileException>(() => SegmentationRecordReader.Parse(root.ToJsonString(), "a.json")).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Require_AnotherScanModelOrLabels_SaysWhatWasFoundAndExpected()
    {
        (ContinuedScan scan, SegmentationResult result) = Chain();
        SegmentationRecord record = SegmentationRecordReader.Parse(ContinuedScan.Text(result), "a.json");
        Assert.Contains("made from another scan", Assert.Throws<UnsupportedInputException>(() => record.RequireScan(new ContinuedScan(4).Scan.Volume)).Message);
        Assert.Contains("expected Threshold (threshold-test)",
            Assert.Throws<UnsupportedInputException>(() => record.RequireModel(new ThresholdSegmenter().Description with { Id = "other-1", Name = "Other" })).Message);
        LabelMap changed = new(scan.Scan.Geometry, result.Labels.Labels.ToArray(), result.Labels.Segments);
        changed.MutableLabels[0] ^= 1;
        Assert.Contains("was changed after its record", Assert.Throws<UnsupportedInputException>(() => record.ToState(changed, "a")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u001f\u008b\b")] // the labels instead of their record
    public void Parse_NoJsonAtAll_IsNoRecordRatherThanDamaged(string text) =>
        Assert.Contains("is no segmentation record", Assert.Throws<InvalidFileException>(() => SegmentationRecordReader.Parse(text, "a.nii.gz")).Message);

    [Fact]
    public void Read_NoFile_SaysWhatIsExpected() =>
        Assert.Contains("does not exist", Assert.Throws<InvalidFileException>(() => SegmentationRecordReader.Read(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json"))).Message);

    [Fact]
    public void Replay_ChainWithMaskAndEditable_GivesTheSameVoxels()
    {
        ContinuedScan scan = new(5) { Editable = new(100, 220) };
        scan.Masks["m.nii"] = scan.Mask((i, j, k) => k == 14 && i is >= 4 and <= 8 && j is >= 8 and <= 15 ? 1 : 0);
        SegmentationResult result = scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"mask":"m.nii"}""", "\"accept\":[14]")), scan.Run(s_correction, scan.First().ToState()).ToState());
        SegmentationRecord record = SegmentationRecordReader.Parse(ContinuedScan.Text(result), "a.json");
        ReplayResult replay = scan.Replay(record);
        Assert.True(replay.IsSame(record));
        Assert.Null(replay.FirstDifferentRun);
        Assert.True(result.Labels.Labels.SequenceEqual(replay.Result.Labels.Labels));
        Assert.Equal(WithoutTime(ContinuedScan.Text(result)), WithoutTime(ContinuedScan.Text(replay.Result)));

        scan.Masks["m.nii"] = scan.Mask((i, j, k) => k == 14 && i is >= 4 and <= 7 && j is >= 8 and <= 15 ? 1 : 0);
        Assert.Contains("its voxels differ", Assert.Throws<UnsupportedInputException>(() => scan.Replay(record)).Message);
    }

    [Fact]
    public void Replay_RulesThatDiffer_TellsFromWhichRun()
    {
        (ContinuedScan scan, SegmentationResult result) = Chain();
        SegmentationRecord record = SegmentationRecordReader.Parse(ContinuedScan.Text(result), "a.json");
        RunRecord second = record.Runs[1] with { Options = record.Runs[1].Options with { MaxSlices = 1 } };
        ReplayResult replay = scan.Replay(record with { Runs = [record.Runs[0], second] });
        Assert.Equal(1, replay.FirstDifferentRun);
        Assert.False(replay.IsSame(record));
    }

    private static string WithoutTime(string record)
    {
        JsonNode root = JsonNode.Parse(record)!;
        root.AsObject().Remove("timing");
        return root.ToJsonString();
    }
}
