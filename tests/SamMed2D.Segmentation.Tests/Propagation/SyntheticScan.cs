using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Propagation;

/// <summary>A byte volume painted by a rule, whose border voxels carry the index of each slice along one axis, so that slices can be told apart.</summary>
internal sealed class SyntheticScan
{
    private SyntheticScan(Volume<byte> volume, SliceAxis axis) => (Volume, Axis) = (volume, axis);

    public Volume<byte> Volume { get; }

    public SliceAxis Axis { get; }

    public VolumeGeometry Geometry => Volume.Geometry;

    public static SyntheticScan Create(Func<int, int, int, byte> paint, int size = 24, SliceAxis axis = SliceAxis.K, VolumeGeometry? grid = null)
    {
        VolumeGeometry geometry = grid ?? new(size, size, size, Affine.Identity);
        byte[] voxels = new byte[geometry.VoxelCount];
        for (int k = 0; k < geometry.SizeK; k++)
            for (int j = 0; j < geometry.SizeJ; j++)
                for (int i = 0; i < geometry.SizeI; i++)
                {
                    VoxelIndex index = new(i, j, k);
                    int borders = IsBorder(i, geometry.SizeI, SliceAxis.I, axis) + IsBorder(j, geometry.SizeJ, SliceAxis.J, axis) + IsBorder(k, geometry.SizeK, SliceAxis.K, axis);
                    voxels[geometry.OffsetOf(index)] = borders == 2 ? (byte)index[axis] : paint(i, j, k);
                }
        return new(new(geometry, voxels, IntensityScale.Identity, new()), axis);
    }

    /// <summary>A ball of grey 200 in the middle of a cube of background 40.</summary>
    public static SyntheticScan Ball(double radius = 7, SliceAxis axis = SliceAxis.K, VolumeGeometry? grid = null) =>
        Create((i, j, k) => IsInBall(i, j, k, radius) ? (byte)200 : (byte)40, axis: axis, grid: grid);

    public static bool IsInBall(int i, int j, int k, double radius = 7) =>
        (i - 12) * (i - 12) + (j - 11) * (j - 11) + (k - 12) * (k - 12) <= radius * radius;

    public ResolvedSegment Segment(string name, ushort label, SliceRange? range = null, params (int Slice, PromptSet Prompts)[] keys) => new(
        new Segment(label, name, RgbColor.ForLabel(label)), Axis, range ?? new(0, Geometry.Size(Axis) - 1), [.. keys.Select(k => new KeySlice(k.Slice, k.Prompts))]);

    public Propagator Propagator(ThresholdSegmenter model, PropagationOptions options, params ResolvedSegment[] segments) =>
        new(model, Volume, new IntensityWindow(0, 255), segments, options);

    public (LabelMap Labels, List<PropagationStep> Steps, IReadOnlyList<PropagationEnd> Ends) Run(
        ThresholdSegmenter model, PropagationOptions options, params ResolvedSegment[] segments)
    {
        Propagator propagator = Propagator(model, options, segments);
        List<PropagationStep> steps = [.. propagator.Run(TestContext.Current.CancellationToken)];
        Assert.Equal(propagator.VisitsPlanned, propagator.VisitsDone);
        Assert.Equal(0, model.LiveEmbeddings);
        return (propagator.Labels, steps, propagator.Ends);
    }

    public static PromptSet Box(double x0, double y0, double x1, double y1) => new() { Box = new(x0, y0, x1, y1) };

    private static int IsBorder(int index, int size, SliceAxis of, SliceAxis axis) => of != axis && (index == 0 || index == size - 1) ? 1 : 0;
}
