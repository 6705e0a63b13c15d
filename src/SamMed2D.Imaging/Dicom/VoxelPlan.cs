using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// How stored numbers become voxels. Where all slices share format, slope and intercept, voxels are the stored numbers and the scale says what they
/// mean (a CT stays 16 bits). Where they differ, voxels are intensities in 32-bit floating point.
/// </summary>
/// <param name="VoxelType">The type of the voxels.</param>
/// <param name="Scale">What they mean.</param>
/// <param name="IsPerSlice">True where each slice is rescaled by its own slope and intercept while it is read.</param>
internal readonly record struct VoxelPlan(VoxelType VoxelType, IntensityScale Scale, bool IsPerSlice)
{
    /// <summary>The plan for the slices of one volume.</summary>
    public static VoxelPlan Create(IReadOnlyList<DicomFrame> slices)
    {
        DicomFrame first = slices[0];
        PixelFormat format = first.Instance.Format;
        bool same = slices.All(slice => slice.Slope == first.Slope && slice.Intercept == first.Intercept
            && slice.Instance.Format.BitsAllocated == format.BitsAllocated && slice.Instance.Format.IsSigned == format.IsSigned
            && slice.Instance.Format.IsInverted == format.IsInverted);
        return same ? new(TypeOf(format), new IntensityScale(first.Slope, first.Intercept), false) : new(VoxelType.Float32, IntensityScale.Identity, true);
    }

    /// <summary>The type that holds a format's numbers as they are.</summary>
    public static VoxelType TypeOf(PixelFormat format) => (format.BitsAllocated, format.IsSigned) switch
    {
        (8, false) => VoxelType.UInt8,
        (8, true) => VoxelType.Int8,
        (16, false) => VoxelType.UInt16,
        (16, true) => VoxelType.Int16,
        (32, false) => VoxelType.UInt32,
        _ => VoxelType.Int32,
    };
}
