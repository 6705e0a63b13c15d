using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Phantoms.Brain;
using SamMed2D.Core.Volumes;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests;

/// <summary>The committed sample scans are what <c>sammed2d phantom</c> makes.</summary>
public class SampleVolumesTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "sample-volumes");

    [Fact]
    public void AbdomenCt_MadeAgain_EqualsTheCommittedFiles()
    {
        Phantom phantom = AbdomenPhantom.Create();
        AssertEqualsFiles(phantom);
        Volume series = new VolumeFiles().Read(Path.Combine(s_folder, "abdomen-ct-dicom"));
        Assert.True(phantom.Image.Geometry.IsSameGrid(series.Geometry, 1e-3));
        Assert.Equal(phantom.Image.Voxels.ToArray(), Assert.IsType<Volume<short>>(series).Voxels.ToArray());
    }

    [Fact]
    public void BrainMr_MadeAgain_EqualsTheCommittedFiles() => AssertEqualsFiles(BrainPhantom.Create());

    [Fact]
    public void SampleVolumes_Together_AreUnder12Megabytes() =>
        Assert.True(Directory.EnumerateFiles(s_folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) < 12_000_000);

    private static void AssertEqualsFiles(Phantom phantom)
    {
        VolumeFiles files = new();
        Volume image = files.Read(Path.Combine(s_folder, phantom.Name + ".nii.gz"));
        LabelMap labels = files.ReadLabelMap(Path.Combine(s_folder, phantom.Name + "-labels.nii.gz"));
        Assert.True(phantom.Image.Geometry.IsSameGrid(image.Geometry, 1e-3));
        Assert.True(phantom.Image.Geometry.IsSameGrid(labels.Geometry, 1e-3));
        Assert.True(phantom.Image.Voxels.SequenceEqual(Assert.IsType<Volume<short>>(image).Voxels), "The voxels differ; make the sample volumes again.");
        Assert.True(phantom.Labels.Labels.SequenceEqual(labels.Labels), "The labels differ; make the sample volumes again.");
        Assert.Equal(phantom.Labels.Segments.Select(s => (s.Label, s.Name, s.Color)), labels.Segments.Select(s => (s.Label, s.Name, s.Color)));
        Assert.Equal(PhantomPrompts.ToJson(phantom), File.ReadAllText(Path.Combine(s_folder, phantom.Name + "-prompts.json")));
    }
}
