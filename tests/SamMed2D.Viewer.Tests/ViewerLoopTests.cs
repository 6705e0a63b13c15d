using System.Diagnostics;
using SamMed2D.Application;
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
        VolumeFiles files = new();
        using Workspace workspace = new(new() { Reader = files, Writer = files, Models = new ModelCatalog(new()), ConfigFolder = _folder, StateFolder = _folder });
        using OffscreenSurface surface = OffscreenSurface.Create(new(640, 480), 1);
        using ViewerLoop loop = new(surface, workspace, 1);
        for (int n = 0; n < 5; n++) loop.Step(0);
        bool isDone = false;
        Stopwatch clock = Stopwatch.StartNew();
        Task post = Task.Run(() =>
        {
            Thread.Sleep(100);
            workspace.Jobs.Post(() => isDone = true);
        });
        while (!isDone) loop.Step(30); // a step may end early for a frame that was still due
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"slept for {clock.Elapsed}");
        Assert.True(post.Wait(TimeSpan.FromSeconds(5)));
    }
}
