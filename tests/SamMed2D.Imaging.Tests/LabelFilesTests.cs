using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests;

/// <summary>Names and colours of labels: inside <c>.seg.nrrd</c> files, and in files beside the others.</summary>
public sealed class LabelFilesTests : IDisposable
{
    private static readonly VolumeGeometry s_grid = new(4, 3, 2, new Affine(-1, 0, 0, 5, 0, -2, 0, 6, 0, 0, 3, 7));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.nii.gz")]
    [InlineData("a.nrrd")]
    [InlineData("a.mhd")]
    [InlineData("a.seg.nrrd")]
    public void WriteLabelMap_NamesAndColours_ComeBack(string name)
    {
        LabelMap written = MakeLabels();
        new VolumeFiles().WriteLabelMap(written, _folder.File(name));
        LabelMap read = new VolumeFiles().ReadLabelMap(_folder.File(name));
        Assert.Equal(written.Labels, read.Labels);
        Assert.Equal(written.Segments.Select(s => (s.Label, s.Name, s.Color)), read.Segments.Select(s => (s.Label, s.Name, s.Color)));
    }

    [Fact]
    public void WriteLabelMap_SegNrrd_HasTheFieldsThat3DSlicerReads()
    {
        LabelMap labels = MakeLabels();
        labels.MutableLabels[0] = 7; // without a name
        new VolumeFiles().WriteLabelMap(labels, _folder.File("a.seg.nrrd"));
        Dictionary<string, string> pairs = ReadPairs(File.ReadAllBytes(_folder.File("a.seg.nrrd")));
        Assert.Equal("Binary labelmap", pairs["Segmentation_SourceRepresentation"]);
        Assert.Equal("0 0 0", pairs["Segmentation_ReferenceImageExtentOffset"]);
        Assert.Equal("liver", pairs["Segment0_Name"]);
        Assert.Equal("1", pairs["Segment0_LabelValue"]);
        Assert.Equal("0", pairs["Segment0_Layer"]);
        Assert.Equal("1 2 1 1 0 1", pairs["Segment0_Extent"]);
        Assert.Equal([221 / 255.0, 130 / 255.0, 101 / 255.0], pairs["Segment0_Color"].Split(' ').Select(double.Parse), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.StartsWith("TerminologyEntry:Segmentation category and type - 3D Slicer General Anatomy list~SCT^85756007^Tissue", pairs["Segment0_Tags"]);
        Assert.Equal("7", pairs["Segment2_LabelValue"]);
        Assert.Equal("label 7", pairs["Segment2_Name"]);
    }

    [Fact]
    public void ReadLabelMap_SegNrrdTags_ComeBack()
    {
        LabelMap written = new(s_grid, [new Segment(1, "liver", default) { Tags = new Dictionary<string, string> { ["TerminologyEntry"] = "a~b^c~d", ["Segmentation.Status"] = "inprogress" } }]);
        new VolumeFiles().WriteLabelMap(written, _folder.File("a.seg.nrrd"));
        Segment read = Assert.Single(new VolumeFiles().ReadLabelMap(_folder.File("a.seg.nrrd")).Segments);
        Assert.Equal("a~b^c~d", read.Tags["TerminologyEntry"]);
        Assert.Equal("inprogress", read.Tags["Segmentation.Status"]);
    }

    [Fact]
    public void ReadLabelMap_SegNrrdWithLayers_MergesThemAndNumbersAnew()
    {
        // As 3D Slicer writes overlapping segments: a list axis first, the value 1 in both layers.
        string header = "NRRD0004\ntype: unsigned char\ndimension: 4\nspace: left-posterior-superior\nsizes: 2 2 1 1\n"
            + "space directions: none (1,0,0) (0,1,0) (0,0,1)\nkinds: list domain domain domain\nencoding: raw\nspace origin: (0,0,0)\n"
            + "Segment0_ID:=Segment_1\nSegment0_Name:=a\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n"
            + "Segment1_ID:=Segment_2\nSegment1_Name:=b\nSegment1_LabelValue:=1\nSegment1_Layer:=1\n\n";
        _folder.Write("a.seg.nrrd", [.. Encoding.ASCII.GetBytes(header), 1, 0, 1, 1]);
        LabelMap read = new VolumeFiles().ReadLabelMap(_folder.File("a.seg.nrrd"));
        Assert.Equal((ushort[])[1, 2], read.Labels);
        Assert.Equal([(1, "a"), (2, "b")], read.Segments.Select(s => ((int)s.Label, s.Name)));
    }

    [Fact]
    public void WriteLabelMap_Nifti_WritesItkSnapsDescriptionBesideIt()
    {
        new VolumeFiles().WriteLabelMap(MakeLabels(), _folder.File("a.nii.gz"));
        string[] lines = [.. File.ReadAllLines(_folder.File("a.label.txt")).Where(line => !line.StartsWith('#'))];
        Assert.Equal(3, lines.Length);
        Assert.Matches("^ +0 +0 +0 +0 +0 +0 +0 +\"Clear Label\"$", lines[0]);
        Assert.Matches("^ +1 +221 +130 +101 +1 +1 +1 +\"liver\"$", lines[1]);
        Assert.Matches("^ +2 +1 +2 +3 +1 +1 +1 +\"left kidney, lower pole\"$", lines[2]);
    }

    [Theory]
    [InlineData("a.json", """{"1": "liver", "2": "spleen", "note": "x", "label": "1 liver"}""")]
    [InlineData("labels.json", """{"1": "liver", "2": "spleen"}""")]
    [InlineData("a.json", """{"version": 1, "segments": [{"label": 1, "name": "liver", "color": "#010203"}, {"label": 2, "name": "spleen"}]}""")]
    public void ReadLabelMap_JsonBeside_GivesNames(string jsonName, string json)
    {
        new VolumeFiles().WriteLabelMap(MakeLabels(), _folder.File("a.nii.gz"));
        File.Delete(_folder.File("a.label.txt"));
        File.WriteAllText(_folder.File(jsonName), json);
        Assert.Equal(["liver", "spleen"], new VolumeFiles().ReadLabelMap(_folder.File("a.nii.gz")).Segments.Select(s => s.Name));
    }

    [Theory]
    [InlineData("a.json", """{"1": "liver", "2": "spleen"}""")]
    [InlineData("a.label.txt", "# from Windows\n 1 255 0 0 1 1 1 \"liver\"\n 2 0 255 0 1 1 1 \"spleen\"\n")]
    public void ReadLabelMap_NamesThatBeginWithAByteOrderMark_AreRead(string name, string text)
    {
        new VolumeFiles().WriteLabelMap(MakeLabels(), _folder.File("a.nii.gz"));
        File.Delete(_folder.File("a.label.txt"));
        File.WriteAllText(_folder.File(name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(["liver", "spleen"], new VolumeFiles().ReadLabelMap(_folder.File("a.nii.gz")).Segments.Select(s => s.Name));
    }

    [Theory]
    [InlineData(@"left\new lobe")]
    [InlineData(@"a\\n")]
    [InlineData("two\nlines")]
    public void WriteLabelMap_SegNrrd_NamesWithBackslashesAndLineEnds_ComeBack(string name)
    {
        new VolumeFiles().WriteLabelMap(new LabelMap(s_grid, [new Segment(1, name, default)]), _folder.File("a.seg.nrrd"));
        Assert.Equal(name, Assert.Single(new VolumeFiles().ReadLabelMap(_folder.File("a.seg.nrrd")).Segments).Name);
    }

    [Fact]
    public void ReadLabelMap_RealLabels_HaveTheirNames()
    {
        Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");
        LabelMap labels = new VolumeFiles().ReadLabelMap(Repository.SharedPath("data", "labelled", "ct-totalseg-example-sm", "label.nii.gz"));
        Assert.Equal("liver", labels.FindSegment(5)!.Name);
        Assert.Equal(1, new VolumeFiles().ReadLabelMap(Repository.SharedPath("data", "labelled", "mr-pyrad-brain1", "label.nrrd")).MaxLabel());
        Assert.Equal(5, new VolumeFiles().ReadLabelMap(Repository.SharedPath("data", "labelled", "mr-sct-t2", "label-levels.nii.gz")).MaxLabel());
    }

    [Fact]
    public void ReadLabelMap_NoLabels_NamesTheVoxel()
    {
        Volume scan = new Volume<float>(s_grid, [.. Enumerable.Range(0, 24).Select(n => n / 2f)], IntensityScale.Identity, new VolumeInfo());
        new VolumeFiles().Write(scan, _folder.File("a.nii"));
        Assert.Contains("(1,0,0) is 0.5", Assert.Throws<InvalidFileException>(() => new VolumeFiles().ReadLabelMap(_folder.File("a.nii"))).Message);
    }

    [Fact]
    public void ReadLabelMap_SeveralFrames_AsksForOne()
    {
        Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");
        string path = Repository.SharedPath("data", "labelled", "mr-deepreg-case000000", "label-4d.nii.gz");
        Assert.Throws<AmbiguousInputException>(() => new VolumeFiles().ReadLabelMap(path));
        Assert.Equal(1, new VolumeFiles().ReadLabelMap(path, new VolumeReadOptions { Frame = 1 }).MaxLabel());
    }

    private static LabelMap MakeLabels()
    {
        LabelMap labels = new(s_grid, [new Segment(1, "liver", new(221, 130, 101)), new Segment(2, "left kidney, lower pole", new(1, 2, 3))]);
        labels.MutableLabels[5] = 1; // (1,1,0)
        labels.MutableLabels[18] = 1; // (2,1,1)
        labels.MutableLabels[23] = 2;
        return labels;
    }

    private static Dictionary<string, string> ReadPairs(byte[] file)
    {
        string text = Encoding.Latin1.GetString(file);
        return text[..text.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').Where(line => line.Contains(":="))
            .ToDictionary(line => line[..line.IndexOf(":=", StringComparison.Ordinal)], line => line[(line.IndexOf(":=", StringComparison.Ordinal) + 2)..]);
    }
}
