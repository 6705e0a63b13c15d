using SamMed2D.Application.Views;
using SamMed2D.Core.Slices;
using SamMed2D.Testing;

namespace SamMed2D.Viewer.Tests;

/// <summary>A real window, with a synthetic mouse and keyboard. Pictures of each step lie in <c>screenshots</c> beside the tests.</summary>
[Collection("window")] // one at a time: each has a screen of its own to draw
public sealed class WindowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-viewer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void View_SampleScan_IsSeenScrolledZoomedAndMaximised()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        using ViewerSession session = ViewerSession.Start(_folder, 1440, 900, Sample("abdomen-ct.nii.gz"));
        PixelRectangle axial = session.PaneOf(ViewId.Axial), coronal = session.PaneOf(ViewId.Coronal);
        session.WaitFor("the scan", screen => ViewerSession.Brightness(screen, axial) > 15 && ViewerSession.Brightness(screen, coronal) > 15);
        SliceImage first = session.WaitUntilStill(axial);
        session.Display.Keep("1-open");
        session.Display.Move(axial.X0 + 200, axial.Y0 + 150);
        session.Display.Do("click", "--repeat", "5", "4");
        SliceImage scrolled = session.WaitFor("another slice", screen => Differs(first, screen, axial));
        session.Display.Do("keydown", "ctrl", "click", "--repeat", "4", "4", "keyup", "ctrl");
        session.WaitFor("a larger picture", screen => Differs(scrolled, screen, axial));
        session.Display.Do("click", "--repeat", "2", "1");
        PixelRectangle space = Inner(session.PaneOf(ViewId.Spatial));
        session.WaitFor("the axial view alone", screen => ViewerSession.Colored(screen, space) < 0.02 && Differs(scrolled, screen, coronal));
        session.Display.Keep("2-maximised");
        session.Display.Key("Tab");
        session.Display.Key("question");
        session.WaitFor("the list of keys", screen => Differs(first, screen, new(600, 300, 900, 500)));
        session.Display.Keep("3-keys");
        session.Display.Key("Escape");
        session.Display.Key("ctrl+q");
        session.WaitForExit();
        Assert.Equal(0, session.ExitCode);
    }

    [Fact]
    public void View_BrokenFile_ShowsWhatIsWrongAndStaysOpen()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        string broken = Path.Combine(_folder, "broken.nii.gz");
        File.WriteAllBytes(broken, File.ReadAllBytes(Sample("abdomen-ct.nii.gz"))[..100_000]);
        using ViewerSession session = ViewerSession.Start(_folder, 1024, 700, broken);
        session.WaitFor("a notice", screen => ViewerSession.Brightness(screen, new(330, 560, 720, 660)) > 38);
        session.Display.Keep("4-broken-file");
        session.Display.Key("ctrl+q");
        session.WaitForExit();
        Assert.Equal(0, session.ExitCode);
    }

    [Fact]
    public void View_WithoutADisplay_NamesTheWayOut()
    {
        System.Diagnostics.ProcessStartInfo start = new("dotnet", [ViewerSession.Program, "view"]) { RedirectStandardError = true };
        start.Environment.Remove("DISPLAY");
        start.Environment.Remove("WAYLAND_DISPLAY");
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(7, process.ExitCode);
        Assert.Contains("sammed2d render", error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static string Sample(string name) => Path.Combine(Repository.Root, "sample-volumes", name);

    private static PixelRectangle Inner(PixelRectangle box) => new(box.X0 + box.Width / 3, box.Y0 + 10, box.X1 - box.Width / 3, box.Y0 + box.Height / 2);

    private static bool Differs(SliceImage before, SliceImage now, PixelRectangle part) => Math.Abs(ViewerSession.Brightness(before, part) - ViewerSession.Brightness(now, part)) > 0.3;
}
