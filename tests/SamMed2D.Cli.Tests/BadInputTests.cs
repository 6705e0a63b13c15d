using System.Buffers.Binary;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Testing;

namespace SamMed2D.Cli.Tests;

/// <summary>What a user sees of bad input: one line, the right exit code, nothing left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int Usage = 2, InvalidFile = 3, UnsupportedInput = 4, Model = 5, Output = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Info_EveryRealDicomFile_SucceedsOrFailsInOneLine()
    {
        Assert.SkipWhen(Repository.SharedMissing("data", "dicom-files") is not null, Repository.SharedMissing("data", "dicom-files") ?? "");
        string[] files = Directory.GetFiles(Repository.SharedPath("data", "dicom-files"), "*.dcm");
        Assert.NotEmpty(files);
        foreach (string file in files) AssertSoundOrOneLine(file);
    }

    [Fact]
    public void Convert_TruncatedAnywhere_FailsAndLeavesNothing()
    {
        string whole = WriteScan("whole.nii");
        byte[] bytes = File.ReadAllBytes(whole);
        foreach (int length in (ReadOnlySpan<int>)[0, 1, 100, 347, 348, 351, bytes.Length / 2, bytes.Length - 1])
        {
            string cut = Path.Combine(_folder, "cut.nii");
            File.WriteAllBytes(cut, bytes[..length]);
            string output = Path.Combine(_folder, "out.nii.gz");
            CommandRun run = CommandRun.Of("convert", cut, output);
            Assert.True(run.ExitCode is InvalidFile or UnsupportedInput, $"{length} bytes: exit code {run.ExitCode}: {run.Error}");
            Assert.Contains("cut.nii", Assert.Single(run.ErrorLines));
            Assert.Equal(["cut.nii", "whole.nii"], FilesLeft());
        }
    }

    [Fact]
    public void Info_MutatedHeaders_FailInOneLine()
    {
        byte[] sound = File.ReadAllBytes(WriteScan("sound.nii"));
        Mutate("magic.nii", sound, 344, 0x41414141u);
        Mutate("type.nii", sound, 70, 0x00000FFFu);
        Mutate("offset.nii", sound, 108, BitConverter.SingleToUInt32Bits(1e9f));
        Mutate("rank.nii", sound, 40, 0x00030009u);
        Mutate("zero.nii", sound, 42, 0x00000000u);
        Mutate("affine.nii", sound, 280, BitConverter.SingleToUInt32Bits(float.NaN));

        void Mutate(string name, byte[] bytes, int at, uint value)
        {
            byte[] copy = [.. bytes];
            BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(at), value);
            CommandRun run = CommandRun.Of("info", WriteBytes(name, copy));
            Assert.True(run.ExitCode is InvalidFile or UnsupportedInput, $"{name}: exit code {run.ExitCode}: {run.Output}{run.Error}");
            Assert.Contains(name, Assert.Single(run.ErrorLines));
        }
    }

    [Fact]
    public void Info_MissingFile_SaysSo() => CommandRun.Of("info", Path.Combine(_folder, "nowhere.nii")).AssertFailsWith(InvalidFile, "nowhere.nii");

    [Fact]
    public void Info_NotAVolume_SaysWhatWasFound()
    {
        CommandRun run = CommandRun.Of("info", WriteBytes("note.txt", "hello, this is a text"u8.ToArray()));
        Assert.True(run.ExitCode is InvalidFile or UnsupportedInput);
        Assert.Contains("note.txt", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public void Convert_UnknownFormatOrUnwritableFolder_FailsBeforeWork()
    {
        string scan = WriteScan("scan.nii");
        CommandRun.Of("convert", scan, Path.Combine(_folder, "out.xyz")).AssertFailsWith(Output, "out.xyz");
        CommandRun.Of("convert", scan, Path.Combine(_folder, "missing", "out.nii.gz")).AssertFailsWith(Output, "out.nii.gz");
        Assert.Equal(["scan.nii"], FilesLeft());
    }

    [Theory]
    [InlineData("--box", "liver:100,2,3,105,6,3")] // outside the volume
    [InlineData("--box", "liver:1,2,3")] // too few numbers
    [InlineData("--point", "liver:1,2,x,1")] // not a number
    [InlineData("--window", "narrow")] // no such window
    public void Segment_BadPromptOrOption_FailsAndLeavesNothing(string option, string value)
    {
        string scan = WriteScan("scan.nii");
        string[] prompts = option == "--window" ? ["--box", "a:2,2,3,9,9,3"] : [];
        CommandRun run = CommandRun.Of(["segment", scan, option, value, .. prompts, "-o", Path.Combine(_folder, "out.nii.gz"), "--quiet"]);
        Assert.True(run.ExitCode == Usage, $"exit code {run.ExitCode}: {run.Error}");
        Assert.Single(run.ErrorLines);
        Assert.Equal(["scan.nii"], FilesLeft());
    }

    [Fact]
    public void Segment_BrokenPromptFile_NamesTheFileAndThePlace()
    {
        string scan = WriteScan("scan.nii");
        string prompts = WriteBytes("p.json", """{ "version": 1, "space": "ijk", "segments": [ { "name": "a", "promts": [] } ] }"""u8.ToArray());
        CommandRun run = CommandRun.Of("segment", scan, "--prompts", prompts, "-o", Path.Combine(_folder, "out.nii.gz"), "--quiet");
        run.AssertFailsWith(Usage, "promts");
        Assert.Equal(["p.json", "scan.nii"], FilesLeft());
    }

    [Fact]
    public void Segment_MissingOrMismatchedModel_SaysWhatAModelFolderIs()
    {
        string scan = WriteScan("scan.nii");
        string model = Path.Combine(_folder, "model");
        string[] arguments = ["segment", scan, "--box", "a:2,2,3,9,9,3", "-o", Path.Combine(_folder, "out.nii.gz"), "--quiet", "--model", model];
        CommandRun.Of(arguments).AssertFailsWith(Model, "model");
        Directory.CreateDirectory(model);
        CommandRun.Of(arguments).AssertFailsWith(Model, "model");
        File.WriteAllText(Path.Combine(model, "model.json"), "{}");
        CommandRun.Of(arguments).AssertFailsWith(Model, "model");
        Assert.False(File.Exists(Path.Combine(_folder, "out.nii.gz")));
    }

    [Fact]
    public void Segment_UnwritableOutput_FailsBeforeTheModelRuns()
    {
        string scan = WriteScan("scan.nii");
        CommandRun.Of("segment", scan, "--box", "a:2,2,3,9,9,3", "-o", Path.Combine(_folder, "missing", "out.nii.gz"), "--quiet")
            .AssertFailsWith(Output, "out.nii.gz");
        Assert.Equal(["scan.nii"], FilesLeft());
    }

    [Fact]
    public void Segment_NotFiniteVoxels_AreSurvivedWithANote()
    {
        float[] voxels = new float[16 * 14 * 8];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = n % 97 == 0 ? float.NaN : n % 89 == 0 ? float.PositiveInfinity : n % 16 * 10;
        string scan = WriteScan("nan.nii", voxels);
        string output = Path.Combine(_folder, "out.nii.gz");
        CommandRun run = CommandRun.Of("segment", scan, "--box", "a:4,4,3,11,10,3", "-o", output);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(File.Exists(output));
        Assert.Contains("note:", run.Error);
    }

    private void AssertSoundOrOneLine(string file)
    {
        string output = Path.Combine(_folder, "converted.nii.gz");
        CommandRun run = CommandRun.Of("convert", file, output);
        string name = Path.GetFileName(file);
        if (run.ExitCode == 0)
        {
            Assert.True(File.Exists(output), name);
            File.Delete(output);
            return;
        }
        Assert.True(run.ExitCode is InvalidFile or UnsupportedInput, $"{name}: exit code {run.ExitCode}: {run.Error}");
        Assert.Contains(name, Assert.Single(run.ErrorLines));
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Empty(FilesLeft());
    }

    private string WriteScan(string name, float[]? voxels = null)
    {
        VolumeGeometry geometry = new(16, 14, 8, new(-1, 0, 0, 10, 0, 1, 0, -20, 0, 0, 3, 5));
        voxels ??= [.. Enumerable.Range(0, 16 * 14 * 8).Select(n => (float)(n % 16 * 10))];
        string path = Path.Combine(_folder, name);
        new VolumeFiles().Write(new Volume<float>(geometry, voxels, IntensityScale.Identity, new()), path);
        return path;
    }

    private string WriteBytes(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string[] FilesLeft() => [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
