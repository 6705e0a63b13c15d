using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Projects;

/// <summary>Takes the labels of a file into the session, as one step.</summary>
internal static class LabelImport
{
    public static void Take(Workspace workspace, LabelMap labels, string name)
    {
        SegmentationSession session = workspace.Segments.Session!;
        using SessionStep step = session.BeginStep($"Import {name}");
        foreach (Segment segment in NamesOf(labels))
        {
            // A segment of the same name takes the voxels; others come as they are, under a free label.
            ushort label = session.Segments.FirstOrDefault(s => s.Name == segment.Name)?.Label
                ?? session.AddSegment(segment.Name, segment.Color, session.Find(segment.Label) is null ? segment.Label : null);
            if (session.Find(label)!.IsProtected) continue;
            VoxelMask mask = VoxelMask.Of(labels, segment.Label);
            session.Apply(label, mask, MaskMode.Add);
        }
        step.Commit();
    }

    private static IEnumerable<Segment> NamesOf(LabelMap labels)
    {
        bool[] occurs = new bool[ushort.MaxValue + 1];
        foreach (ushort label in labels.Labels) occurs[label] = true;
        for (int label = 1; label < occurs.Length; label++)
            if (occurs[label]) yield return labels.FindSegment((ushort)label) ?? new((ushort)label, $"label {label}", RgbColor.ForLabel(label));
    }
}
