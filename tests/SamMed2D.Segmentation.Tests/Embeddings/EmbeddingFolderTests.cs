using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Embeddings;

namespace SamMed2D.Segmentation.Tests.Embeddings;

public sealed class EmbeddingFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("embeddings-").FullName;
    private readonly List<string> _notices = [];

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void TryRead_WhatAnotherInstanceWrote_IsTheSame()
    {
        byte[] content = [.. Enumerable.Range(0, 1000).Select(n => (byte)(n * 31))], found = new byte[1000];
        Open().Write(NameOf(1), content);
        Assert.True(Open().TryRead(NameOf(1), found));
        Assert.Equal(content, found);
        Assert.False(Open().TryRead(NameOf(2), found));
        Assert.Empty(_notices);
    }

    [Fact]
    public void TryRead_AnyDamage_IsMissingUntilWrittenAgain() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 10_000], Gen.Byte[1, 255]).Sample((kind, place, change) =>
        {
            EmbeddingFolder folder = Open();
            byte[] content = [.. Enumerable.Repeat((byte)9, 500)], found = new byte[500];
            folder.Write(NameOf(1), content);
            string file = Directory.GetFiles(_path).Single();
            byte[] bytes = File.ReadAllBytes(file);
            if (kind == 0) bytes[place % bytes.Length] ^= change;
            if (kind == 1) bytes = bytes[..(place % bytes.Length)];
            if (kind == 2) bytes = [.. bytes, change];
            if (kind == 3) file = file.Replace(NameOf(1), NameOf(2)); // another slice's content under this name
            File.WriteAllBytes(file, bytes);
            int number = kind == 3 ? 2 : 1;
            Assert.False(folder.TryRead(NameOf(number), found));
            folder.Write(NameOf(number), content);
            Assert.True(folder.TryRead(NameOf(number), found));
            Assert.Equal(content, found);
            foreach (string left in Directory.GetFiles(_path)) File.Delete(left);
        }, iter: 60, threads: 1);

    [Fact]
    public void TryRead_Damaged_IsToldOnce()
    {
        EmbeddingFolder folder = Open();
        for (int n = 0; n < 2; n++) File.WriteAllText(Path.Combine(_path, NameOf(n) + ".embedding"), "not an embedding");
        for (int n = 0; n < 2; n++) Assert.False(folder.TryRead(NameOf(n), new byte[10]));
        Assert.Contains("is damaged", Assert.Single(_notices));
    }

    [Fact]
    public void Write_BeyondTheCapacity_DropsWhatWasUsedLongestAgoAndNothingElse()
    {
        string foreign = Path.Combine(_path, "report.embedding"), other = Path.Combine(_path, "scan.nii.gz");
        File.WriteAllBytes(foreign, new byte[50_000]);
        File.WriteAllBytes(other, new byte[50_000]);
        EmbeddingFolder folder = Open(20_000);
        byte[] found = new byte[1000];
        for (int n = 0; n < 60; n++)
        {
            folder.Write(NameOf(n), new byte[1000]);
            Assert.True(folder.TryRead(NameOf(0), found), $"the one in use was dropped at {n}");
            File.SetLastWriteTimeUtc(Path.Combine(_path, NameOf(0) + ".embedding"), DateTime.UtcNow.AddMinutes(1));
        }
        long held = new DirectoryInfo(_path).EnumerateFiles().Where(file => file.FullName != foreign && file.FullName != other).Sum(file => file.Length);
        Assert.InRange(held, 15_000, 20_000 + 20_000 / 16 + 1100);
        Assert.False(folder.TryRead(NameOf(1), found));
        Assert.True(folder.TryRead(NameOf(59), found));
        Assert.True(File.Exists(foreign) && File.Exists(other));
    }

    [Fact]
    public void Write_BeyondTheCapacity_LeavesWhatOthersAreWritingAndDropsWhatACrashLeft()
    {
        string underWay = Path.Combine(_path, $".{NameOf(1)}.embedding.1-a.tmp"), left = Path.Combine(_path, $".{NameOf(2)}.embedding.1-b.tmp");
        foreach (string path in (string[])[underWay, left]) File.WriteAllBytes(path, new byte[1000]);
        File.SetLastWriteTimeUtc(underWay, DateTime.UtcNow.AddMinutes(-50)); // by far the oldest but for what was left
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-2));
        EmbeddingFolder folder = Open(20_000);
        for (int n = 10; n < 60; n++) folder.Write(NameOf(n), new byte[1000]);
        Assert.True(File.Exists(underWay));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void WriteAndRead_ManyAtOnceFromTwoInstances_NeverGiveAnotherContent()
    {
        EmbeddingFolder[] folders = [Open(30_000), Open(30_000)];
        Parallel.For(0, 400, new() { MaxDegreeOfParallelism = 4 }, n =>
        {
            byte[] content = [.. Enumerable.Repeat((byte)(n % 50), 1000)], found = new byte[1000];
            EmbeddingFolder folder = folders[n % 2];
            if (folder.TryRead(NameOf(n % 50), found)) Assert.Equal(content, found);
            else folder.Write(NameOf(n % 50), content);
        });
        Assert.Empty(_notices);
    }

    [Fact]
    public void Create_WhereNothingCanBeWritten_IsAnOutputError()
    {
        string file = Path.Combine(_path, "file");
        File.WriteAllText(file, "");
        Assert.Throws<OutputException>(() => new EmbeddingFolder(Path.Combine(file, "sub")));
    }

    [Fact]
    public void Write_InAFolderThatOthersMayRead_IsTheUsersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        Open().Write(NameOf(1), new byte[10]);
#pragma warning disable CA1416 // skipped above
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(_path).Single()));
#pragma warning restore CA1416
    }

    [Fact]
    public void Create_NewFolder_IsTheUsersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        string path = Path.Combine(_path, "new");
        _ = new EmbeddingFolder(path);
#pragma warning disable CA1416 // skipped above
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
#pragma warning restore CA1416
    }

    private EmbeddingFolder Open(long capacity = 1 << 20) => new(_path, capacity, notice => { lock (_notices) _notices.Add(notice); });

    private static string NameOf(int number) => number.ToString("x").PadLeft(64, '0');
}
