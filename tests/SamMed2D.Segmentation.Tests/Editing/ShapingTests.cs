using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;

namespace SamMed2D.Segmentation.Tests.Editing;

/// <summary>Margins, smoothing, islands, logic, growing and statistics against naive second readings.</summary>
public class ShapingTests
{
    [Fact]
    public void Margins_AnyMask_AreByDistance() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        VoxelMask mask = grid.AnyMask(grid.Between(0, 1));
        // A whole number of voxels along i, or anything.
        double mm = seed % 2 == 0 ? grid.Geometry.SpacingMm(SliceAxis.I) * (1 + grid.Any(3)) : grid.Between(0.2, 4);
        VoxelIndex[] inside = [.. grid.All().Where(at => mask[at])], outside = [.. grid.All().Where(at => !mask[at])];
        bool IsNear(VoxelIndex at, VoxelIndex[] others) => others.Any(o => grid.Ras(at).DistanceMm(grid.Ras(o)) <= mm * (1 + 1e-6));
        grid.Check(at => IsNear(at, inside), Margin.Grow(mask, mm));
        grid.Check(at => mask[at] && !IsNear(at, outside), Margin.Shrink(mask, mm));
        grid.Check(at => mask[at] && IsNear(at, outside), Margin.Hollow(mask, mm, ShellSide.Outer));
        grid.Check(at => !mask[at] && IsNear(at, inside), Margin.Hollow(mask, mm, ShellSide.Inner));
        VoxelIndex[] eroded = [.. grid.All().Where(at => mask[at] && !IsNear(at, outside))];
        grid.Check(at => IsNear(at, eroded), Smoothing.Open(mask, mm));
        VoxelIndex[] beyond = [.. grid.All().Where(at => !IsNear(at, inside))];
        grid.Check(at => IsNear(at, inside) && !IsNear(at, beyond), Smoothing.Close(mask, mm));
    }, iter: 60);

    [Fact]
    public void Median_AnyMask_IsTheMajorityOfTheBox() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        VoxelMask mask = grid.AnyMask(0.6);
        double mm = grid.Between(0.5, 3);
        int Reach(SliceAxis axis) => (int)Math.Round(mm / grid.Geometry.SpacingMm(axis));
        (int ri, int rj, int rk) = (Reach(SliceAxis.I), Reach(SliceAxis.J), Reach(SliceAxis.K));
        grid.Check(at =>
        {
            VoxelIndex[] around = [.. grid.All().Where(o => Math.Abs(o.I - at.I) <= ri && Math.Abs(o.J - at.J) <= rj && Math.Abs(o.K - at.K) <= rk)];
            int marked = around.Count(o => mask[o]);
            return 2 * marked > around.Length || (2 * marked == around.Length && mask[at]);
        }, Smoothing.Median(mask, mm));
    }, iter: 60);

    [Fact]
    public void Joint_AnyLabels_GivesEachVoxelToTheGreatestBlur() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        LabelMap labels = grid.AnyLabels(3);
        const double sigma = 0.8;
        LabelPatch patch = JointSmoothing.Smooth(labels, [1, 2], sigma); // 3 stays, and is in the way
        foreach (VoxelIndex at in grid.All(patch.Box))
        {
            ushort old = labels.Labels[(int)grid.Geometry.OffsetOf(at)], now = patch.Row(at.J, at.K)[at.I - patch.Box.I0];
            if (old == 3)
            {
                Assert.Equal(3, now);
                continue;
            }
            double[] blur = [Blur(0), Blur(1), Blur(2)];
            Assert.True(blur[now] >= blur.Max() - 1e-5, $"{at}: {now} of {string.Join(' ', blur)}");
            if (blur[old] >= blur.Max() + 1e-5) Assert.Equal(old, now);

            double Blur(int label)
            {
                double sum = 0;
                foreach ((int di, double wi) in Weights(SliceAxis.I))
                    foreach ((int dj, double wj) in Weights(SliceAxis.J))
                        foreach ((int dk, double wk) in Weights(SliceAxis.K))
                        {
                            VoxelIndex there = new(Math.Clamp(at.I + di, 0, grid.Geometry.SizeI - 1), Math.Clamp(at.J + dj, 0, grid.Geometry.SizeJ - 1), Math.Clamp(at.K + dk, 0, grid.Geometry.SizeK - 1));
                            if (labels.Labels[(int)grid.Geometry.OffsetOf(there)] == label) sum += wi * wj * wk;
                        }
                return sum;
            }
        }

        IEnumerable<(int, double)> Weights(SliceAxis axis)
        {
            double voxels = sigma / grid.Geometry.SpacingMm(axis);
            int reach = (int)Math.Ceiling(3 * voxels);
            double all = Enumerable.Range(-reach, 2 * reach + 1).Sum(n => Math.Exp(-n * n / (2 * voxels * voxels)));
            for (int n = -reach; n <= reach; n++) yield return (n, Math.Exp(-n * n / (2 * voxels * voxels)) / all);
        }
    }, iter: 10);

    [Fact]
    public void Islands_AnyMask_AreThePiecesOfAFlood() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        VoxelMask mask = grid.AnyMask(grid.Between(0.1, 0.6));
        List<HashSet<VoxelIndex>> pieces = [];
        HashSet<VoxelIndex> left = [.. grid.All().Where(at => mask[at])];
        foreach (VoxelIndex seed2 in grid.All().Where(at => mask[at]))
        {
            if (!left.Remove(seed2)) continue;
            HashSet<VoxelIndex> piece = [seed2];
            Queue<VoxelIndex> open = new([seed2]);
            while (open.TryDequeue(out VoxelIndex at))
                foreach ((int i, int j, int k) in ((int, int, int)[])[(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)])
                    if (left.Remove(new(at.I + i, at.J + j, at.K + k)))
                    {
                        piece.Add(new(at.I + i, at.J + j, at.K + k));
                        open.Enqueue(new(at.I + i, at.J + j, at.K + k));
                    }
            pieces.Add(piece);
        }
        pieces = [.. pieces.OrderByDescending(p => p.Count)];
        Islands islands = new(mask);
        Assert.Equal(pieces.Select(p => (long)p.Count), islands.Sizes);
        for (int n = 0; n < pieces.Count; n++)
        {
            grid.Check(pieces[n].Contains, islands.Piece(n));
            Assert.Equal(n, islands.At(pieces[n].First()));
        }
        if (pieces.Count > 0) grid.Check(pieces[0].Contains, islands.Largest());
        grid.Check(at => pieces.Any(p => p.Count >= 3 && p.Contains(at)), islands.AtLeast(3));
        Assert.Null(islands.At(new(-1, 0, 0)));
    }, iter: 60);

    [Fact]
    public void Logic_AnyMasks_AreSets() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        VoxelMask a = grid.AnyMask(), b = grid.AnyMask();
        grid.Check(at => a[at] || b[at], Logic.Add(a, b));
        grid.Check(at => a[at] && !b[at], Logic.Subtract(a, b));
        grid.Check(at => a[at] && b[at], Logic.Intersect(a, b));
        grid.Check(at => !a[at], Logic.Invert(a));
        Assert.Equal(grid.All().LongCount(at => a[at]), a.GetCount());
    }, iter: 30);

    [Fact]
    public void Grow_AnySeeds_GivesEachVoxelToTheCheapestWay() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        Volume<short> volume = grid.AnyVolume();
        LabelMap labels = grid.AnyLabels(3, density: 0.2);
        VoxelBox box = VoxelBox.Of(grid.Geometry);
        if (!labels.Labels.Contains((ushort)1) || !labels.Labels.Contains((ushort)2)) return;
        LabelPatch patch = GrowFromSeeds.Grow(volume, labels, [1, 2], box, locality: 3);
        int[][] costs = [Costs(1), Costs(2)];
        foreach (VoxelIndex at in grid.All())
        {
            int n = (int)grid.Geometry.OffsetOf(at);
            ushort old = labels.Labels[n], now = patch.Labels[n];
            if (old != 0) Assert.Equal(old, now);
            else if (costs[0][n] == costs[1][n]) Assert.Equal(costs[0][n] < int.MaxValue, now is 1 or 2);
            else Assert.Equal(costs[0][n] < costs[1][n] ? 1 : 2, now);
        }

        // Bellman and Ford: over and over, until nothing gets cheaper.
        int[] Costs(ushort label)
        {
            double low = volume.Voxels.ToArray().Min(), high = volume.Voxels.ToArray().Max();
            double spacing = new[] { SliceAxis.I, SliceAxis.J, SliceAxis.K }.Min(grid.Geometry.SpacingMm);
            int[] costs = [.. labels.Labels.ToArray().Select(l => l == label ? 0 : int.MaxValue)];
            for (bool changed = true; changed;)
            {
                changed = false;
                foreach (VoxelIndex at in grid.All())
                    foreach ((SliceAxis axis, VoxelIndex to) in ((SliceAxis, VoxelIndex)[])[
                        (SliceAxis.I, at with { I = at.I + 1 }), (SliceAxis.I, at with { I = at.I - 1 }), (SliceAxis.J, at with { J = at.J + 1 }),
                        (SliceAxis.J, at with { J = at.J - 1 }), (SliceAxis.K, at with { K = at.K + 1 }), (SliceAxis.K, at with { K = at.K - 1 })])
                    {
                        int a = (int)grid.Geometry.OffsetOf(at), b = (int)grid.Geometry.OffsetOf(to);
                        if (!grid.Geometry.Contains(to) || costs[a] == int.MaxValue || labels.Labels[b] != 0) continue;
                        int cost = costs[a] + Math.Abs(Level(a) - Level(b)) + (int)Math.Round(grid.Geometry.SpacingMm(axis) * 4 / spacing);
                        if (cost < costs[b]) (costs[b], changed) = (cost, true);
                    }
            }
            return costs;

            int Level(int n) => (int)Math.Round((volume.Voxels[n] - low) * (1023 / (high - low)));
        }
    }, iter: 30);

    [Fact]
    public void Grow_OneSeedAlone_SaysWhatIsMissing() => Assert.Contains("seeds of two segments",
        Assert.Throws<InvalidEditException>(() => GrowFromSeeds.Grow(new RandomGrid(1).AnyVolume(), new RandomGrid(1).AnyLabels(1), [1, 2])).Message);

    [Fact]
    public void Statistics_AnyLabels_AreAsCounted() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        Volume volume = grid.AnyVolume();
        LabelMap labels = grid.AnyLabels(3);
        VoxelIndex[] own = [.. grid.All().Where(at => labels.Labels[(int)grid.Geometry.OffsetOf(at)] == 2)];
        if (own.Length == 0) return;
        double[] values = [.. own.Select(volume.GetIntensity)];
        SegmentStatistics found = SegmentStatistics.Of(volume, labels, 2);
        Assert.Equal(own.Length, found.VoxelCount);
        Assert.Equal(own.Length * grid.Geometry.VoxelVolumeMm3 / 1000, found.VolumeMl, 9);
        Assert.Equal(values.Average(), found.Mean, 9);
        Assert.Equal(Math.Sqrt(values.Average(v => (v - values.Average()) * (v - values.Average()))), found.StandardDeviation, 6);
        Assert.Equal((values.Min(), values.Max()), (found.Minimum, found.Maximum));
        Assert.Equal(own.Min(v => v.I), found.Box.I0);
        Assert.Equal(own.Max(v => v.K), found.Box.K1 - 1);
        Assert.Equal(own.Average(v => grid.Ras(v).A), found.Centroid!.Value.A, 9);
    }, iter: 30);

    [Fact]
    public void Statistics_Ball_HasTheAreaOfASphere()
    {
        VolumeGeometry geometry = new(60, 60, 30, Affine.FromColumns(new(0.5, 0, 0), new(0, 0.5, 0), new(0, 0, 1), default));
        LabelMap labels = new(geometry, []);
        VoxelMask ball = Brush.Ball(geometry, new(29.3, 29.1, 14.6), new(29.3, 29.1, 14.6), 12);
        for (int n = 0; n < labels.Labels.Length; n++) labels.MutableLabels[n] = ball[new(n % 60, n / 60 % 60, n / 3600)] ? (ushort)1 : (ushort)0;
        SegmentStatistics found = SegmentStatistics.Of(new Volume<byte>(geometry, new byte[geometry.VoxelCount], IntensityScale.Identity, new()), labels, 1);
        double sphere = 4 * Math.PI * 12 * 12;
        Assert.InRange(found.SurfaceAreaMm2, sphere, 1.13 * sphere); // half-way surfaces have steps, so more than a smooth one
        Assert.InRange(found.VolumeMl, 0.98 * sphere * 4 / 1000, 1.02 * sphere * 4 / 1000);
    }

    [Fact]
    public void Statistics_Block_HasTheAreaOfABevelledBlock()
    {
        VolumeGeometry geometry = new(8, 8, 8, Affine.FromColumns(new(0.5, 0, 0), new(0, 0.8, 0), new(0, 0, 2), default));
        LabelMap labels = new(geometry, []);
        for (int k = 0; k < 3; k++) // at the scan's edge
            for (int j = 2; j < 6; j++)
                for (int i = 1; i < 6; i++) labels.MutableLabels[i + 8 * (j + 8 * k)] = 1;
        (double a, double b, double c) = (4 * 0.5, 3 * 0.8, 2 * 2.0); // between the outer voxels' centres
        (double x, double y, double z) = (0.25, 0.4, 1.0); // half a voxel
        double faces = 2 * (a * b + b * c + a * c), edges = 4 * (a * double.Hypot(y, z) + b * double.Hypot(x, z) + c * double.Hypot(x, y));
        double corners = 8 * Math.Sqrt(x * y * x * y + y * z * y * z + x * z * x * z) / 2;
        SegmentStatistics found = SegmentStatistics.Of(new Volume<byte>(geometry, new byte[512], IntensityScale.Identity, new()), labels, 1);
        Assert.Equal(faces + edges + corners, found.SurfaceAreaMm2, 9);
    }
}
