using System.Diagnostics;
using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;
using SamMed2D.Testing;

namespace SamMed2D.Viewer.Tests;

/// <summary>The viewer as its own process on a display of its own, used as a person would.</summary>
internal sealed class ViewerSession : IDisposable
{
    // The layout at a display scale of 1; see MainWindow.
    private const int MenuHeight = 26, ToolsHeight = 44, StatusHeight = 26, BarHeight = 24, Gap = 2;

    public static string Program { get; } = Path.Combine(Repository.Root, "src", "SamMed2D.Cli", "bin", BuildConfiguration, "net10.0", "sammed2d.dll");
    private readonly Process _process;
    private readonly Task<string> _error;
    private int _width, _height;

    private ViewerSession(XDisplay display, Process process, int width, int height)
    {
        (Display, _process, _width, _height) = (display, process, width, height);
        _error = process.StandardError.ReadToEndAsync();
    }

    private const string BuildConfiguration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    public XDisplay Display { get; }

    public string Error => _error.Result;

    /// <summary>Starts the viewer and waits for its first picture.</summary>
    /// <param name="folder">For the display, settings and state; taken away by the caller.</param>
    /// <param name="width">The window's width; the screen's too.</param>
    /// <param name="height">The window's height.</param>
    /// <param name="scans">What to open.</param>
    public static ViewerSession Start(string folder, int width, int height, params string[] scans) => Start(folder, width, height, new Dictionary<string, string>(), scans);

    /// <summary>Starts the viewer in a changed environment and waits for its first picture.</summary>
    /// <param name="folder">For the display, settings and state; taken away by the caller.</param>
    /// <param name="width">The window's width; the screen's too.</param>
    /// <param name="height">The window's height.</param>
    /// <param name="environment">Variables to set, by name.</param>
    /// <param name="scans">What to open.</param>
    public static ViewerSession Start(string folder, int width, int height, IReadOnlyDictionary<string, string> environment, params string[] scans)
    {
        XDisplay display = XDisplay.Start(width, height, folder);
        ProcessStartInfo start = new("dotnet", [Program, "view", "--size", $"{width}x{height}", .. scans]) { WorkingDirectory = folder, RedirectStandardError = true };
        start.Environment["DISPLAY"] = display.Name;
        start.Environment["LIBGL_ALWAYS_SOFTWARE"] = "1";
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_STATE_HOME"] = folder;
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        ViewerSession session = new(display, Process.Start(start)!, width, height);
        try
        {
            session.WaitFor("the window", screen => Brightness(screen, new(0, 0, width, MenuHeight)) > 2, 90);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Gives the window another size, as a user drags its corner.</summary>
    public void Resize(int width, int height)
    {
        Display.Do("search", "--onlyvisible", "--class", "sammed2d", "windowsize", $"{width}", $"{height}", "windowmove", "0", "0");
        (_width, _height) = (width, height);
    }

    /// <summary>Where a view's picture lies on the screen.</summary>
    public PixelRectangle PaneOf(ViewId view)
    {
        int side = (int)Math.Round(Math.Clamp(_width * 0.24, 292, 340)), top = MenuHeight + ToolsHeight;
        ViewCell cell = new ViewLayout().Arrange(_width - side, _height - top - StatusHeight, Gap).Single(c => c.View == view);
        return new(cell.X, top + cell.Y + BarHeight, cell.X + cell.Width, top + cell.Y + cell.Height);
    }

    /// <summary>Where a voxel of the axial slice that it lies on appears on the screen.</summary>
    public (double X, double Y) AxialPlace(VolumeGeometry geometry, double i, double j, int k)
    {
        PixelRectangle pane = PaneOf(ViewId.Axial);
        ImageSize size = new(pane.Width, pane.Height);
        SliceView view = SliceView.AlongGrid(SliceFrame.ForPlane(geometry, SlicePlane.Axial), k, size);
        (double x, double y, _) = view.RasToPixel(geometry.IndexToRas.IndexToRas(new(i, j, k)), size);
        return (pane.X0 + x + 0.5, pane.Y0 + y + 0.5);
    }

    /// <summary>Waits until the screen shows something.</summary>
    public SliceImage WaitFor(string what, Func<SliceImage, bool> isThere, double seconds = 60)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            SliceImage screen = Display.Look();
            if (isThere(screen)) return screen;
            Assert.False(_process.HasExited, $"the viewer ended with {(_process.HasExited ? _process.ExitCode : 0)} while waiting for {what}: {(_process.HasExited ? Error : "")}");
            if (clock.Elapsed.TotalSeconds > seconds)
            {
                Display.Keep("waited-in-vain");
                Assert.Fail($"waited {seconds} s in vain for {what}; see screenshots/waited-in-vain.png");
            }
            Thread.Sleep(60);
        }
    }

