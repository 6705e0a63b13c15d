using SamMed2D.Core.Geometry;

namespace SamMed2D.Core.Slices;

/// <summary>
/// How the slices of a volume along one grid axis become pictures: x to the right, y down, in the radiological manner
/// (axial: patient's right on the left, front on top; coronal: right on the left, head on top; sagittal: front on the left, head on top).
/// Only axes are swapped and mirrored, nothing is resampled, so every pixel is one voxel. Model, views and prompts all use this frame.
/// </summary>
public sealed class SliceFrame
{
    private readonly SliceAxis _xAxis;
    private readonly SliceAxis _yAxis;
    private readonly bool _flipX;
    private readonly bool _flipY;

    /// <summary>Creates the frame for the slices along an axis.</summary>
    public SliceFrame(VolumeGeometry geometry, SliceAxis axis)
    {
        (Geometry, Axis) = (geometry, axis);
        AnatomicalAxis[] anatomical = geometry.AnatomicalAxes();
        Plane = anatomical[(int)axis] switch
        {
            AnatomicalAxis.RightLeft => SlicePlane.Sagittal,
            AnatomicalAxis.AnteriorPosterior => SlicePlane.Coronal,
            _ => SlicePlane.Axial,
        };
        AnatomicalAxis horizontal = Plane == SlicePlane.Sagittal ? AnatomicalAxis.AnteriorPosterior : AnatomicalAxis.RightLeft;
        _xAxis = (SliceAxis)Array.IndexOf(anatomical, horizontal);
        _yAxis = (SliceAxis)(3 - (int)axis - (int)_xAxis);
        // x grows towards the patient's left (axial, coronal) or back (sagittal): both are the negative RAS direction.
        _flipX = VolumeGeometry.Component(geometry.IndexToRas.Step(_xAxis), (int)horizontal) > 0;
        // y grows towards the back (axial) or the feet (coronal, sagittal): negative RAS direction again.
        _flipY = VolumeGeometry.Component(geometry.IndexToRas.Step(_yAxis), (int)anatomical[(int)_yAxis]) > 0;

        long[] strides = [1, geometry.SizeI, (long)geometry.SizeI * geometry.SizeJ];
        StrideX = _flipX ? -strides[(int)_xAxis] : strides[(int)_xAxis];
        StrideY = _flipY ? -strides[(int)_yAxis] : strides[(int)_yAxis];
        SliceStride = strides[(int)axis];
        OriginOffset = (_flipX ? (Width - 1) * strides[(int)_xAxis] : 0) + (_flipY ? (Height - 1) * strides[(int)_yAxis] : 0);
    }

    /// <summary>The grid that is sliced.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>The grid axis along which the slices are stacked; slice number n holds the voxels with that index n.</summary>
    public SliceAxis Axis { get; }

    /// <summary>The anatomical plane that the slices are closest to.</summary>
    public SlicePlane Plane { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width => Geometry.Size(_xAxis);

    /// <summary>Rows.</summary>
    public int Height => Geometry.Size(_yAxis);

    /// <summary>Number of slices.</summary>
    public int SliceCount => Geometry.Size(Axis);

    /// <summary>Pixel width in millimetres.</summary>
    public double PixelWidthMm => Geometry.SpacingMm(_xAxis);

    /// <summary>Pixel height in millimetres.</summary>
    public double PixelHeightMm => Geometry.SpacingMm(_yAxis);

    /// <summary>Distance between slices along the grid axis in millimetres.</summary>
    public double SliceSpacingMm => Geometry.SpacingMm(Axis);

    /// <summary>Voxel-array distance from a pixel to its right neighbour (negative where mirrored).</summary>
    public long StrideX { get; }

    /// <summary>Voxel-array distance from a pixel to the one below (negative where mirrored).</summary>
    public long StrideY { get; }

    /// <summary>Voxel-array distance from a slice to the next.</summary>
    public long SliceStride { get; }

    /// <summary>Voxel-array position of pixel (0,0) of slice 0. The element of (x,y,slice) is
    /// <c>OriginOffset + slice·SliceStride + y·StrideY + x·StrideX</c>.</summary>
    public long OriginOffset { get; }

    /// <summary>The voxel shown at a pixel.</summary>
    public VoxelIndex PixelToVoxel(int x, int y, int slice)
    {
        Span<int> index = stackalloc int[3];
        index[(int)_xAxis] = _flipX ? Width - 1 - x : x;
        index[(int)_yAxis] = _flipY ? Height - 1 - y : y;
        index[(int)Axis] = slice;
        return new(index[0], index[1], index[2]);
    }

    /// <summary>Where a grid position appears: pixel coordinates (whole numbers are pixel centres) and slice position.</summary>
    public (double X, double Y, double Slice) IndexToPixel(ContinuousIndex index) => (
        _flipX ? Width - 1 - index[_xAxis] : index[_xAxis],
        _flipY ? Height - 1 - index[_yAxis] : index[_yAxis],
        index[Axis]);

    /// <summary>The grid position of a place in a slice picture; the inverse of <see cref="IndexToPixel"/>.</summary>
    public ContinuousIndex PixelToIndex(double x, double y, double slice)
    {
        Span<double> index = stackalloc double[3];
        index[(int)_xAxis] = _flipX ? Width - 1 - x : x;
        index[(int)_yAxis] = _flipY ? Height - 1 - y : y;
        index[(int)Axis] = slice;
        return new(index[0], index[1], index[2]);
    }

    /// <summary>The frame for an anatomical plane of a grid.</summary>
    public static SliceFrame ForPlane(VolumeGeometry geometry, SlicePlane plane)
    {
        AnatomicalAxis normal = plane switch
        {
            SlicePlane.Sagittal => AnatomicalAxis.RightLeft,
            SlicePlane.Coronal => AnatomicalAxis.AnteriorPosterior,
            _ => AnatomicalAxis.SuperiorInferior,
        };
        return new(geometry, (SliceAxis)Array.IndexOf(geometry.AnatomicalAxes(), normal));
    }
}

/// <summary>The anatomical planes.</summary>
public enum SlicePlane
{
    /// <summary>Across the body: head to feet is the normal.</summary>
    Axial,

    /// <summary>Along the front: front to back is the normal.</summary>
    Coronal,

    /// <summary>Along the side: left to right is the normal.</summary>
    Sagittal,
}
