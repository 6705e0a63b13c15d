using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>Fits a prompt document to a scan's grid and finds what does not fit.</summary>
public static class PromptResolver
{
    /// <summary>Resolves a document.</summary>
    /// <param name="document">The prompts.</param>
    /// <param name="geometry">The scan's grid.</param>
    /// <param name="readMask">Gives the label map of a mask prompt's file name; not called where there are no mask prompts.</param>
    /// <param name="defaultAxis">The axis for segments that name none; null takes the grid's natural one.</param>
    /// <param name="previous">The run that is continued: its segments keep their label, colour, axis and range, and their slices may be accepted and refined;
    /// null for a first run.</param>
    /// <returns>One element per segment, in the document's order, each with its own label.</returns>
    /// <exception cref="InvalidPromptException">A prompt lies outside the scan or the segment's range, contradicts another, marks nothing,
    /// or two segments share a name or label; a finished segment is to be changed, or a slice to be accepted that nobody segmented.</exception>
    public static IReadOnlyList<ResolvedSegment> Resolve(
        PromptDocument document, VolumeGeometry geometry, Func<string, LabelMap> readMask, SliceAxis? defaultAxis = null, SegmentationState? previous = null)
    {
        if (document.Segments.Count == 0) throw new InvalidPromptException("there are no prompts; give at least one box, point or mask");
        if (previous is not null) document = document with { Segments = [.. document.Segments.Select(s => Inherit(s, previous))] };
        ushort[] labels = AssignLabels(document.Segments, previous?.Labels.Segments ?? []);
        ResolvedSegment[] resolved = new ResolvedSegment[labels.Length];
        for (int n = 0; n < labels.Length; n++)
        {
            SegmentPrompts given = document.Segments[n];
            Segment segment = new(labels[n], given.Name, given.Color ?? RgbColor.ForLabel(labels[n]));
            resolved[n] = new SegmentResolver(given, segment, geometry, given.Axis ?? defaultAxis ?? geometry.NaturalSliceAxis, readMask, previous).Resolve();
        }
        return resolved;
    }

    /// <summary>Gives a segment what the earlier run knows of it.</summary>
    private static SegmentPrompts Inherit(SegmentPrompts given, SegmentationState previous)
    {
        if (previous.Find(given.Name) is not { } before) return given;
        ResolvedSegment plan = before.Plan;
        if (given.Label is { } label && label != plan.Segment.Label)
            throw new InvalidPromptException($"segment '{given.Name}' has label {plan.Segment.Label} in the run that is continued, but {label} here; leave the label out, or name a new segment");
        if (given.Axis is { } axis && axis != plan.Axis)
            throw new InvalidPromptException(
                $"segment '{given.Name}' has slices along {plan.Axis.ToLetter()} in the run that is continued, but along {axis.ToLetter()} here; leave the axis out, or name a new segment");
        if (before.Status == SegmentStatus.Completed && given.Status is null or SegmentStatus.Completed && (given.Prompts.Count > 0 || given.Accept.Count > 0))
            throw new InvalidPromptException($"segment '{given.Name}' is completed and stays as it is; set its \"status\" to \"inprogress\" in a prompt file to change it");
        return given with { Label = plan.Segment.Label, Color = given.Color ?? plan.Segment.Color, Axis = plan.Axis, Range = given.Range ?? plan.Range };
    }

    private static ushort[] AssignLabels(IReadOnlyList<SegmentPrompts> segments, IReadOnlyList<Segment> present)
    {
        Dictionary<string, int> names = [];
        Dictionary<ushort, string> taken = present.Where(p => !segments.Any(s => s.Name == p.Name)).ToDictionary(p => p.Label, p => p.Name);
        foreach (SegmentPrompts segment in segments)
        {
            if (!names.TryAdd(segment.Name, 0))
                throw new InvalidPromptException($"two segments are named '{segment.Name}'; put their prompts into one segment or rename one");
            if (segment.Label is not { } label) continue;
            if (label == 0) throw new InvalidPromptException($"segment '{segment.Name}' has label 0, which is the background; expected 1 to 65535");
            if (!taken.TryAdd(label, segment.Name))
                throw new InvalidPromptException($"segments '{taken[label]}' and '{segment.Name}' both have label {label}; give each its own");
        }
        ushort[] labels = new ushort[segments.Count];
        int next = 1;
        for (int n = 0; n < labels.Length; n++)
        {
            if (segments[n].Label is { } given)
            {
                labels[n] = given;
                continue;
            }
            while (taken.ContainsKey((ushort)next)) next++;
            if (next > ushort.MaxValue) throw new InvalidPromptException("there are more segments than the 65535 labels that a label map holds");
            labels[n] = (ushort)next++;
        }
        return labels;
    }
}