    /// <summary>Waits for a dialog over the views, and until it takes what is typed.</summary>
    public void WaitForDialog(string what, SliceImage before)
    {
        PixelRectangle middle = new(_width / 2 - 160, _height / 2 - 60, _width / 2 + 160, _height / 2 + 60);
        WaitFor(what, screen => Differing(before, screen, middle) > 0.2);
        WaitUntilStill(new(0, 0, _width, _height), milliseconds: 900); // The frame after its first gives its field the keyboard.
    }

    /// <summary>Waits until a part of the screen stays the same for a while.</summary>
    public SliceImage WaitUntilStill(PixelRectangle part, double seconds = 60, double milliseconds = 350)
    {
        SliceImage? before = null;
        long since = Stopwatch.GetTimestamp();
        return WaitFor("a still picture", screen =>
        {
            if (before is not { } last || !Same(last, screen, part)) (before, since) = (screen, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(since).TotalMilliseconds > milliseconds;
        }, seconds);
    }

    public void WaitForExit() => Assert.True(_process.WaitForExit(60_000), "the viewer does not end");

    public int ExitCode => _process.ExitCode;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Display.Dispose();
    }

    /// <summary>The share of a part's pixels that changed from one picture of the screen to another.</summary>
    public static double Differing(SliceImage before, SliceImage now, PixelRectangle part)
    {
        ReadOnlySpan<byte> a = before.Pixels.Span, b = now.Pixels.Span;
        int count = 0;
        for (int y = part.Y0; y < part.Y1; y++)
            for (int x = part.X0; x < part.X1; x++)
            {
                int at = (y * now.Width + x) * 3;
                if (Math.Abs(a[at] - b[at]) + Math.Abs(a[at + 1] - b[at + 1]) + Math.Abs(a[at + 2] - b[at + 2]) > 24) count++;
            }
        return count / (part.Width * (double)part.Height);
    }

    /// <summary>The mean brightness of a part of the screen, 0 to 255.</summary>
    public static double Brightness(SliceImage screen, PixelRectangle part)
    {
        double sum = 0;
        ForEach(screen, part, (r, g, b) => sum += (r + g + b) / 3.0);
        return sum / (part.Width * (double)part.Height);
    }

    /// <summary>The share of a part's pixels that are coloured rather than grey.</summary>
    public static double Colored(SliceImage screen, PixelRectangle part)
    {
        int count = 0;
        ForEach(screen, part, (r, g, b) => count += Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b)) > 9 ? 1 : 0);
        return count / (part.Width * (double)part.Height);
    }

    private static bool Same(SliceImage a, SliceImage b, PixelRectangle part)
    {
        ReadOnlySpan<byte> first = a.Pixels.Span, second = b.Pixels.Span;
        for (int y = part.Y0; y < part.Y1; y++)
        {
            int row = (y * a.Width + part.X0) * 3;
            if (!first.Slice(row, part.Width * 3).SequenceEqual(second.Slice(row, part.Width * 3))) return false;
        }
        return true;
    }

    private static void ForEach(SliceImage screen, PixelRectangle part, Action<int, int, int> look)
    {
        ReadOnlySpan<byte> pixels = screen.Pixels.Span;
        for (int y = part.Y0; y < part.Y1; y++)
            for (int x = part.X0; x < part.X1; x++)
            {
                int at = (y * screen.Width + x) * 3;
                look(pixels[at], pixels[at + 1], pixels[at + 2]);
            }
    }
}
