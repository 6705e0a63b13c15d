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

    // Making all slices takes ten seconds; a phantom that has changed shows in every ninth of them.
    private const int Every = 9;

    [Fact]
    public void AbdomenCt_MadeAgain_EqualsTheCommittedFiles()
    {
        Phantom phantom = AbdomenPhantom.Create(1, PhantomSize.Full, Every, CancellationToken.None);
        Volume<short> image = AssertEqualsFiles(phantom);
        Volume series = new VolumeFiles().Read(Path.Combine(s_folder, "abdomen-ct-dicom"));
        Assert.True(image.Geometry.IsSameGrid(series.Geometry, 1e-3));
        Assert.True(image.Voxels.SequenceEqual(Assert.IsType<Volume<short>>(series).Voxels));
    }

    [Fact]
    public void BrainMr_MadeAgain_EqualsTheCommittedFiles() => AssertEqualsFiles(BrainPhantom.Create(1, PhantomSize.Full, Every, CancellationToken.None));

    [Fact]
    public void SampleVolumes_Together_AreUnder12Megabytes() =>
        Assert.True(Directory.EnumerateFiles(s_folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) < 12_000_000);

    private static Volume<short> AssertEqualsFiles(Phantom phantom)
    {
        VolumeFiles files = new();
        Volume<short> image = Assert.IsType<Volume<short>>(files.Read(Path.Combine(s_folder, phantom.Name + ".nii.gz")));
        LabelMap labels = files.ReadLabelMap(Path.Combine(s_folder, phantom.Name + "-labels.nii.gz"));
        Assert.True(phantom.Image.Geometry.IsSameGrid(image.Geometry, 1e-3));
        Assert.True(phantom.Image.Geometry.IsSameGrid(labels.Geometry, 1e-3));
        int pixels = image.Geometry.SizeI * image.Geometry.SizeJ;
        for (int k = 0; k < image.Geometry.SizeK; k += Every)
        {
            Assert.True(phantom.Image.Voxels.Slice(k * pixels, pixels).SequenceEqual(image.Voxels.Slice(k * pixels, pixels)), $"Slice {k} differs; make the sample volumes again.");
            Assert.True(phantom.Labels.Labels.Slice(k * pixels, pixels).SequenceEqual(labels.Labels.Slice(k * pixels, pixels)), $"Labels of slice {k} differ; make the sample volumes again.");
        }
        Assert.Equal(phantom.Labels.Segments.Select(s => (s.Label, s.Name, s.Color)), labels.Segments.Select(s => (s.Label, s.Name, s.Color)));
        Assert.Equal(PhantomPrompts.ToJson(phantom with { Labels = labels }), File.ReadAllText(Path.Combine(s_folder, phantom.Name + "-prompts.json")));
        return image;
    }
}
