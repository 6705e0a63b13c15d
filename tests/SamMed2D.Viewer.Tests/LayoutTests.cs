using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Png;
using SamMed2D.Viewer.Adapters;
using SamMed2D.Viewer.Gui;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer.Tests;

/// <summary>Where things lie in the window, from the smallest promised size to 4K. Pictures lie in <c>screenshots</c> beside the tests.</summary>
[Collection("window")] // Dear ImGui is one in a process.
public sealed class LayoutTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-layout-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1024, 700, 1f)]
    [InlineData(1536, 1050, 1.5f)]
    [InlineData(2048, 1400, 2f)]
    [InlineData(3840, 2160, 2f)]
    [InlineData(3840, 2160, 1f)]
    public void Draw_FullWindow_NothingOverlapsOrLeavesIt(int width, int height, float scale)
    {
        using Workspace workspace = CreateWorkspace();
        using OffscreenSurface surface = OffscreenSurface.Create(new(width, height), scale);
        using ViewerLoop loop = new(surface, workspace, scale);
        string scan = Path.Combine(_folder, "a scan with quite a long name, as scanners and archives give them.nii.gz");
        new VolumeFiles().Write(AbdomenPhantom.Create(size: PhantomSize.Small).Image, scan);
        workspace.Commands.Run("scan.open", new() { ["path"] = scan });
        Settle(workspace, loop);
        foreach (string name in (string[])["liver", "left kidney, with a name that is longer than its row", "spleen"]) workspace.Commands.Run("segment.add", new() { ["name"] = name });
        foreach (string tool in (string[])["box", "paint", "threshold", "smoothing", "ruler"])
        {
            workspace.Commands.Run($"tool.{tool}");
            Settle(workspace, loop);
            Dictionary<string, Vector4> items = ItemsOf(loop);
            Assert.True(items.Count > 40, $"only {items.Count} items with hints");
            foreach ((string title, Vector4 box) in items)
                Assert.True(box.X >= 0 && box.Y >= 0 && box.Z <= width && box.W > box.Y, $"'{title}' at {box} leaves the window of {width}x{height}");
            AssertDisjoint(items);
        }
        SliceImage picture = loop.Capture();
        string shots = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
        PngFile.Write(Path.Combine(shots, FormattableString.Invariant($"layout-{width}x{height}-at-{scale}.png")), picture);
    }

    private Workspace CreateWorkspace()
    {
        VolumeFiles files = new();
        return new(new() { Reader = files, Writer = files, Models = new ModelCatalog(new()), ConfigFolder = Path.Combine(_folder, "config"), StateFolder = Path.Combine(_folder, "state") });
    }

    private static void Settle(Workspace workspace, ViewerLoop loop)
    {
        do loop.Step(0.005);
        while (!workspace.Jobs.IsIdle);
        for (int n = 0; n < 4; n++) loop.Step(0);
    }

    private static Dictionary<string, Vector4> ItemsOf(ViewerLoop loop)
    {
        Dictionary<string, Vector4> items = [];
        Hints.Noticed = (title, box) => items[$"{title} at {box}"] = box;
        try
        {
            loop.Capture();
        }
        finally
        {
            Hints.Noticed = null;
        }
        return items;
    }

    // A row of the list of segments holds its buttons; everything else keeps clear of everything else.
    private static void AssertDisjoint(Dictionary<string, Vector4> items)
    {
        foreach ((string first, Vector4 a) in items)
            foreach ((string second, Vector4 b) in items)
            {
                if (string.CompareOrdinal(first, second) >= 0 || Holds(a, b) || Holds(b, a)) continue;
                bool isClear = a.Z <= b.X + 0.5f || b.Z <= a.X + 0.5f || a.W <= b.Y + 0.5f || b.W <= a.Y + 0.5f;
                Assert.True(isClear, $"'{first}' and '{second}' overlap");
            }
    }

    private static bool Holds(Vector4 outer, Vector4 inner) => outer.Z - outer.X > 4 * (inner.Z - inner.X) && outer.X <= inner.X && outer.Z >= inner.Z && outer.Y <= inner.Y + 1 && outer.W >= inner.W - 1;
}
