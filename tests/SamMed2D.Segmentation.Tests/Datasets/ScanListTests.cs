using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Datasets;

namespace SamMed2D.Segmentation.Tests.Datasets;

public sealed class ScanListTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("scans-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text = "")
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Read_Folder_FindsEveryLabelFileWithItsNames()
    {
        Write("a/image.nii.gz");
        Write("a/label.nii.gz");
        Write("a/labels.json", """{ "1": "liver", "7": "spleen" }""");
        Write("b/image.nrrd");
        Write("b/label.nrrd");
        Write("b/label-gm.nrrd");
        Write("b/labels.json", """{ "label": "1 spinal cord", "label-gm": "1 grey matter" }""");
        Write("c/notes.txt");
        IReadOnlyList<ListedScan> scans = ScanList.Read(_folder.FullName);
        Assert.Equal([("a", "a"), ("b/label-gm", "b"), ("b", "b")], scans.Select(s => (s.Name, s.Subject)));
        Assert.Equal([(1, "liver"), (7, "spleen")], scans[0].Structures.Select(s => ((int)s.Key, s.Value)));
        Assert.Equal("grey matter", scans[1].Structures[1]);
        Assert.Equal("spinal cord", scans[2].Structures[1]);
    }

    [Fact]
    public void Read_Csv_TakesPathsFromItsOwnFolder()
    {
        string list = Write("lists/all.csv", "image,label,subject\n../a/image.nii.gz, ../a/label.nii.gz, \"one\"\n\n");
        ListedScan scan = Assert.Single(ScanList.Read(list));
        Assert.Equal(("a", "one", Path.Combine(_folder.FullName, "a/image.nii.gz")), (scan.Name, scan.Subject, scan.Image));
    }

    [Fact]
    public void Read_CsvWithMoreColumns_TellsWhatTheScanIs()
    {
        string list = Write("list.csv", "subject,image,label,modality,sub,dataset,split,licence,name\none,a.nrrd,b.nrrd,MR,t2,\"set, two\",test,CC BY 4.0,first\ntwo,c.nrrd,d.nrrd,,,,,,\n");
        IReadOnlyList<ListedScan> scans = ScanList.Read(list);
        Assert.Equal(("first", "mr", "t2", "set, two", DatasetSplit.Test, "CC BY 4.0"), (scans[0].Name, scans[0].Modality, scans[0].SubModality, scans[0].Dataset, scans[0].Split, scans[0].Licence));
        Assert.Equal(("00", null), (scans[1].SubModality, scans[1].Split));
        Assert.Equal(("ct", "pet", "unknown"), (scans[1].ModalityOf("CT", "us"), (scans[1] with { Name = "pt-7" }).ModalityOf(""), scans[1].ModalityOf("")));
    }

    [Fact]
    public void Read_FolderWithADicomSeries_TakesTheSeriesFolder()
    {
        Write("a/image/1.dcm");
        Write("a/label.nrrd");
        Assert.EndsWith("image", Assert.Single(ScanList.Read(_folder.FullName)).Image);
    }

    [Theory]
    [InlineData("image,label,subject,split\na,b,one,train\nc,d,one,test\n", "both halves")]
    [InlineData("image,label,subject,split\na,b,one,both\n", "neither")]
    [InlineData("image,label,subject,colour\n", "colour")]
    [InlineData("", "line 1")]
    [InlineData("scan,mask\n", "line 1")]
    [InlineData("image,label,subject\n", "no scan")]
    [InlineData("image,label,subject\na,b\n", "line 2")]
    [InlineData("image,label,subject\na,b,c\na,,c\n", "line 3")]
    public void Read_MalformedCsv_NamesTheLine(string text, string named)
    {
        string list = Write("list.csv", text);
        Assert.Contains(named, Assert.Throws<InvalidFileException>(() => ScanList.Read(list)).Message);
    }

    [Fact]
    public void Read_NothingThere_SaysWhatIsExpected()
    {
        Assert.Contains("image,label,subject", Assert.Throws<InvalidFileException>(() => ScanList.Read(Path.Combine(_folder.FullName, "none"))).Message);
        Assert.Contains("image.*", Assert.Throws<InvalidFileException>(() => ScanList.Read(_folder.FullName)).Message);
    }

    [Fact]
    public void Read_NamesThatAreNoJson_NamesTheFile()
    {
        Write("a/image.nii");
        Write("a/label.nii");
        Write("a/labels.json", "liver");
        Assert.Contains("labels.json", Assert.Throws<InvalidFileException>(() => ScanList.Read(_folder.FullName)).Message);
    }
}
