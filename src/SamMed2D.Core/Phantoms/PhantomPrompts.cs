using System.Globalization;
using System.Text;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Phantoms;

/// <summary>The prompts that a user would give for a phantom: one box on the largest slice of each structure, a little wider than it.</summary>
public static class PhantomPrompts
{
    private const int SlackPixels = 2;

    /// <summary>Writes the prompt file (version 1, voxel indices) that asks for the phantom's structures.</summary>
    /// <exception cref="ArgumentException">The phantom asks for a structure that it does not hold.</exception>
    public static string ToJson(Phantom phantom)
    {
        StringBuilder json = new("{\n  \"version\": 1,\n  \"space\": \"ijk\",\n  \"segments\": [\n");
        SliceAxis axis = phantom.Labels.Geometry.NaturalSliceAxis;
        for (int n = 0; n < phantom.PromptedSegments.Count; n++)
        {
            string name = phantom.PromptedSegments[n];
            Segment segment = phantom.Labels.Segments.Single(s => s.Name == name);
            (VoxelIndex low, VoxelIndex high) = BoxOnLargestSlice(phantom.Labels, segment.Label, axis)
                ?? throw new ArgumentException($"The phantom holds no {name}.", nameof(phantom));
            json.Append(CultureInfo.InvariantCulture, $$"""
                    { "name": "{{name}}", "label": {{segment.Label}}, "color": "{{segment.Color}}", "axis": "{{char.ToLowerInvariant(axis.ToString()[0])}}",
                      "prompts": [ { "box": [[{{low.I}}, {{low.J}}, {{low.K}}], [{{high.I}}, {{high.J}}, {{high.K}}]] } ] }
                """);
            json.Append(n + 1 < phantom.PromptedSegments.Count ? ",\n" : "\n");
        }
        return json.Append("  ]\n}\n").ToString();
    }

    /// <summary>The first and last voxel of a box round a label on the slice where it is largest, with slack; null where it does not occur.</summary>
    public static (VoxelIndex Low, VoxelIndex High)? BoxOnLargestSlice(LabelMap labels, ushort label, SliceAxis axis)
    {
        SliceFrame frame = new(labels.Geometry, axis);
        MaskPlane mask = new(frame.Width, frame.Height);
        ushort[] buffer = new ushort[frame.Width * frame.Height];
        (int area, int slice, PixelRectangle bounds) best = default;
        for (int slice = 0; slice < frame.SliceCount; slice++)
        {
            Fill(mask, labels, label, frame, slice, buffer);
            int area = mask.GetArea();
            if (area > best.area) best = (area, slice, mask.GetBounds()!.Value);
        }
        if (best.area == 0) return null;
        VoxelIndex a = frame.PixelToVoxel(Math.Max(0, best.bounds.X0 - SlackPixels), Math.Max(0, best.bounds.Y0 - SlackPixels), best.slice);
        VoxelIndex b = frame.PixelToVoxel(
            Math.Min(frame.Width, best.bounds.X1 + SlackPixels) - 1, Math.Min(frame.Height, best.bounds.Y1 + SlackPixels) - 1, best.slice);
        return (new(Math.Min(a.I, b.I), Math.Min(a.J, b.J), Math.Min(a.K, b.K)), new(Math.Max(a.I, b.I), Math.Max(a.J, b.J), Math.Max(a.K, b.K)));
    }

    private static void Fill(MaskPlane mask, LabelMap labels, ushort label, SliceFrame frame, int slice, ushort[] buffer)
    {
        LabelSlice.Sample(labels, frame, slice, buffer);
        for (int n = 0; n < buffer.Length; n++) mask.Pixels[n] = buffer[n] == label ? (byte)1 : (byte)0;
    }
}
