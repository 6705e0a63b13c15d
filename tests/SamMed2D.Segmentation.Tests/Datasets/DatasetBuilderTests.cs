using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Datasets;

namespace SamMed2D.Segmentation.Tests.Datasets;

public sealed class DatasetBuilderTests : IDisposable, IVolumeReader
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dataset-");
    private readonly Dictionary<string, LabelMap> _labels = [];
    private readonly List<string> _read = [];
    private PicturesInMemory _pictures = new();

    private string Output => Path.Combine(_folder.FullName, "out");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    // Every scan is a ramp along i, so that pictures tell which way they were cut; its grid is its label map's.
    public Volume Read(string path, VolumeReadOptions? options = null, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        lock (_read) _read.Add(Path.GetFileName(path));
        if (!_labels.TryGetValue(Path.GetFileName(path), out LabelMap? labels)) throw new InvalidFileException(path, "is damaged");
        VolumeGeometry grid = labels.Geometry;
        short[] voxels = new short[grid.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = (short)(n % grid.SizeI);
        return new Volume<short>(grid, voxels, IntensityScale.Identity, new VolumeInfo { Modality = "CT" });
    }

    public LabelMap ReadLabelMap(string path, CancellationToken cancellation = default) =>
        _labels.TryGetValue(Path.GetFileName(path), out LabelMap? labels) ? labels : throw new InvalidFileException(path, "is damaged");

    private static VolumeGeometry Grid(int i, int j, int k) => new(i, j, k, new Affine(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));

    private static LabelMap Cubes(VolumeGeometry grid, params (ushort Label, int From, int Side)[] cubes)
    {
        LabelMap labels = new(grid, [new(1, "liver", default), new(2, "left kidney", default)]);
        foreach ((ushort label, int from, int side) in cubes)
            for (int k = from; k < from + side; k++)
                for (int j = from; j < from + side; j++)
                    for (int i = from; i < from + side; i++) labels.MutableLabels[(int)grid.OffsetOf(new(i, j, k))] = label;
        return labels;
    }

    private ListedScan Scan(string name, LabelMap labels, string? subject = null)
    {
        string image = Path.Combine(_folder.FullName, name + ".img"), label = Path.Combine(_folder.FullName, name + ".lab");
        foreach (string file in (string[])[image, label])
        {
            _labels[Path.GetFileName(file)] = labels;
            if (!File.Exists(file)) File.WriteAllText(file, name);
        }
        return new(name, subject ?? name, image, label, new Dictionary<ushort, string>());
    }

    private DatasetReport Build(IReadOnlyList<ListedScan> scans, IPictureFiles? pictures = null, double testShare = 0.5) =>
        new DatasetBuilder(Output, new() { Name = "set", TestShare = testShare, Workers = 1 }, this, pictures ?? _pictures).Build(scans, cancellation: Cancellation);

    private string[] Files() => [.. Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Output, f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Build_Cubes_GiveOneMaskASliceAlongEveryAxis()
    {
        // A cube shows as one square on each of its slices along each axis: 8 + 6 slices, three axes. A single voxel of 32×32 is 0.098 % and left out.
        DatasetReport report = Build([Scan("case", Cubes(Grid(32, 32, 32), (1, 2, 8), (2, 20, 6), (1, 30, 1)))]);
        Assert.Equal(3 * (8 + 6), report.Entries.Count);
        Assert.Equal((1, 0), (report.Made, report.Skipped.Count));
        Assert.All(report.Entries, e => Assert.Equal(e.Tags.Structure == "liver" ? 64 : 36, e.Area));
        DatasetEntry first = report.Entries.First(e => e.Axis == 'z');
        Assert.Equal("masks/ct_00--set--case--z_0002--liver_000.png", first.Mask);
        Assert.Equal(new MaskTags { Subject = "case", Dataset = "set", Modality = "ct", Structure = "liver", Organ = "liver", Region = "abdomen" }, first.Tags);
        // i grows to the patient's right (RAS), so the picture's left column is the last of the ramp: white.
        PictureCase picture = PictureDataset.Open(Output).Pictures.Single(p => p.Name == "ct_00--set--case--z_0002").Read(_pictures);
        Assert.Equal((255, 0), ((int)picture.Image.Pixels.Span[0], (int)picture.Image.Pixels.Span[31]));
        Assert.Equal(new PixelRectangle(22, 22, 30, 30), Assert.Single(picture.Masks).Mask.GetBounds());
    }

    [Fact]
    public void MasksOf_PiecesOfOneStructure_AreNumberedFromTheLargest()
    {
        ushort[] slice =
        [
            1, 0, 0, 2, 2, 0, 1, 1,
            0, 1, 0, 0, 2, 0, 1, 1,
            0, 0, 0, 0, 0, 0, 0, 1,
            1, 1, 1, 0, 0, 0, 0, 0,
        ];
        // Pieces touch at corners too; of structures with several, the largest comes first.
        Assert.Equal([(1, 0, 5), (1, 1, 3), (1, 2, 2), (2, 0, 3)], SliceCuration.MasksOf(slice, 8, 4).Select(m => ((int)m.Label, m.Instance, m.Area)));
    }

    [Fact]
    public void Build_CubesThatTouch_AreOnePiece()
    {
        DatasetReport report = Build([Scan("case", Cubes(Grid(32, 32, 32), (1, 2, 4), (1, 3, 5)))]);
        DatasetEntry slice = Assert.Single(report.Entries, e => e.Axis == 'z' && e.Slice == 5);
        Assert.Equal(4 * 4 + 5 * 5 - 3 * 3, slice.Area);
    }

    [Fact]
    public void Build_FlatScan_IsCutAcrossItsThinAxisOnly() =>
        Assert.Equal(['z'], Build([Scan("flat", Cubes(Grid(32, 32, 12), (1, 2, 8)))]).Entries.Select(e => e.Axis).Distinct());

    [Theory]
    [InlineData(99, 256, 256, false)]
    [InlineData(100, 256, 256, true)]
    [InlineData(399, 512, 512, false)]
    [InlineData(400, 512, 512, true)]
    public void IsLargeEnough_AtTheLimit_IsExact(int area, int width, int height, bool kept) => Assert.Equal(kept, SliceCuration.IsLargeEnough(area, width, height));

    [Fact]
    public void HasFairShape_HalfTheLongSide_IsKept() =>
        Assert.Equal([true, true, false, false], new[] { (10, 20), (20, 10), (10, 21), (43, 21) }.Select(s => SliceCuration.HasFairShape(s.Item1, s.Item2)));

    [Fact]
    public void Build_BadScansInTheMiddle_AreSkippedAndTold()
    {
        ListedScan good = Scan("a", Cubes(Grid(16, 16, 16), (1, 2, 8))), last = Scan("e", Cubes(Grid(16, 16, 16), (1, 2, 8)));
        ListedScan damaged = Scan("b", Cubes(Grid(16, 16, 16), (1, 2, 8))), empty = Scan("c", Cubes(Grid(16, 16, 16))), elsewhere = Scan("d", Cubes(Grid(16, 16, 16), (1, 2, 8)));
        _labels.Remove("b.img");
        _labels["d.lab"] = Cubes(Grid(16, 16, 17), (1, 2, 8));
        DatasetReport report = Build([good, damaged, empty, elsewhere, last]);
        Assert.Equal(["a", "e"], report.Entries.Select(e => e.Tags.Subject).Distinct());
        Assert.Equal(3, report.Skipped.Count);
        Assert.Contains("b.img: is damaged", report.Skipped[0]);
        Assert.Contains("c.lab: is empty", report.Skipped[1]);
        Assert.Contains("16×16×17", report.Skipped[2]);
        Assert.DoesNotContain(Files(), file => file.Contains("--b--") || file.Contains("--c--") || file.Contains("--d--"));
    }

    [Fact]
    public void Build_InterruptedAnywhere_EndsAsIfItHadNotBeen()
    {
        ListedScan[] scans = [.. "abc".Select(name => Scan(name.ToString(), Cubes(Grid(16, 16, 16), (1, 2, 6))))];
        Build(scans);
        string[] whole = Files();
        string manifest = File.ReadAllText(Path.Combine(Output, "manifest.csv"));
        for (int after = 1; after < 3 * 36; after += 17)
        {
            Directory.Delete(Output, recursive: true);
            _pictures = new();
            Assert.Throws<OutputException>(() => Build(scans, new FullDisk(_pictures, after)));
            Assert.False(File.Exists(Path.Combine(Output, "manifest.csv")));
            File.WriteAllText(Path.Combine(Output, "images", ".left-over.tmp"), "of a process that was killed");
            DatasetReport report = Build(scans);
            Assert.Equal(after / 36, report.Kept); // 18 pictures and 18 masks a scan
            Assert.Equal(whole, Files());
            Assert.Equal(manifest, File.ReadAllText(Path.Combine(Output, "manifest.csv")));
        }
    }

    [Fact]
    public void Build_Again_ReadsOnlyWhatChangedAndLeavesNothingStale()
    {
        ListedScan a = Scan("a", Cubes(Grid(16, 16, 16), (1, 2, 6))), b = Scan("b", Cubes(Grid(16, 16, 16), (1, 2, 6)));
        Build([a, b]);
        _read.Clear();
        Assert.Equal(2, Build([a, b]).Kept);
        Assert.Empty(_read);
        _labels["b.lab"] = Cubes(Grid(16, 16, 16), (2, 4, 3));
        File.WriteAllText(b.Label, "changed");
        DatasetReport report = Build([a, b]);
        Assert.Equal(["b.img"], _read);
        Assert.Equal(3 * 3, report.Entries.Count(e => e.Tags.Subject == "b"));
        Assert.Equal(3 * 3, Files().Count(f => f.StartsWith("masks", StringComparison.Ordinal) && f.Contains("--b--")));
        Assert.Equal(3 * 3, Files().Count(f => f.StartsWith("images", StringComparison.Ordinal) && f.Contains("--b--")));
    }

    [Fact]
    public void Build_TwoScansOfOneName_AreRefusedBeforeAnythingIsWritten()
    {
        ListedScan a = Scan("a", Cubes(Grid(16, 16, 16), (1, 2, 6))), other = Scan("b", Cubes(Grid(16, 16, 16), (1, 2, 6))) with { Name = "a" };
        Assert.Contains("'name'", Assert.Throws<UnsupportedInputException>(() => Build([a, other])).Message);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void Assign_AnySubjects_SplitsWholeSubjectsInTheShareAskedAndForGood() =>
        Gen.Select(Gen.Int[2, 40], Gen.Int[0, 10], Gen.Int[0, 20], Gen.Int[1, 5]).Sample((count, tenths, more, seed) =>
        {
            string[] all = [.. Enumerable.Range(0, count + more).Select(n => $"subject {n}")];
            IReadOnlyDictionary<string, DatasetSplit> none = new Dictionary<string, DatasetSplit>();
            IReadOnlyDictionary<string, DatasetSplit> first = SubjectSplit.Assign(all.Take(count).Select(s => (s, (DatasetSplit?)null)), none, tenths / 10.0, seed);
            int tested = first.Values.Count(half => half == DatasetSplit.Test);
            Assert.InRange(Math.Abs(tested - count * tenths / 10.0), 0, tenths == 0 ? 0 : 1);
            IReadOnlyDictionary<string, DatasetSplit> then = SubjectSplit.Assign(all.Reverse().Select(s => (s, (DatasetSplit?)null)), first, tenths / 10.0, seed);
            Assert.All(first, half => Assert.Equal(half.Value, then[half.Key]));
            Assert.Equal(all.Length, then.Count);
        });

    [Fact]
    public void Assign_WhatTheListSays_Holds()
    {
        (string, DatasetSplit?)[] subjects = [("a", DatasetSplit.Test), ("b", DatasetSplit.Train), ("c", null), ("a", null)];
        IReadOnlyDictionary<string, DatasetSplit> halves = SubjectSplit.Assign(subjects, new Dictionary<string, DatasetSplit> { ["b"] = DatasetSplit.Test }, 0.3, 1);
        Assert.Equal([DatasetSplit.Test, DatasetSplit.Train, DatasetSplit.Train], new[] { "a", "b", "c" }.Select(s => halves[s]));
    }

    [Fact]
    public void Statistics_OfEntries_CountMasksPicturesAndSubjects()
    {
        DatasetStatistics statistics = new(Build([Scan("a", Cubes(Grid(32, 32, 32), (1, 2, 8), (2, 20, 6)), "one"), Scan("b", Cubes(Grid(32, 32, 32), (1, 2, 8)), "two")]).Entries);
        Assert.Equal((66, 66, 2), (statistics.Total.Masks, statistics.Total.Pictures, statistics.Total.Subjects));
        Assert.Equal([("liver", 48, 2), ("kidney", 18, 1)], statistics.Organs.Select(o => (o.Name, o.Masks, o.Subjects)));
        Assert.Equal(100.0 * 36 / 1024, statistics.Organs[1].MedianAreaPercent, 9);
        Assert.Equal(66, statistics.Areas.Sum(a => a.Masks));
        Assert.Equal(66, statistics.Areas.Single(a => a.Name == "2 to 5 %").Masks + statistics.Areas.Single(a => a.Name == "5 to 10 %").Masks);
        Assert.Contains("| liver | 48 |", statistics.ToMarkdown());
    }

    private sealed class FullDisk(IPictureFiles inner, int after) : IPictureFiles
    {
        private int _left = after;

        public SliceImage Read(string path) => inner.Read(path);

        public void Write(string path, SliceImage picture)
        {
            if (_left-- == 0) throw new OutputException(path, "the disk is full");
            inner.Write(path, picture);
        }
    }
}
