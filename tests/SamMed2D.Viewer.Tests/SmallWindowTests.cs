using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging;
using SamMed2D.Testing;

namespace SamMed2D.Viewer.Tests;

/// <summary>A window made as small as is promised: all of it can be reached with the mouse. Pictures of each step lie in <c>screenshots</c> beside the tests.</summary>
[Collection("window")] // one at a time: each has a screen of its own to draw
public sealed class SmallWindowTests : IDisposable
{
    private const int Width = 1024, Height = 700;
    private static readonly PixelRectangle s_window = new(0, 0, Width, Height), s_side = new(Width - 285, 80, Width - 10, Height - 40);
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-small-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void View_WindowAtItsSmallest_ReachesEverything()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        string scan = Path.Combine(Repository.Root, "sample-volumes", "abdomen-ct.nii.gz");
        VolumeGeometry geometry = new VolumeFiles().Read(scan).Geometry;
        using ViewerSession session = ViewerSession.Start(_folder, 1440, 900, scan);
        session.WaitFor("the scan", screen => ViewerSession.Brightness(screen, session.PaneOf(ViewId.Sagittal)) > 15);
        session.WaitUntilStill(new(0, 0, 1440, 900));
        session.Resize(Width, Height);
        PixelRectangle axial = session.PaneOf(ViewId.Axial), coronal = session.PaneOf(ViewId.Coronal);
        session.WaitFor("the smaller window", screen => ViewerSession.Brightness(screen, new(Width, 0, 1440, Height)) < 1 && ViewerSession.Brightness(screen, coronal) > 15);
        SliceImage small = session.WaitUntilStill(s_window);
        session.Display.Keep("small-1-resized");

        // The last button of the tool bar shows one view alone, the one before the last but one all four.
        session.Display.Move(axial.X0 + 100, axial.Y0 + 100);
        session.WaitUntilStill(s_window);
        session.Display.Click(Width - 26, 48);
        session.WaitFor("one view alone", screen => ViewerSession.Differing(small, screen, coronal) > 0.2);
        session.Display.Click(Width - 82, 48);
        session.WaitFor("four views", screen => ViewerSession.Differing(small, screen, coronal) < 0.02);

        // A box, its mask, and the buttons that belong to it.
        session.Display.Key("1");
        (double x0, double y0) = session.AxialPlace(geometry, 38, 30, 29);
        (double x1, double y1) = session.AxialPlace(geometry, 150, 119, 29);
        session.Display.Drag(x0, y0, x1, y1);
        session.WaitFor("the mask", screen => ViewerSession.Colored(screen, axial) > 0.1);
        session.Display.Move(Width - 150, Height - 60);
        SliceImage drawn = session.WaitUntilStill(s_window);
        session.Display.Keep("small-2-mask");

        // The section at the bottom of the side panel opens, and what it holds comes into sight with the wheel.
        session.Display.Do("click", "--repeat", "30", "5");
        SliceImage scrolled = session.WaitUntilStill(s_window);
        int header = LowestHeader(scrolled);
        session.Display.Click(Width - 150, header);
        session.WaitUntilStill(s_window);
        session.Display.Do("click", "--repeat", "30", "5");
        session.WaitFor("the model", screen => ViewerSession.Differing(scrolled, screen, s_side) > 0.02);
        session.WaitUntilStill(s_window);
        session.Display.Keep("small-3-model");

        foreach ((string key, string name) in (ReadOnlySpan<(string, string)>)[("question", "keys"), ("ctrl+k", "palette"), ("ctrl+o", "open")])
        {
            session.Display.Move(axial.X0 + 20, axial.Y0 + 20);
            SliceImage before = session.WaitUntilStill(s_window);
            session.Display.Key(key);
            session.WaitFor(name, screen => ViewerSession.Differing(before, screen, new(362, 200, 662, 400)) > 0.1);
            session.WaitUntilStill(s_window);
            session.Display.Keep($"small-4-{name}");
            session.Display.Key("Escape");
            session.WaitFor("it to go", screen => ViewerSession.Differing(before, screen, new(362, 200, 662, 400)) < 0.02);
        }
    }

    // Sections have a bar of their own colour across the panel.
    private static int LowestHeader(SliceImage screen)
    {
        ReadOnlySpan<byte> pixels = screen.Pixels.Span;
        int x = Width - 40;
        int PixelAt(ReadOnlySpan<byte> p, int y) => p[(y * screen.Width + x) * 3] + p[(y * screen.Width + x) * 3 + 1] + p[(y * screen.Width + x) * 3 + 2];
        int panel = PixelAt(pixels, Height - 32);
        for (int y = Height - 40; y > 100; y--)
        {
            int bright = 0;
            while (y - bright > 100 && PixelAt(pixels, y - bright) > panel + 9) bright++;
            if (bright is > 18 and < 34) return y - bright / 2;
        }
        Assert.Fail("no section is in sight");
        return 0;
    }
}
