using System.Diagnostics;
using System.Runtime.CompilerServices;
using SamMed2D.Application;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Imaging;
using SamMed2D.Viewer.Adapters;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer.Tests;

[Collection("window")] // Dear ImGui is one in a process.
public sealed class ViewerLoopTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-loop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Step_AsleepWhenTheBackgroundHasSomething_Wakes()
    {
        using Workspace workspace = CreateWorkspace();
        using OffscreenSurface surface = OffscreenSurface.Create(new(640, 480), 1);
        using ViewerLoop loop = new(surface, workspace, 1);
        for (int n = 0; n < 5; n++) loop.Step(0);
        bool isDone = false;
        Stopwatch clock = Stopwatch.StartNew();
        Thread post = new(() =>
        {
            Thread.Sleep(100);
            workspace.Jobs.Post(() => isDone = true);
        });
        post.Start();
        while (!isDone) loop.Step(30); // a step may end early for a frame that was still due
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"slept for {clock.Elapsed}");
        Assert.True(post.Join(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Step_ScansClosed_KeepsAtMostTheLast()
    {
        using Workspace workspace = CreateWorkspace();
        using OffscreenSurface surface = OffscreenSurface.Create(new(640, 480), 1);
        using ViewerLoop loop = new(surface, workspace, 1);
        string scan = Path.Combine(_folder, "scan.nii");
        new VolumeFiles().Write(AbdomenPhantom.Create(size: PhantomSize.Small).Image, scan);
        WeakReference[] closed = [.. Enumerable.Range(0, 4).Select(_ => OpenAndClose(workspace, loop, scan))];
        // Threads of work that has ended may still be on their way out.
        for (int n = 0; n < 50 && closed[..^1].Any(volume => volume.IsAlive); n++)
        {
            loop.Step(0.02);
            GC.Collect();
        }
        // The last may be held until another takes its place; those before must be gone.
        Assert.Equal(0, closed[..^1].Count(volume => volume.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference OpenAndClose(Workspace workspace, ViewerLoop loop, string scan)
    {
        workspace.Commands.Run("scan.open", new() { ["path"] = scan });
        Settle(workspace, loop);
        WeakReference volume = new(workspace.Scans.Background!.Volume);
        workspace.Commands.Run("scan.close");
        Settle(workspace, loop);
        return volume;
    }

    private static void Settle(Workspace workspace, ViewerLoop loop)
    {
        do loop.Step(0.005);
        while (!workspace.Jobs.IsIdle || workspace.Jobs.Running.Count > 0);
        for (int n = 0; n < 4; n++) loop.Step(0);
    }

    private Workspace CreateWorkspace()
    {
        VolumeFiles files = new();
        return new(new() { Reader = files, Writer = files, Models = new ModelCatalog(new()), ConfigFolder = _folder, StateFolder = _folder });
    }
}
