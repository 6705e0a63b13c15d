using System.IO.Compression;
using System.Text.Json.Nodes;
using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Testing;

namespace SamMed2D.Viewer.Tests;

/// <summary>What users open, in a real window: folders of several series, 4D files, broken files. Pictures of each step lie in <c>screenshots</c> beside the tests.</summary>
[Collection("window")] // one at a time: each has a screen of its own to draw
public sealed class OpeningTests : IDisposable
{
    // The list of series, in the middle of the screen; see SeriesDialog.
    private const int Width = 1440, Height = 900, DialogWidth = 760, DialogHeight = 560, RowHeight = 84;
    private static readonly PixelRectangle s_screen = new(0, 0, Width, Height), s_menu = new(0, 4, 300, 24);
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-opening-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void View_FolderOfTwoSeries_ListsThemWithPicturesAndOpensTheChosen()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        string mixed = Path.Combine(_folder, "two series");
        Volume brain = new VolumeFiles().Read(Sample("brain-mr.nii.gz"));
        DicomSeriesWriter.Write(brain, mixed, new() { Modality = "MR", Description = "T1 head", SeriesNumber = 7, Seed = "second" });
        foreach (string file in Directory.EnumerateFiles(mixed)) File.Move(file, Path.Combine(mixed, "mr-" + Path.GetFileName(file)));
        foreach (string file in Directory.EnumerateFiles(Sample("abdomen-ct-dicom"), "*.dcm")) File.Copy(file, Path.Combine(mixed, Path.GetFileName(file)));
        ChooseSeries(mixed, "series", rows: 2, row: RowOf(mixed, "T1 head"), brain.Geometry);
    }

    [Fact]
    public void View_FolderOfThreeRealSeries_ListsThemWithPicturesAndOpensTheChosen()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        string? missing = Repository.SharedMissing("data", "dicom-series", "mixed-sts002");
        Assert.SkipUnless(missing is null, missing ?? "");
        string mixed = Repository.SharedPath("data", "dicom-series", "mixed-sts002");
        IReadOnlyList<DicomSeries> series = VolumeFiles.ListSeries(mixed);
        int row = series.ToList().FindIndex(s => s.Modality == "MR");
        ChooseSeries(mixed, "real-series", series.Count, row, new VolumeFiles().Read(mixed, new() { Series = $"{series[row].Number}" }).Geometry);
    }

    [Fact]
    public void View_FileOfThreeFrames_SaysSoAndOpensAnother()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        string file = Path.Combine(_folder, "beating.nii");
        WriteFrames(file, 3);
        using ViewerSession session = ViewerSession.Start(_folder, Width, Height, file);
        PixelRectangle axial = session.PaneOf(ViewId.Axial);
        // Frame n has a bright block at its n-th place from the patient's right, which lies on the left of the screen.
        PixelRectangle first = Third(axial, 0), last = Third(axial, 2), notice = NoticeOf(session);
        session.WaitFor("the first frame and the notice", screen => ViewerSession.Brightness(screen, first) > 40 && ViewerSession.Brightness(screen, notice) > 38);
        session.WaitUntilStill(s_screen);
        SliceImage shown = session.Display.Keep("11-4d-first-frame");
        Assert.True(ViewerSession.Brightness(shown, last) < 20);

        session.Display.Click(notice.X0 + 70, notice.Y1 - 14); // Open another frame…
        session.WaitForDialog("the question which", shown);
        session.Display.Type("2");
        session.WaitUntilStill(s_screen);
        session.Display.Keep("12-4d-which-frame");
        session.Display.Key("Return");
        session.WaitFor("the third frame on top of the first", screen => ViewerSession.Brightness(screen, last) > 15);
        session.WaitUntilStill(s_screen);
        session.Display.Keep("13-4d-third-frame");
        Save(session, out JsonArray scans);
        Assert.Equal([null, 2], scans.Select(scan => (int?)scan!["frame"]));
    }

    [Fact]
    public void View_BrokenFileThenAGoodOne_IsToldAndTheGoodOneOpens()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        string broken = Path.Combine(_folder, "broken.nii.gz");
        File.WriteAllBytes(broken, File.ReadAllBytes(Sample("abdomen-ct.nii.gz"))[..100_000]);
        using ViewerSession session = ViewerSession.Start(_folder, Width, Height, broken);
        PixelRectangle axial = session.PaneOf(ViewId.Axial), notice = NoticeOf(session);
        session.WaitFor("a notice", screen => ViewerSession.Brightness(screen, notice) > 38);
        SliceImage told = session.WaitUntilStill(s_screen);
        session.Display.Keep("14-broken");
        session.Display.Key("ctrl+o");
        session.WaitForDialog("the question which file", told);
        session.Display.Type(Sample("abdomen-ct.nii.gz"));
        session.WaitUntilStill(s_screen);
        session.Display.Keep("15-open-another");
        session.Display.Key("Return");
        session.WaitFor("the good scan", screen => ViewerSession.Brightness(screen, Corner(axial)) > 12);
        session.WaitUntilStill(s_screen);
        session.Display.Keep("16-good-after-broken");
    }

    private void ChooseSeries(string folder, string name, int rows, int row, VolumeGeometry expected)
    {
        using ViewerSession session = ViewerSession.Start(_folder, Width, Height, folder);
        double menu = ViewerSession.Brightness(session.Display.Look(), s_menu); // dimmed while a dialog is open
        int left = (Width - DialogWidth) / 2, top = (Height - DialogHeight) / 2;
        PixelRectangle list = new(left + 17, top + 70, left + 90, top + 70 + RowHeight * rows), tags = new(left + 470, top + 70, left + DialogWidth - 17, top + DialogHeight - 60);
        PixelRectangle Thumbnail(int n) => new(left + 24, list.Y0 + n * RowHeight + 8, left + 84, list.Y0 + n * RowHeight + 68);
        session.WaitFor("every series with its picture", screen => Enumerable.Range(0, rows).All(n => ViewerSession.Brightness(screen, Thumbnail(n)) > 12), 120);
        SliceImage listed = session.WaitUntilStill(s_screen);
        session.Display.Keep($"{name}-1-list");
        session.Display.Click(left + 250, list.Y0 + row * RowHeight + RowHeight / 2);
        if (row != 0) session.WaitFor("its tags", screen => ViewerSession.Differing(listed, screen, tags) > 0.002);
        session.WaitUntilStill(s_screen);
        session.Display.Keep($"{name}-2-chosen");
        session.Display.Click(left + DialogWidth - 16 - 55, top + DialogHeight - 14 - 14); // Open
        PixelRectangle axial = session.PaneOf(ViewId.Axial), coronal = session.PaneOf(ViewId.Coronal);
        session.WaitFor("the series", screen => ViewerSession.Brightness(screen, s_menu) > 0.9 * menu && ViewerSession.Brightness(screen, axial) > 12 && ViewerSession.Brightness(screen, coronal) > 8, 120);
        session.WaitUntilStill(s_screen);
        session.Display.Keep($"{name}-3-opened");
        Save(session, out JsonArray scans);
        string series = (string)scans.Single()!["series"]!;
        VolumeGeometry opened = new VolumeFiles().Read(folder, new() { Series = series }).Geometry;
        Assert.Equal((expected.SizeI, expected.SizeJ, expected.SizeK), (opened.SizeI, opened.SizeJ, opened.SizeK));
    }

    private void Save(ViewerSession session, out JsonArray scans)
    {
        string project = Path.Combine(_folder, "saved.sammed2d");
        SliceImage before = session.Display.Look();
        session.Display.Key("ctrl+s");
        session.WaitForDialog("the question where to", before);
        session.Display.Type(project);
        session.WaitUntilStill(s_screen);
        session.Display.Key("Return");
        session.WaitFor("the project", _ => File.Exists(project));
        using ZipArchive zip = ZipFile.OpenRead(project);
        using Stream content = zip.GetEntry("project.json")!.Open();
        scans = JsonNode.Parse(content)!["scans"]!.AsArray();
    }

    private static int RowOf(string folder, string description) => VolumeFiles.ListSeries(folder).ToList().FindIndex(s => s.Description == description);

    private static PixelRectangle Corner(PixelRectangle pane) => new(pane.X0 + 40, pane.Y0 + 40, pane.X0 + 300, pane.Y1 - 40); // beside the dialog

    // The lowest notice, over the right half of the views.
    private static PixelRectangle NoticeOf(ViewerSession session)
    {
        PixelRectangle views = session.PaneOf(ViewId.Sagittal);
        return new(views.X1 - 12 - 400, Height - 26 - 12 - 90, views.X1 - 12, Height - 26 - 12);
    }

    private static PixelRectangle Third(PixelRectangle pane, int number)
    {
        int side = pane.Height / 3, left = pane.X0 + (pane.Width - pane.Height) / 2 + number * side;
        return new(left + side / 4, pane.Y0 + pane.Height / 3, left + 3 * side / 4, pane.Y0 + 2 * pane.Height / 3);
    }

    // A header of NIfTI-1, written by hand.
    private static void WriteFrames(string path, int frames)
    {
        const int side = 30, depth = 12;
        byte[] header = new byte[352];
        void Short(int at, params short[] numbers) { for (int n = 0; n < numbers.Length; n++) BitConverter.TryWriteBytes(header.AsSpan(at + 2 * n), numbers[n]); }
        void Float(int at, params float[] numbers) { for (int n = 0; n < numbers.Length; n++) BitConverter.TryWriteBytes(header.AsSpan(at + 4 * n), numbers[n]); }
        BitConverter.TryWriteBytes(header.AsSpan(0), 348);
        Short(40, 4, side, side, depth, (short)frames, 1, 1, 1);
        Short(70, 4, 16);
        Float(76, 1, 2, 2, 2, 0.1f);
        Float(108, 352);
        Short(254, 1); // the affine is the scanner's
        header[123] = 10; // millimetres and seconds
        Float(280, 2, 0, 0, 0);
        Float(296, 0, 2, 0, 0);
        Float(312, 0, 0, 2, 0);
        "n+1"u8.CopyTo(header.AsSpan(344));
        using FileStream stream = File.Create(path);
        stream.Write(header);
        for (int t = 0; t < frames; t++)
            for (int k = 0; k < depth; k++)
                for (int j = 0; j < side; j++)
                    for (int i = 0; i < side; i++)
                    {
                        // i runs to the patient's right, which lies on the screen's left.
                        int place = (side - 1 - i) * 3 / side;
                        stream.Write(BitConverter.GetBytes((short)(place == t ? 1000 : i % 7)));
                    }
    }

    private static string Sample(string name) => Path.Combine(Repository.Root, "sample-volumes", name);
}
