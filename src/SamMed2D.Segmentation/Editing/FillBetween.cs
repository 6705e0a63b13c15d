using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Fills the slices between drawn ones by shape interpolation; intensities play no part.</summary>
public static class FillBetween
{
    /// <summary>The shapes between the slices on which a segment was drawn; slices that have it stay as they are.</summary>
    /// <param name="labels">The label map.</param>
    /// <param name="label">The segment.</param>
    /// <param name="axis">The axis along which slices run.</param>
    /// <returns>The voxels to add; an empty box where no slice lies between drawn ones.</returns>
    public static VoxelMask Mark(LabelMap labels, ushort label, SliceAxis axis)
    {
        SliceFrame frame = new(labels.Geometry, axis);
        ushort[] pixels = new ushort[frame.Width * frame.Height];
        List<int> drawn = [];
        for (int slice = 0; slice < frame.SliceCount; slice++)
        {
            LabelSlice.Sample(labels, frame, slice, pixels);
            if (pixels.AsSpan().Contains(label)) drawn.Add(slice);
        }
        if (drawn.Count < 2 || drawn[^1] - drawn[0] == drawn.Count - 1) return new(labels.Geometry, default);
        VoxelMask mask = new(labels.Geometry, VoxelBox.OfSlice(labels.Geometry, axis, drawn[0]).Union(VoxelBox.OfSlice(labels.Geometry, axis, drawn[^1])));
        for (int n = 0; n + 1 < drawn.Count; n++)
        {
            if (drawn[n + 1] - drawn[n] < 2) continue;
            ShapeInterpolation shapes = new([drawn[n], drawn[n + 1]], On, frame);
            for (int slice = drawn[n] + 1; slice < drawn[n + 1]; slice++) mask.Mark(frame, slice, shapes.On(slice));
        }
        return mask;

        MaskPlane On(int slice)
        {
            LabelSlice.Sample(labels, frame, slice, pixels);
            MaskPlane plane = new(frame.Width, frame.Height);
            for (int n = 0; n < pixels.Length; n++) plane.Pixels[n] = pixels[n] == label ? (byte)1 : (byte)0;
            return plane;
        }
    }
}
