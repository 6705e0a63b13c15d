using System.Text.Json;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Testing;

namespace SamMed2D.EndToEnd.Tests;

/// <summary>The main job as a user does it: the sample scans, the program as its own process, files on disk.</summary>
public sealed class WholeScanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-e2e-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("abdomen-ct")]
    [InlineData("brain-mr")]
    public void Segment_SampleScan_GivesEveryStructureOnTheScansGrid(string sample)
    {
        string scan = SampleFile($"{sample}.nii.gz"), labels = Path.Combine(_folder, "labels.nii.gz");
        ProgramRun.Succeed("segment", scan, "--prompts", SampleFile($"{sample}-prompts.json"), "-o", labels, "--quiet");

        VolumeFiles files = new();
        LabelMap result = files.ReadLabelMap(labels);
        Assert.True(result.Geometry.IsSameGrid(files.Read(scan).Geometry, 1e-3));
        LabelMap reference = files.ReadLabelMap(SampleFile($"{sample}-labels.nii.gz"));
        Assert.NotEmpty(result.Segments);
        foreach (Segment segment in result.Segments)
        {
            Segment truth = Assert.Single(reference.Segments, candidate => candidate.Name == segment.Name);
            double dice = DiceOf(result.Labels, segment.Label, reference.Labels, truth.Label);
            // A mask in a wrong place, mirrored or of wrong extent scores next to nothing; how good it is, the evaluation tells.
            Assert.True(dice > 0.3, $"{segment.Name}: Dice {dice:0.000}");
        }
        using JsonDocument record = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "labels.nii.gz.json")));
        Assert.Equal(result.Segments.Count, record.RootElement.GetProperty("segments").GetArrayLength());
    }

    [Fact]
    public void Segment_DicomSeriesAndNiftiOfTheSameScan_GiveTheSameMask()
    {
        string series = Path.Combine(Repository.Root, "sample-volumes", "abdomen-ct-dicom");
        string nifti = Path.Combine(_folder, "scan.nii.gz");
        ProgramRun.Succeed("convert", series, nifti);
        VolumeFiles files = new();
        Core.Geometry.VolumeGeometry grid = files.Read(nifti).Geometry;
        Assert.True(grid.IsSameGrid(files.Read(series).Geometry, 1e-3));
        int i = grid.SizeI / 2, j = grid.SizeJ / 2, k = grid.SizeK / 2;
        string box = FormattableString.Invariant($"middle:{i - 20},{j - 20},{k},{i + 20},{j + 20},{k}");
        string fromSeries = Path.Combine(_folder, "series.nrrd"), fromNifti = Path.Combine(_folder, "nifti.nrrd");
        ProgramRun.Succeed("segment", series, "--box", box, "--max-slices", "3", "-o", fromSeries, "--quiet");
        ProgramRun.Succeed("segment", nifti, "--box", box, "--max-slices", "3", "-o", fromNifti, "--quiet");
        LabelMap first = files.ReadLabelMap(fromSeries);
        Assert.True(first.Labels.ContainsAnyExcept((ushort)0));
        Assert.Equal(first.Labels.ToArray(), files.ReadLabelMap(fromNifti).Labels.ToArray());
    }

    [Fact]
    public void Segment_CtrlC_StopsWithin130AndLeavesTheOldFileWhole()
    {
        Assert.SkipWhen(IsInterruptIgnored(), "this process was started with SIGINT ignored (in a shell's background), which programs that it starts inherit");
        string labels = Path.Combine(_folder, "labels.nii.gz");
        File.WriteAllText(labels, "the old file");
        using ProgramRun run = ProgramRun.Start("segment", SampleFile("abdomen-ct.nii.gz"), "--prompts", SampleFile("abdomen-ct-prompts.json"), "-o", labels);
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.False(run.HasEnded, "the run ended before it could be interrupted; this test needs a longer one");
        run.Interrupt();
        run.Wait();
        Assert.Equal(130, run.ExitCode);
        Assert.Equal("the old file", File.ReadAllText(labels));
        Assert.Equal([labels], Directory.GetFiles(_folder));
    }

    private static bool IsInterruptIgnored()
    {
        const int interrupt = 2;
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) >> (interrupt - 1) & 1) != 0;
    }

    private static string SampleFile(string name) => Path.Combine(Repository.Root, "sample-volumes", name);

    private static double DiceOf(ReadOnlySpan<ushort> a, ushort labelA, ReadOnlySpan<ushort> b, ushort labelB)
    {
        long both = 0, sum = 0;
        for (int n = 0; n < a.Length; n++)
        {
            bool inA = a[n] == labelA, inB = b[n] == labelB;
            if (inA && inB) both++;
            sum += (inA ? 1 : 0) + (inB ? 1 : 0);
        }
        return 2.0 * both / Math.Max(sum, 1);
    }
}
