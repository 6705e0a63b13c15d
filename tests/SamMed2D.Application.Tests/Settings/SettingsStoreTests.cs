using SamMed2D.Application.Notices;
using SamMed2D.Application.Settings;

namespace SamMed2D.Application.Tests.Settings;

public sealed class SettingsStoreTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"sammed2d-settings-{Guid.NewGuid():N}");
    private readonly NoticeBoard _notices = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Change_IsThereAtTheNextStart()
    {
        new SettingsStore(_folder, _notices).Change(s => s.WithRecent("/a/b.nii").WithRecent("/c") with { BrushRadiusMm = 3 });
        UserSettings read = new SettingsStore(_folder, _notices).Current;
        Assert.Equal(["/c", "/a/b.nii"], read.RecentFiles);
        Assert.Equal(3, read.BrushRadiusMm);
        Assert.Empty(_notices.Open);
    }

    [Fact]
    public void Change_ToWhatIsThere_WritesNothing()
    {
        SettingsStore store = new(_folder, _notices);
        store.Change(s => s.WithRecent("/a.nii") with { FillOpacity = 0.7 });
        File.Delete(store.File);
        store.Change(s => s with { FillOpacity = 0.7 });
        Assert.False(File.Exists(store.File));
    }

    [Fact]
    public void WithRecent_ManyFiles_KeepsTheNewestTwelveOnce()
    {
        UserSettings settings = new();
        for (int n = 0; n < 30; n++) settings = settings.WithRecent($"/{n % 15}");
        Assert.Equal(12, settings.RecentFiles.Count);
        Assert.Equal("/14", settings.RecentFiles[0]);
    }

    [Theory]
    [InlineData("{ \"brushRadiusMm\": ")]
    [InlineData("{ \"recentFiles\": null }")]
    [InlineData("[]")]
    public void Read_DamagedFile_StartsAnewAndKeepsIt(string text)
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "settings.json"), text);
        SettingsStore store = new(_folder, _notices);
        Assert.Empty(store.Current.RecentFiles);
        Assert.Single(_notices.Open);
        Assert.Equal(text, File.ReadAllText(store.File + ".damaged"));
    }

    [Fact]
    public void Change_FolderThatCannotBeMade_IsToldOnceAndHolds()
    {
        File.WriteAllText(_folder, "a file where the folder should be");
        SettingsStore store = new(_folder, _notices);
        store.Change(s => s with { FillOpacity = 0.9 });
        Assert.Equal(0.9, store.Current.FillOpacity);
        // A warning: scripts, which end at errors, go on.
        Notice told = Assert.Single(_notices.Open);
        Assert.Equal(NoticeKind.Warning, told.Kind);
        Assert.Contains(store.File, told.Text);
        _notices.Close(told);
        store.Change(s => s with { FillOpacity = 0.8 });
        Assert.Empty(_notices.Open);
        File.Delete(_folder);
    }
}
