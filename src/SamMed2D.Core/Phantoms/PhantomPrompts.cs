using System.Globalization;
using System.Text;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Phantoms;

/// <summary>
/// The prompts that a user would give for a phantom: for each structure where it begins and ends, and a box a little wider than it on
/// three slices: the largest, and one near each end.
/// </summary>
public static class PhantomPrompts
{
    private const int SlackPixels = 2;
    private const double EndKeyShare = 0.15;

    /// <summary>Writes the prompt file (version 1, voxel indices) that asks for the phantom's structures.</summary>
    /// <exception cref="ArgumentException">The phantom asks for a structure that it does not hold.</exception>
    public static string ToJson(Phantom phantom)
    {
        StringBuilder json = new("{\n  \"version\": 1,\n  \"space\": \"ijk\",\n  \"segments\": [\n");
        SliceFrame frame = new(phantom.Labels.Geometry, phantom.Labels.Geometry.NaturalSliceAxis);
        for (int n = 0; n < phantom.PromptedSegments.Count; n++)
        {
            string name = phantom.PromptedSegments[n];
            Segment segment = phantom.Labels.Segments.Single(s => s.Name == name);
            SortedDictionary<int, Section> sections = SectionsOf(phantom.Labels, segment.Label, frame);
            if (sections.Count == 0) throw new ArgumentException($"The phantom holds no {name}.", nameof(phantom));
            json.Append(CultureInfo.InvariantCulture, $$"""
                    { "name": "{{name}}", "label": {{segment.Label}}, "color": "{{segment.Color}}", "axis": "{{char.ToLowerInvariant(frame.Axis.ToString()[0])}}",
                      "prompts": [
                        {{string.Join(",\n        ", KeySlices(sections).Select(slice => BoxJson(frame, slice, sections[slice].Bounds)))}}
                      ],
                      "range": [{{sections.Keys.First()}}, {{sections.Keys.Last()}}] }
                """);
            json.Append(n + 1 < phantom.PromptedSegments.Count ? ",\n" : "\n");
        }
        return json.Append("  ]\n}\n").ToString();
    }

    private static SortedDictionary<int, Section> SectionsOf(LabelMap labels, ushort label, SliceFrame frame)
    {
        SortedDictionary<int, Section> sections = [];
        MaskPlane mask = new(frame.Width, frame.Height);
        ushort[] slicePixels = new ushort[frame.Width * frame.Height];
        for (int slice = 0; slice < frame.SliceCount; slice++)
        {
            LabelSlice.Sample(labels, frame, slice, slicePixels);
            for (int n = 0; n < slicePixels.Length; n++) mask.Pixels[n] = slicePixels[n] == label ? (byte)1 : (byte)0;
            if (mask.GetBounds() is { } bounds) sections[slice] = new(mask.GetArea(), bounds);
        }
        return sections;
    }

    private static IEnumerable<int> KeySlices(SortedDictionary<int, Section> sections)
    {
        int[] slices = [.. sections.Keys];
        int margin = (int)(EndKeyShare * slices.Length);
        int largest = sections.MaxBy(section => section.Value.Area).Key;
        return new SortedSet<int> { slices[margin], largest, slices[^(margin + 1)] };
    }

    private static string BoxJson(SliceFrame frame, int slice, PixelRectangle bounds)
    {
        VoxelIndex a = frame.PixelToVoxel(Math.Max(0, bounds.X0 - SlackPixels), Math.Max(0, bounds.Y0 - SlackPixels), slice);
        VoxelIndex b = frame.PixelToVoxel(
            Math.Min(frame.Width, bounds.X1 + SlackPixels) - 1, Math.Min(frame.Height, bounds.Y1 + SlackPixels) - 1, slice);
        return string.Create(CultureInfo.InvariantCulture,
            $"{{ \"box\": [[{Math.Min(a.I, b.I)}, {Math.Min(a.J, b.J)}, {Math.Min(a.K, b.K)}], [{Math.Max(a.I, b.I)}, {Math.Max(a.J, b.J)}, {Math.Max(a.K, b.K)}]] }}");
    }

    /// <summary>A structure on one slice.</summary>
    private readonly record struct Section(int Area, PixelRectangle Bounds);
}
