using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Segmentation.Tests.Evaluation;

public sealed class LabelledSlicesTests
{
    [Fact]
    public void Of_ACone_TakesItsLargestSliceAndTheOneHalfWayUp()
    {
        // A square pyramid that stands on slice 2 with a side of 12 and loses 1 a slice: 12, 11, …, 5 on slices 2 to 9; and a crumb on each slice.
        VolumeGeometry grid = new(20, 20, 14, new Affine(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0));
        LabelMap labels = new(grid, [new(7, "liver", default)]);
        for (int k = 2; k < 10; k++)
        {
            for (int j = 0; j < 14 - k; j++)
                for (int i = 0; i < 14 - k; i++) labels.MutableLabels[(int)grid.OffsetOf(new(i, j, k))] = 7;
            labels.MutableLabels[(int)grid.OffsetOf(new(19, 19, k))] = 7;
        }
        Volume volume = new Volume<byte>(grid, new byte[grid.VoxelCount], IntensityScale.Identity, new VolumeInfo());
        ListedScan listed = new("mr-one", "one", "image", "label", new Dictionary<ushort, string>());
        IReadOnlyList<PictureCase> pictures = LabelledSlices.Of(volume, labels, listed);
        Assert.Equal(["mr-one@2", "mr-one@6"], pictures.Select(p => p.Name)); // half-way from 2 to 9, rounded up
        NamedMask largest = Assert.Single(pictures[0].Masks), halfWay = Assert.Single(pictures[1].Masks);
        Assert.Equal(("mr-one-7@2", 144, 64), (largest.Name, largest.Mask.GetArea(), halfWay.Mask.GetArea())); // without the crumbs
        Assert.Equal((11 * 11 + 1, 9 * 9 + 1), (largest.Neighbour!.Mask.GetArea(), halfWay.Neighbour!.Mask.GetArea())); // above where nothing is below, else below
        Assert.Equal(new() { Subject = "one", Modality = "mr", Structure = "liver", Organ = "liver", Region = "abdomen" }, largest.Tags);
    }
}
