using System.Text.Json.Nodes;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;

namespace SamMed2D.Cli.Tests;

/// <summary>Correcting a result and running it again, from the command line, with the bundled model.</summary>
public sealed class ContinueAndReplayTests : IDisposable
{
    private const int Usage = 2, InvalidFile = 3, UnsupportedInput = 4, Output = 6, Different = 9;
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-").FullName;

    public ContinueAndReplayTests()
    {
        WriteScan("scan.nii.gz", seed: 1);
        WriteScan("other.nii.gz", seed: 2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("nii.gz")]
    [InlineData("seg.nrrd")]
    public void ContinueThenReplay_KeepsWhatIsLockedAndGivesTheSameVoxels(string ending)
    {
        string first = At($"first.{ending}"), second = At($"second.{ending}"), again = At("again.nii.gz");
        Segment("--box", "disc:18,16,3,42,40,3", "--box", "disc:18,16,9,42,40,9", "--box", "corner:2,2,6,12,12,6", "--min-iou", "0", "-o", first).AssertSucceeds();
        File.WriteAllText(At("more.json"), """{"version":1,"segments":[{"name":"disc","accept":[7],"prompts":[{"box":[[24,22,5],[34,32,5]]}]}]}""");
        CommandRun run = Segment("--continue", first, "--prompts", At("more.json"), "-o", second, "--json");
        run.AssertSucceeds();
        JsonNode disc = JsonNode.Parse(run.Output)!["segments"]![0]!;
        Assert.Equal("[4,5,6]", disc["madeAnew"]!.ToJsonString());
        LabelMap before = new VolumeFiles().ReadLabelMap(first), after = new VolumeFiles().ReadLabelMap(second);
        bool hasChanged = false;
        for (int k = 0; k < 12; k++)
        {
            bool isSame = before.Labels.Slice(k * 64 * 60, 64 * 60).SequenceEqual(after.Labels.Slice(k * 64 * 60, 64 * 60));
            hasChanged |= !isSame;
            if (k is < 4 or > 6) Assert.True(isSame, $"slice {k}");
        }
        Assert.True(hasChanged);
        Assert.Equal(0, (double)JsonNode.Parse(File.ReadAllText(second + ".json"))!["propagation"]!["minPredictedIou"]!); // as in the first run

        CommandRun replay = CommandRun.Of("replay", second + ".json", "--scan", At("scan.nii.gz"), "-o", again, "--device", "cpu", "--quiet");
        replay.AssertSucceeds();
        Assert.Contains("the same voxels, after 2 runs", replay.Output);
        Assert.True(after.Labels.SequenceEqual(new VolumeFiles().ReadLabelMap(again).Labels));
    }

    [Fact]
    public void Segment_Editable_LabelsOnlyThoseIntensities()
    {
        Segment("--box", "disc:18,16,6,42,40,6", "--editable", "115,200", "-o", At("some.nii.gz")).AssertSucceeds();
        ReadOnlySpan<short> voxels = ((Volume<short>)new VolumeFiles().Read(At("scan.nii.gz"))).Voxels;
        ReadOnlySpan<ushort> labels = new VolumeFiles().ReadLabelMap(At("some.nii.gz")).Labels;
        Assert.True(labels.Count((ushort)1) > 100);
        for (int n = 0; n < labels.Length; n++) Assert.True(labels[n] == 0 || voxels[n] >= 115);
        Segment("--box", "disc:18,16,6,42,40,6", "--editable", "200,115", "-o", At("none.nii.gz")).AssertFailsWith(Usage, "--editable '200,115'");
    }

    [Fact]
    public void Segment_Refine_TakesTheRoughMasksAndCanBeReplayed()
    {
        LabelMap rough = new(new VolumeFiles().Read(At("scan.nii.gz")).Geometry, [new(2, "rough disc", new(9, 8, 7))]);
        for (int k = 3; k < 9; k++)
            for (int j = 20; j < 36; j++)
                for (int i = 22; i < 38; i++) rough.MutableLabels[(int)rough.Geometry.OffsetOf(new(i, j, k))] = 2;
        new VolumeFiles().WriteLabelMap(rough, At("rough.nii.gz"));
        CommandRun run = Segment("--refine", At("rough.nii.gz"), "--every", "3", "-o", At("fine.nii.gz"), "--json");
        run.AssertSucceeds();
        JsonNode disc = JsonNode.Parse(run.Output)!["segments"]![0]!;
        Assert.Equal(("rough disc", 2, "[3,6,8]"), ((string)disc["name"]!, (int)disc["label"]!, disc["keySlices"]!.ToJsonString()));
        CommandRun.Of("replay", At("fine.nii.gz.json"), "--scan", At("scan.nii.gz"), "--device", "cpu", "--quiet").AssertSucceeds();
        Segment("--refine", At("rough.nii.gz"), "-o", At("rough.nii.gz")).AssertFailsWith(Output, "would be overwritten");
        File.Delete(At("rough.nii.gz"));
        CommandRun.Of("replay", At("fine.nii.gz.json"), "--scan", At("scan.nii.gz"), "--device", "cpu", "--quiet").AssertFailsWith(InvalidFile, "with --masks");
        Segment("--box", "disc:18,16,6,42,40,6", "--every", "3", "-o", At("x.nii.gz")).AssertFailsWith(Usage, "give --refine too");
        Segment("--refine", At("rough.nii.gz"), "--every", "0", "-o", At("x.nii.gz")).AssertFailsWith(Usage, "--every");
    }

    [Fact]
    public void Continue_LabelsDrawnByAnotherProgram_TakesTheSlicesThatArePresent()
    {
        string labels = At("l.nii.gz");
        Segment("--box", "disc:18,16,3,42,40,3", "--box", "disc:18,16,9,42,40,9", "--min-iou", "0", "-o", labels).AssertSucceeds();
        LabelMap drawn = new VolumeFiles().ReadLabelMap(labels);
        for (int j = 26; j < 31; j++)
            for (int i = 28; i < 33; i++) drawn.MutableLabels[(int)drawn.Geometry.OffsetOf(new(i, j, 6))] ^= 1;
        new VolumeFiles().WriteLabelMap(drawn, labels);
        File.WriteAllText(At("more.json"), """{"version":1,"segments":[{"name":"disc","prompts":[{"present":[6]}]}]}""");
        CommandRun run = CommandRun.Of("segment", At("scan.nii.gz"), "--device", "cpu", "--continue", labels, "--prompts", At("more.json"), "-o", At("out.nii.gz"), "--json");
        run.AssertSucceeds();
        Assert.Contains("note: " + labels + " was changed after its record", run.Error);
        JsonNode disc = JsonNode.Parse(run.Output)!["segments"]![0]!;
        Assert.Equal(("[4,5,6,7,8]", "[3,6,9]"), (disc["madeAnew"]!.ToJsonString(), disc["keySlices"]!.ToJsonString()));
        LabelMap after = new VolumeFiles().ReadLabelMap(At("out.nii.gz"));
        Assert.True(drawn.Labels.Slice(6 * 64 * 60, 64 * 60).SequenceEqual(after.Labels.Slice(6 * 64 * 60, 64 * 60)));
        CommandRun.Of("replay", At("out.nii.gz.json"), "--scan", At("scan.nii.gz"), "--device", "cpu", "--quiet").AssertFailsWith(UnsupportedInput, "an edit by hand");
    }

    [Fact]
    public void Continue_FrameOfA4DScan_IsTheOneOfTheRecordWithoutBeingGiven()
    {
        WriteScan("first.nii", seed: 1);
        WriteScan("second.nii", seed: 2);
        byte[] both = [.. File.ReadAllBytes(At("first.nii")), .. File.ReadAllBytes(At("second.nii"))[352..]];
        (both[40], both[48]) = (4, 2); // dim: four of them, two frames
        File.WriteAllBytes(At("both.nii"), both);
        string[] options = ["--device", "cpu", "--quiet"];
        CommandRun.Of(["segment", At("both.nii"), "--frame", "1", "--box", "disc:18,16,6,42,40,6", "-o", At("l.nii.gz"), .. options]).AssertSucceeds();
        string[] correct = ["segment", At("both.nii"), "--continue", At("l.nii.gz"), "--point", "disc:30,28,4,1", "-o", At("m.nii.gz"), .. options];
        CommandRun.Of(correct).AssertSucceeds();
        CommandRun.Of([.. correct, "--frame", "0"]).AssertFailsWith(UnsupportedInput, "(frame 1) differ from those of both.nii (frame 0)");
        CommandRun.Of(["replay", At("m.nii.gz.json"), "--scan", At("both.nii"), .. options]).AssertSucceeds();
    }

    [Theory]
    [InlineData("scan.nii.gz", "would be overwritten")] // the scan itself
    [InlineData("a.nii.gz", "a.nii.gz.json")] // where the record goes, a folder is in the way
    [InlineData("b.nii.gz", "b.label.txt")]
    public void Segment_OutputThatWouldLoseSomething_FailsBeforeTheWork(string output, string expected)
    {
        Directory.CreateDirectory(At("a.nii.gz.json"));
        Directory.CreateDirectory(At("b.label.txt"));
        byte[] scan = File.ReadAllBytes(At("scan.nii.gz"));
        string[] files = [.. Directory.GetFiles(_folder).Order()];
        Segment("--box", "disc:18,16,6,42,40,6", "-o", At(output)).AssertFailsWith(Output, expected);
        Assert.Equal(files, Directory.GetFiles(_folder).Order());
        Assert.Equal(scan, File.ReadAllBytes(At("scan.nii.gz")));
    }

    [Fact]
    public void Segment_NothingLabelled_SaysWhy()
    {
        CommandRun run = CommandRun.Of("segment", At("scan.nii.gz"), "--device", "cpu", "--box", "disc:18,16,6,42,40,6", "--editable", "3000,4000", "-o", At("none.nii.gz"));
        run.AssertSucceeds();
        Assert.Contains("note: 'disc' is empty: what was found belongs to other segments, or has other intensities", run.Error);
        CommandRun.Of("segment", At("scan.nii.gz"), "--device", "cpu", "--box", "disc:18,16,6,42,40,6", "--min-iou", "1.1", "-o", At("none.nii.gz"))
            .AssertFailsWith(Usage, "--min-iou '1.1' is not a number from 0 to 1");
    }

    [Fact]
    public void ContinueOrReplay_BadInput_IsOneLineThatSaysWhy()
    {
        string labels = At("l.nii.gz"), record = labels + ".json";
        Segment("--box", "disc:18,16,6,42,40,6", "-o", labels).AssertSucceeds();
        string[] correct = ["--continue", labels, "--box", "disc:18,16,4,42,40,4", "-o", At("out.nii.gz"), "--quiet", "--device", "cpu"];
        CommandRun.Of(["segment", At("other.nii.gz"), .. correct]).AssertFailsWith(UnsupportedInput, "made from another scan");
        CommandRun.Of("replay", record, "--scan", At("other.nii.gz"), "--device", "cpu", "--quiet").AssertFailsWith(UnsupportedInput, "made from another scan");
        CommandRun.Of(["segment", At("scan.nii.gz"), "--continue", At("none.nii.gz"), .. correct[2..]]).AssertFailsWith(InvalidFile, "none.nii.gz.json");

        string text = File.ReadAllText(record);
        File.WriteAllText(record, text[..(text.Length / 2)]);
        CommandRun.Of(["segment", At("scan.nii.gz"), .. correct]).AssertFailsWith(InvalidFile, "is damaged");
        CommandRun.Of("replay", record, "--scan", At("scan.nii.gz"), "--device", "cpu", "--quiet").AssertFailsWith(InvalidFile, "is damaged");

        JsonNode other = JsonNode.Parse(text)!;
        other["model"]!["id"] = "other-123";
        File.WriteAllText(record, other.ToJsonString());
        CommandRun.Of(["segment", At("scan.nii.gz"), .. correct]).AssertFailsWith(UnsupportedInput, "made with another model");
        CommandRun.Of("replay", record, "--scan", At("scan.nii.gz"), "--device", "cpu", "--quiet").AssertFailsWith(UnsupportedInput, "made with another model");

        JsonNode stricter = JsonNode.Parse(text)!;
        stricter["propagation"]!["maxSlices"] = 1; // not how the labels were made
        File.WriteAllText(record, stricter.ToJsonString());
        CommandRun replay = CommandRun.Of("replay", record, "--scan", At("scan.nii.gz"), "--device", "cpu", "--quiet");
        Assert.Equal(Different, replay.ExitCode);
        Assert.Contains("other voxels from run 1 of 1 on", replay.Output);

        File.WriteAllText(record, text);
        LabelMap edited = new VolumeFiles().ReadLabelMap(labels);
        edited.MutableLabels[0] = 1;
        new VolumeFiles().WriteLabelMap(edited, labels);
        CommandRun.Of(["segment", At("scan.nii.gz"), .. correct]).AssertFailsWith(UnsupportedInput, "was changed after its record");
        Assert.False(File.Exists(At("out.nii.gz")));
    }

    private CommandRun Segment(params string[] arguments) => CommandRun.Of(["segment", At("scan.nii.gz"), "--device", "cpu", "--quiet", .. arguments]);

    private string At(string name) => Path.Combine(_folder, name);

    private void WriteScan(string name, int seed)
    {
        VolumeGeometry grid = new(64, 60, 12, new(-2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 5, -30));
        short[] voxels = new short[grid.VoxelCount];
        Random noise = new(seed);
        for (int n = 0; n < voxels.Length; n++)
        {
            (int i, int j) = (n % 64, n / 64 % 60);
            bool isObject = (i - 30) * (i - 30) + (j - 28) * (j - 28) < 150;
            voxels[n] = (short)((isObject ? 120 : -50) + noise.Next(-15, 16));
        }
        new VolumeFiles().Write(new Volume<short>(grid, voxels, IntensityScale.Identity, new()), At(name));
    }
}
