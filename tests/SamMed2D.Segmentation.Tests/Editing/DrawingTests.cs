using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Tests.Editing;

/// <summary>Brush, outline, threshold and scissors against what each says, voxel by voxel in patient space.</summary>
public class DrawingTests
{
    [Fact]
    public void Ball_AnyGrid_MarksVoxelsWithinTheRadiusOfTheLine() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed, sheared: seed % 2 == 0);
        ContinuousIndex from = new(grid.Between(-2, 9), grid.Between(-2, 9), grid.Between(-2, 9)), to = seed % 3 == 0 ? from : new(grid.Between(0, 9), grid.Between(0, 9), grid.Between(0, 9));
        double radius = grid.Between(0, 4);
        RasPoint a = grid.Geometry.IndexToRas.IndexToRas(from), b = grid.Geometry.IndexToRas.IndexToRas(to);
        grid.Check(at => at == from.ToNearest() || at == to.ToNearest() || Distance(grid.Ras(at), a, b) <= radius, Brush.Ball(grid.Geometry, from, to, radius));
    }, iter: 100);

    [Fact]
    public void Disc_AnyAxis_MarksTheSliceAlone() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        SliceFrame frame = new(grid.Geometry, grid.AnyAxis());
        int slice = grid.Any(frame.SliceCount);
        PlanePoint from = new(grid.Between(0, frame.Width - 1), grid.Between(0, frame.Height - 1)), to = new(grid.Between(0, frame.Width - 1), grid.Between(0, frame.Height - 1));
        double radius = grid.Between(0.1, 4);
        VoxelMask mask = Brush.Disc(frame, slice, from, to, radius);
        for (int y = 0; y < frame.Height; y++)
            for (int x = 0; x < frame.Width; x++)
            {
                RasPoint At(double px, double py) => new(px * frame.PixelWidthMm, py * frame.PixelHeightMm, 0);
                bool holdsAnEnd = Holds(from, x, y) || Holds(to, x, y);
                Assert.Equal(holdsAnEnd || Distance(At(x, y), At(from.X, from.Y), At(to.X, to.Y)) <= radius, mask[frame.PixelToVoxel(x, y, slice)]);
            }
        Assert.Equal(1, mask.GetBounds().Size(frame.Axis));
        // A scribble is the union of its strokes.
        PlanePoint end = new(0, 0);
        VoxelMask second = Brush.Disc(frame, slice, to, end, radius), scribble = Brush.Scribble(frame, slice, [from, to, end], radius);
        grid.Check(at => mask[at] || second[at], scribble);

        // Mirrored frames turn halves round, so that either neighbour may hold a place half way between two.
        static bool Holds(PlanePoint point, int x, int y) => Math.Abs(point.X - x) < 0.5 && Math.Abs(point.Y - y) < 0.5;
    }, iter: 100);

    private static double Distance(RasPoint p, RasPoint a, RasPoint b)
    {
        RasVector line = new(b.R - a.R, b.A - a.A, b.S - a.S), way = new(p.R - a.R, p.A - a.A, p.S - a.S);
        double t = line.Length > 0 ? Math.Clamp(way.Dot(line) / line.Dot(line), 0, 1) : 0;
        return (way + line * -t).Length;
    }

    [Fact]
    public void Fill_AnyOutline_FollowsTheEvenOddRule() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        SliceFrame frame = new(grid.Geometry, grid.AnyAxis());
        int slice = grid.Any(frame.SliceCount);
        // Thirds, so that corners also fall onto rows and columns; then moved off pixel centres' rows where an edge would be met exactly.
        PlanePoint[] outline = [.. Enumerable.Range(0, 3 + grid.Any(5)).Select(_ => new PlanePoint(grid.Between(-3, 12), Math.Floor(grid.Between(-6, 24)) / 2))];
        VoxelMask mask = Outline.Fill(frame, slice, outline);
        for (int y = 0; y < frame.Height; y++)
            for (int x = 0; x < frame.Width; x++) Assert.Equal(IsInside(outline, x, y), mask[frame.PixelToVoxel(x, y, slice)]);
        Segmentation.Prompts.SliceRange range = new(1, 2);
        VoxelMask through = Scissors.Through(frame, range, outline);
        grid.Check(at =>
        {
            (double x, double y, double z) = frame.IndexToPixel(at.ToContinuous());
            return range.Contains((int)z) && IsInside(outline, x, y);
        }, through);
    }, iter: 100);

    /// <summary>By the winding of a ray to the left, each edge owning its upper end.</summary>
    private static bool IsInside(PlanePoint[] outline, double x, double y)
    {
        int crossings = 0;
        for (int n = 0; n < outline.Length; n++)
        {
            (PlanePoint a, PlanePoint b) = (outline[n], outline[(n + 1) % outline.Length]);
            if (a.Y > b.Y) (a, b) = (b, a);
            if (a.Y <= y && y < b.Y && a.X + (b.X - a.X) * (y - a.Y) / (b.Y - a.Y) <= x) crossings++;
        }
        return crossings % 2 == 1;
    }

    [Fact]
    public void Mark_AnyRange_IsTheVoxelsWithin() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        Volume volume = grid.AnyVolume(60);
        IntensityRange range = new(-120, -40);
        VoxelBox box = grid.AnyBox();
        grid.Check(at => box.Contains(at) && volume.GetIntensity(at) is >= -120 and <= -40, Threshold.Mark(volume, range, box));
    }, iter: 30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Through_View_MarksWhatIsSeenWithinTheOutline(bool isParallel) => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomGrid grid = new(seed);
        RasPoint eye = new(-20, 15, 9);
        RasVector forward = new RasVector(1, -0.8, 0.05).ToUnit(), right = forward.Cross(new(0, 0, 1)).ToUnit(), up = right.Cross(forward);
        const int width = 64, height = 48;
        const double distance = 25, mm = 20;
        ViewProjection view = ViewProjection.Create(eye, forward, right, up, isParallel, distance, mm, width, height);
        PlanePoint[] outline = [new(8, 5), new(50, 12), new(40, 44), new(30, 15), new(12, 40)];
        VoxelMask mask = Scissors.Through(grid.Geometry, view, outline);
        foreach (VoxelIndex at in grid.All())
        {
            RasPoint p = grid.Ras(at);
            RasVector way = new(p.R - eye.R, p.A - eye.A, p.S - eye.S);
            double depth = way.Dot(forward), scale = (isParallel ? 1 : distance / depth) * height / mm;
            bool isSeen = (isParallel || depth > 0) && IsInside(outline, width / 2.0 - 0.5 + way.Dot(right) * scale, height / 2.0 - 0.5 - way.Dot(up) * scale);
            Assert.Equal(isSeen, mask[at]);
        }
        Assert.NotEqual(0, mask.GetCount());
    }, iter: 20);

    [Fact]
    public void FillBetween_TwoDiscs_GrowsFromOneToTheOther()
    {
        VolumeGeometry geometry = new(41, 41, 9, Affine.FromColumns(new(-0.5, 0, 0), new(0, -0.5, 0), new(0, 0, 3), default));
        foreach (SliceAxis axis in Enum.GetValues<SliceAxis>())
        {
            int[] sizes = axis switch { SliceAxis.I => [9, 41, 41], SliceAxis.J => [41, 9, 41], _ => [41, 41, 9] };
            LabelMap labels = new(new(sizes[0], sizes[1], sizes[2], geometry.IndexToRas), []);
            SliceFrame frame = new(labels.Geometry, axis);
            Paint(labels, frame, 2, 3);
            Paint(labels, frame, 6, 7);
            VoxelMask mask = FillBetween.Mark(labels, 5, axis);
            for (int slice = 0; slice < 9; slice++)
            {
                double radius = slice is > 2 and < 6 ? slice + 1 : -1; // half way, the radius is half way; drawn slices are not part of it
                for (int y = 0; y < 41; y++)
                    for (int x = 0; x < 41; x++)
                    {
                        double away = Math.Sqrt(Square((x - 20) * frame.PixelWidthMm) + Square((y - 20) * frame.PixelHeightMm));
                        if (Math.Abs(away - radius) > 1.6) Assert.Equal(away < radius, mask[frame.PixelToVoxel(x, y, slice)]);
                    }
            }
        }

        static double Square(double x) => x * x;

        static void Paint(LabelMap labels, SliceFrame frame, int slice, double radius)
        {
            for (int y = 0; y < 41; y++)
                for (int x = 0; x < 41; x++)
                    if (Math.Sqrt(Square((x - 20) * frame.PixelWidthMm) + Square((y - 20) * frame.PixelHeightMm)) <= radius)
                        labels.MutableLabels[(int)labels.Geometry.OffsetOf(frame.PixelToVoxel(x, y, slice))] = 5;
        }
    }
}
