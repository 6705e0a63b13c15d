using System.Text.Json;

namespace SamMed2D.Cli.Tests;

public sealed class DatasetCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dataset-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Dataset_Phantoms_BecomeADataSetThatEvaluate2DTakes()
    {
        CommandRun.Of("phantom", "brain", "-o", PathOf("one"), "--size", "small").AssertSucceeds();
        CommandRun.Of("phantom", "brain", "-o", PathOf("two"), "--size", "small", "--seed", "2").AssertSucceeds();
        File.WriteAllText(PathOf("scans.csv"), "image,label,subject,name,modality,split,licence\none/brain-mr.nii.gz,one/brain-mr-labels.nii.gz,one,one,mr,train,CC0\n"
            + "scans.csv,scans.csv,broken,broken,mr,train,\ntwo/brain-mr.nii.gz,two/brain-mr-labels.nii.gz,two,two,mr,test,CC0\n");
        CommandRun made = CommandRun.Of("dataset", PathOf("scans.csv"), "-o", PathOf("set"), "--name", "phantoms", "-q", "--json");
        Assert.Equal(3, made.ExitCode); // one scan cannot be read: told at the end
        Assert.Contains("skipped: ", made.Error);
        using (JsonDocument json = JsonDocument.Parse(made.Output))
            Assert.Equal(2, json.RootElement.GetProperty("total").GetProperty("subjects").GetInt32());
        Assert.All((string[])["image2label_train.json", "label2image_test.json", "manifest.csv", "statistics/modalities.png", "statistics/structures.png", "statistics/mask-areas.png", "statistics/README.md"],
            name => Assert.True(new FileInfo(PathOf("set/" + name)).Length > 0, name));
        Assert.Contains("| mr |", CommandRun.Of("dataset", PathOf("set")).Output);

        // Of the testing half only a few pictures are kept, since this is about the way, not the figures.
        Dictionary<string, string> test = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(PathOf("set/label2image_test.json")))!;
        Assert.All(test, pair => Assert.Contains("--two--", pair.Value));
        string picture = test.Values.First(value => value.Contains("--z_"));
        Dictionary<string, string> few = test.Where(pair => pair.Value == picture).ToDictionary(pair => pair.Key, pair => pair.Value);
        File.WriteAllText(PathOf("set/label2image_test.json"), JsonSerializer.Serialize(few));
        CommandRun measured = CommandRun.Of("evaluate-2d", PathOf("set"), "-q", "--goals", "--json", "--csv", PathOf("figures.csv"), "--plot", PathOf("plot.png"), "-o", PathOf("report.md"));
        measured.AssertSucceeds();
        using JsonDocument figures = JsonDocument.Parse(measured.Output);
        Assert.Equal(few.Count, figures.RootElement.GetProperty("models")[0].GetProperty("masks").GetArrayLength());
        Assert.Contains("| phantoms |", File.ReadAllText(PathOf("report.md")));
        Assert.True(new FileInfo(PathOf("plot.png")).Length > 0);

        string[] before = Files(PathOf("set"));
        Assert.Equal(3, CommandRun.Of("dataset", PathOf("scans.csv"), "-o", PathOf("set"), "--name", "phantoms", "-q").ExitCode);
        Assert.Equal(before, Files(PathOf("set")));
    }

    [Fact]
    public void Dataset_BadInput_IsOneLine()
    {
        File.WriteAllText(PathOf("scans.csv"), "image,label,subject\na.nii,b.nii,one\n");
        CommandRun.Of("dataset", PathOf("scans.csv")).AssertFailsWith(2, "--output");
        CommandRun.Of("dataset", PathOf("scans.csv"), "-o", PathOf("set"), "--test-share", "2").AssertFailsWith(2, "--test-share");
        CommandRun.Of("dataset", PathOf("scans.csv"), "-o", PathOf("set"), "--window", "bone").AssertFailsWith(2, "bone");
        CommandRun nothing = CommandRun.Of("dataset", PathOf("scans.csv"), "-o", PathOf("set"), "-q");
        nothing.AssertFailsWith(3, "scans.csv");
        Assert.Contains("skipped: ", nothing.Error);
    }
}
