using System.Diagnostics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>What is listed, what is chosen, and what is told where nothing can be.</summary>
public class SeriesCatalogTests
{
    [Fact]
    public void Choose_MixedFolder_ListsSeriesAndTakesNumberUidAndItsEnds()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2), "a");
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 3).Select(slice => slice with { Series = "B", SeriesNumber = 2, Modality = "CT" }), "b");
        folder.Write("readme.txt", "not DICOM"u8.ToArray());
        folder.Write("empty", []);
        DicomSeriesCatalog catalog = DicomSeriesCatalog.Scan(folder.Path);
        Assert.Equal(["series A", "series B"], catalog.Series.Select(series => series.Description));
        Assert.Equal([3, 2], catalog.Series.Select(series => series.SliceCount));
        AmbiguousInputException unchosen = Assert.Throws<AmbiguousInputException>(() => catalog.Choose(null));
        Assert.Contains("1: MR, \"series A\", 4×3, 3 slices, scanner's number 1", unchosen.Message);
        Assert.Contains("2: CT, \"series B\", 4×3, 2 slices", unchosen.Message);
        string uid = catalog.Series[1].Uid;
        foreach (string choice in (string[])["2", uid, uid[..20], uid[^8..]]) Assert.Same(catalog.Series[1], catalog.Choose(choice));
        Assert.Throws<AmbiguousInputException>(() => catalog.Choose("2.25."));
        Assert.Throws<AmbiguousInputException>(() => catalog.Choose("9.9"));
    }

    [Fact]
    public async Task Scan_FolderWithAPipe_DoesNotWaitForIt()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2));
        string pipe = folder.File("pipe");
        using (Process make = Process.Start("mkfifo", pipe)) make.WaitForExit();
        Assert.True(File.Exists(pipe));
        Task<DicomSeriesCatalog> scan = Task.Run(() => DicomSeriesCatalog.Scan(folder.Path), TestContext.Current.CancellationToken);
        if (await Task.WhenAny(scan, Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)) != scan)
        {
            File.OpenHandle(pipe, FileMode.Open, FileAccess.ReadWrite).Dispose(); // lets the scan go on, and the test program end
            Assert.Fail("The scan waits for the pipe.");
        }
        Assert.Single((await scan).Series);
    }

    [Fact]
    public void ChoiceOf_FilesAddedLater_StillMeansTheSameSeries()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2).Select(slice => slice with { Series = "first", SeriesNumber = 3 }), "first");
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2).Select(slice => slice with { Series = "second", SeriesNumber = 4 }), "second");
        DicomSeriesCatalog before = DicomSeriesCatalog.Scan(folder.Path);
        string choice = before.ChoiceOf(before.Series[1]);
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2).Select(slice => slice with { Series = "earlier", SeriesNumber = 1 }), "earlier");
        Assert.Equal("series second", DicomSeriesCatalog.Scan(folder.Path).Choose(choice).Description);
    }

    [Fact]
    public void ChoiceOf_OneSeriesInTwoOrientations_TellsThemApart()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2), "axial");
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2).Select((slice, n) => slice with { Orientation = [0, 1, 0, 0, 0, -1], Position = [n, 0, 0], InstanceNumber = 10 + n }), "sagittal");
        DicomSeriesCatalog catalog = DicomSeriesCatalog.Scan(folder.Path);
        Assert.Equal(2, catalog.Series.Count);
        Assert.All(catalog.Series, series => Assert.Same(series, catalog.Choose(catalog.ChoiceOf(series))));
    }

    [Fact]
    public void Choose_ScanWithItsScout_TakesTheScan()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2), "scan");
        folder.WriteSlices([new SyntheticSlice { Series = "S", SeriesNumber = 0, ImageType = @"ORIGINAL\PRIMARY\LOCALIZER", Orientation = [1, 0, 0, 0, 0, -1] }], "scout");
        Assert.Equal("series A", DicomSeriesCatalog.Scan(folder.Path).Choose(null).Description);
        Assert.Contains("localiser", Assert.Throws<UnsupportedInputException>(() => DicomVolumeReader.Read(folder.Path, new() { Series = "1" })).Message);
    }

    [Fact]
    public void Choose_LocaliserWithinTheSeries_SplitsItOffAndSaysSo()
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2));
        folder.WriteSlices([new SyntheticSlice { InstanceNumber = 50, Orientation = [0, 1, 0, 0, 0, -1] }], "x");
        Volume volume = DicomVolumeReader.Read(folder.Path);
        Assert.Equal(3, volume.Geometry.SizeK);
        Assert.Contains("another size or orientation", Assert.Single(volume.Info.Notes));
    }

    [Fact]
    public void Choose_WhatCannotBeAVolume_SaysWhatWasFound()
    {
        AssertRefused("single slice", new SyntheticSlice());
        AssertRefused("localiser", new SyntheticSlice { ImageType = @"ORIGINAL\PRIMARY\LOCALIZER" });
        AssertRefused("colour", new SyntheticSlice { Photometric = "RGB" }, new SyntheticSlice { Photometric = "RGB", InstanceNumber = 2, Position = [0, 0, 1] });
        AssertRefused("where they lie", new SyntheticSlice { Position = null }, new SyntheticSlice { Position = null, InstanceNumber = 2 });
        AssertRefused("only 1 SEG", new SyntheticSlice { Modality = "SEG" });
        AssertRefused("64 bits", new SyntheticSlice { Extra = e => e.UInt16(DicomTags.BitsAllocated, 64) }, new SyntheticSlice { Position = [0, 0, 1], InstanceNumber = 2, Extra = e => e.UInt16(DicomTags.BitsAllocated, 64) });
    }

    [Fact]
    public void Read_CanariesInPatientFields_ReachNoMessageNoteOrListing()
    {
        using TemporaryFolder folder = new();
        const string canary = "CANARY";
        static void Plant(DicomElements elements)
        {
            foreach (uint tag in (uint[])[0x0008_0050, 0x0008_0080, 0x0008_0090, 0x0008_1030, 0x0008_1070, 0x0010_0010, 0x0010_0020, 0x0010_1000, 0x0010_4000, 0x0020_4000, 0x0040_A124])
                elements.Text(tag, "LO", canary);
        }
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1, 2, 7).Select(slice => slice with { Extra = Plant }));
        folder.WriteSlices([new SyntheticSlice { Series = "C", SeriesNumber = 2, Photometric = "RGB", Extra = Plant }], "c");
        DicomSeriesCatalog catalog = DicomSeriesCatalog.Scan(folder.Path);
        Volume volume = DicomVolumeReader.Read(folder.Path);
        List<string> said = [.. catalog.Series.Select(series => series + series.Problem), .. catalog.Others, .. volume.Info.Notes, volume.Info.ToString()];
        said.Add(Assert.Throws<UnsupportedInputException>(() => DicomVolumeReader.Read(folder.Path, new() { Series = "2" })).Message);
        Assert.All(said, text => Assert.DoesNotContain(canary, text));
    }

    [Theory]
    [InlineData("DICOMDIR"), InlineData("DICOMDIR-bigEnd"), InlineData("DICOMDIR-implicit"), InlineData("DICOMDIR-nooffset"), InlineData("DICOMDIR-nopatient"), InlineData("DICOMDIR-reordered")]
    public void Scan_DicomDirOfADisc_ListsTheSameSeriesAsItsFolder(string name)
    {
        SkipWithoutData();
        string folder = Repository.SharedPath("data", "dicom-series", "dicomdir-mixed");
        DicomSeriesCatalog fromDirectory = DicomSeriesCatalog.Scan(Path.Combine(folder, name)), fromFolder = DicomSeriesCatalog.Scan(folder);
        Assert.Equal(fromFolder.Series.Select(series => series.ToString()), fromDirectory.Series.Select(series => series.ToString()));
        Assert.Equal(31, fromDirectory.Series.Sum(series => series.SliceCount));
    }

    [Theory]
    [InlineData(@"..\secret"), InlineData(@"A\..\..\secret"), InlineData("/etc/passwd"), InlineData(@"A\/etc"), InlineData(@"LINK\f000"), InlineData(@"A\LINK")]
    public void Scan_DicomDirThatLeavesItsFolder_IsRefused(string id)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("disc/A"));
        folder.WriteSlices(SyntheticSlice.AtHeights(0, 1));
        File.CreateSymbolicLink(folder.File("disc/LINK"), folder.Path);
        File.CreateSymbolicLink(folder.File("disc/A/LINK"), folder.File("f000"));
        InvalidFileException failure = Assert.Throws<InvalidFileException>(() => DicomSeriesCatalog.Scan(WriteDirectory(folder, id)));
        Assert.Contains("refused", failure.Message);
    }

    [Fact]
    public void Read_DicomDirOfItsOwnDisc_ReadsTheSeries()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("disc/A"));
        SyntheticSlice[] slices = SyntheticSlice.AtHeights(0, 1, 2);
        for (int n = 0; n < slices.Length; n++) folder.Write($"disc/A/S{n}", slices[n].ToFile());
        Assert.Equal([0, 10, 20], SeriesVolumeTests.Profile(DicomVolumeReader.Read(WriteDirectory(folder, @"A\S0", @"A\S1", @"A\S2"))));
    }

    [Fact]
    public void Read_PhasesOfABreastMr_AreThreeOfTenSlices()
    {
        SkipWithoutData();
        string folder = Repository.SharedPath("data", "dicom-series", "mr-multiphase-ucsf-br-06");
        Assert.Throws<AmbiguousInputException>(() => DicomVolumeReader.Read(folder));
        Volume[] phases = [.. Enumerable.Range(0, 3).Select(phase => DicomVolumeReader.Read(folder, new() { Frame = phase }))];
        Assert.All(phases, phase => Assert.Equal((10, 3), (phase.Geometry.SizeK, phase.Info.FrameCount)));
        Assert.True(phases[0].Geometry.IsSameGrid(phases[1].Geometry));
    }

    [Fact]
    public void Scan_NothingThere_SaysWhatToGive()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("no DICOM file", Assert.Throws<InvalidFileException>(() => DicomSeriesCatalog.Scan(folder.Path)).Message);
        Assert.Contains("does not exist", Assert.Throws<InvalidFileException>(() => DicomSeriesCatalog.Scan(folder.File("nowhere"))).Message);
    }

    private static void AssertRefused(string words, params SyntheticSlice[] slices)
    {
        using TemporaryFolder folder = new();
        folder.WriteSlices(slices);
        UnsupportedInputException failure = Assert.Throws<UnsupportedInputException>(() => DicomVolumeReader.Read(folder.Path));
        Assert.Contains(words, failure.Message);
        Assert.StartsWith(folder.Path, failure.Message);
    }

    private static string WriteDirectory(TemporaryFolder folder, params string[] ids)
    {
        DicomElements[] records = [.. ids.Select(id => new DicomElements().Text(DicomTags.DirectoryRecordType, "CS", "IMAGE").Text(DicomTags.ReferencedFileId, "CS", id))];
        DicomElements directory = new DicomElements().Sequence(DicomTags.DirectoryRecordSequence, records);
        return folder.Write("disc/DICOMDIR", directory.ToFile(DicomFiles.DirectorySopClass, "1.2.3"));
    }

    private static void SkipWithoutData() => Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");
}
