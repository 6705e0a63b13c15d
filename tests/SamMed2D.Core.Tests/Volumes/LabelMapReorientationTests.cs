using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Tests.Volumes;

public class LabelMapReorientationTests
{
    private static readonly VolumeGeometry s_grid = new(4, 3, 5, new(0.9, 0.1, 0, -3, -0.1, 0.9, 0.3, 7, 0, -0.2, 2.5, 11));

    [Fact]
    public void ReorientTo_EveryOrderOfTheSameVoxels_KeepsEachLabelInItsPlace()
    {
        LabelMap labels = Numbered(s_grid);
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (int[] order in orders)
            for (int flips = 0; flips < 8; flips++)
            {
                VolumeGeometry target = Reordered(order, flips);
                LabelMap? result = labels.ReorientTo(target);
                Assert.NotNull(result);
                for (int k = 0; k < target.SizeK; k++)
                    for (int j = 0; j < target.SizeJ; j++)
                        for (int i = 0; i < target.SizeI; i++)
                        {
                            // Through patient space, the slow way: the label at a place stays at that place.
                            VoxelIndex there = s_grid.IndexToRas.RasToIndex(target.IndexToRas.IndexToRas(new(i, j, k))).ToNearest();
                            Assert.Equal(labels.Labels[(int)s_grid.OffsetOf(there)], result.Labels[(int)target.OffsetOf(new(i, j, k))]);
                        }
            }
    }

    [Fact]
    public void ReorientTo_SameGrid_IsTheSameLabelMap()
    {
        LabelMap labels = Numbered(s_grid);
        Assert.Same(labels, labels.ReorientTo(s_grid));
    }

    [Fact]
    public void ReorientTo_OtherVoxels_IsNull()
    {
        LabelMap labels = Numbered(s_grid);
        Affine a = s_grid.IndexToRas;
        Assert.Null(labels.ReorientTo(new(4, 3, 5, a with { Xo = a.Xo + 0.5 }))); // shifted by half a voxel
        Assert.Null(labels.ReorientTo(new(4, 3, 5, a with { Zo = a.Zo + 2.5 }))); // by a whole slice
        Assert.Null(labels.ReorientTo(new(4, 3, 6, a))); // one slice more
        Assert.Null(labels.ReorientTo(new(4, 3, 5, a with { Zk = 2.6 }))); // another spacing
        Assert.Null(labels.ReorientTo(new(3, 4, 5, a))); // the same count in another shape
    }

    private static LabelMap Numbered(VolumeGeometry grid) =>
        new(grid, [.. Enumerable.Range(0, (int)grid.VoxelCount).Select(n => (ushort)n)], [new(7, "seven", default)]);

    private static VolumeGeometry Reordered(int[] order, int flips)
    {
        RasVector[] steps = [s_grid.IndexToRas.StepI, s_grid.IndexToRas.StepJ, s_grid.IndexToRas.StepK];
        int[] sizes = [s_grid.SizeI, s_grid.SizeJ, s_grid.SizeK];
        RasVector origin = new(s_grid.IndexToRas.Xo, s_grid.IndexToRas.Yo, s_grid.IndexToRas.Zo);
        RasVector[] target = new RasVector[3];
        for (int axis = 0; axis < 3; axis++)
        {
            bool isFlipped = (flips >> axis & 1) != 0;
            target[axis] = steps[order[axis]] * (isFlipped ? -1 : 1);
            if (isFlipped) origin += steps[order[axis]] * (sizes[order[axis]] - 1);
        }
        return new(sizes[order[0]], sizes[order[1]], sizes[order[2]], Affine.FromColumns(target[0], target[1], target[2], new(origin.R, origin.A, origin.S)));
    }

    [Fact]
    public void PlaceIn_PartOfAGridTurnedRound_LandsOnItsVoxels()
    {
        VolumeGeometry target = new(6, 5, 4, new Affine(2, 0, 0, 10, 0, 3, 0, 20, 0, 0, 4, 30));
        // Its first voxel is the target's (5,1,2); i runs down along the target's i, j up along k, k up along j.
        VolumeGeometry part = new(3, 2, 2, new Affine(-2, 0, 0, 20, 0, 0, 3, 23, 0, 4, 0, 38));
        LabelMap labels = new(part, [.. Enumerable.Range(1, 12).Select(n => (ushort)n)], []);
        LabelMap placed = labels.PlaceIn(target)!;
        for (int k = 0; k < 2; k++)
            for (int j = 0; j < 2; j++)
                for (int i = 0; i < 3; i++)
                    Assert.Equal(1 + i + 3 * (j + 2 * k), placed.Labels[(int)target.OffsetOf(new(5 - i, 1 + k, 2 + j))]);
        Assert.Equal(12, placed.Labels.ToArray().Count(label => label != 0));
        Assert.Null(labels.PlaceIn(new(6, 5, 3, target.IndexToRas))); // one slice reaches out
        Assert.Null(labels.PlaceIn(new(6, 5, 4, new Affine(2, 0, 0, 10.5, 0, 3, 0, 20, 0, 0, 4, 30)))); // between voxels
    }
}
