using SamMed2D.Core.Geometry;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// Parallel frames sorted along their common normal and parted into phases. Frames at one position belong to different phases; what tells
/// them apart is the first of <see cref="PhaseKey"/> that does so for all of them, else the order of their instance numbers.
/// </summary>
internal sealed class SliceStack
{
    /// <summary>Positions closer than this are one position.</summary>
    private const double SamePositionMm = 0.005;

    private SliceStack(IReadOnlyList<IReadOnlyList<DicomFrame>> phases, string phaseRule, IReadOnlyList<string> notes) =>
        (Phases, PhaseRule, Notes) = (phases, phaseRule, notes);

    /// <summary>The phases, each sorted along the normal with one frame a position.</summary>
    public IReadOnlyList<IReadOnlyList<DicomFrame>> Phases { get; }

    /// <summary>What tells the phases apart, for people; empty where there is one.</summary>
    public string PhaseRule { get; }

    /// <summary>Sentences on what was left out.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The frame's distance along the normal of the stack, in millimetres.</summary>
    public static double DepthMm(DicomFrame frame, RasVector normal) =>
        frame.Plane!.Position.R * normal.R + frame.Plane.Position.A * normal.A + frame.Plane.Position.S * normal.S;

    /// <summary>Sorts and parts frames that have a plane and a common orientation.</summary>
    public static SliceStack Arrange(IReadOnlyList<DicomFrame> frames)
    {
        RasVector normal = frames[0].Plane!.Normal;
        List<string> notes = [];
        List<List<DicomFrame>> positions = GroupByPosition(WithoutCopies(frames, notes), normal);
        int most = positions.Max(position => position.Count);
        if (most == 1) return new([[.. positions.Select(position => position[0])]], "", notes);
        foreach (PhaseKey key in Enum.GetValues<PhaseKey>())
            if (TryPart(positions, key, most) is { } phases) return new(phases, NameOf(key), notes);
        if (positions.All(position => position.Count == most))
            return new([.. Enumerable.Range(0, most).Select(n => positions.Select(position => position[n]).ToArray())], "instance number", notes);
        int extra = positions.Sum(position => position.Count - 1);
        notes.Add($"{extra} {(extra == 1 ? "slice lies where another does and was" : "slices lie where others do and were")} left out; the one with the lowest instance number was kept.");
        return new([[.. positions.Select(position => position[0])]], "", notes);
    }

    private static List<DicomFrame> WithoutCopies(IReadOnlyList<DicomFrame> frames, List<string> notes)
    {
        HashSet<(string, int, int, int)> seen = [];
        List<DicomFrame> once = [];
        foreach (DicomFrame frame in frames)
            if (frame.Instance.SopInstanceUid.Length == 0 || seen.Add((frame.Instance.SopInstanceUid, frame.Picture, frame.TileColumn, frame.TileRow))) once.Add(frame);
        int copies = frames.Count - once.Count;
        if (copies > 0) notes.Add($"{copies} {(copies == 1 ? "slice is a copy of another and was" : "slices are copies of others and were")} left out.");
        return once;
    }

    /// <summary>Frames by position along the normal, ascending; within a position by instance number.</summary>
    private static List<List<DicomFrame>> GroupByPosition(List<DicomFrame> frames, RasVector normal)
    {
        (double Depth, DicomFrame Frame)[] sorted = [.. frames.Select(frame => (DepthMm(frame, normal), frame)).OrderBy(entry => entry.Item1)];
        List<List<DicomFrame>> positions = [];
        double first = double.NaN;
        foreach ((double depth, DicomFrame frame) in sorted)
        {
            if (positions.Count == 0 || depth - first > SamePositionMm)
            {
                positions.Add([]);
                first = depth;
            }
            positions[^1].Add(frame);
        }
        foreach (List<DicomFrame> position in positions)
            if (position.Count > 1)
                position.Sort((a, b) => (a.Instance.InstanceNumber, a.Picture).CompareTo((b.Instance.InstanceNumber, b.Picture)));
        return positions;
    }

    /// <summary>
    /// The phases by one key; null where it is missing somewhere, repeats at a position, has more values than a position has frames, or parts no phases: a few
    /// slices that were taken again, or pieces of one stack that overlap.
    /// </summary>
    private static IReadOnlyList<IReadOnlyList<DicomFrame>>? TryPart(List<List<DicomFrame>> positions, PhaseKey key, int most)
    {
        SortedDictionary<double, List<DicomFrame>> phases = [];
        foreach (List<DicomFrame> position in positions)
        {
            HashSet<double> here = [];
            foreach (DicomFrame frame in position)
            {
                double value = frame.PhaseKeys[(int)key];
                if (double.IsNaN(value) || !here.Add(value)) return null;
                if (!phases.TryGetValue(value, out List<DicomFrame>? phase)) phases[value] = phase = [];
                phase.Add(frame);
            }
        }
        bool arePhases = phases.Count == most && phases.Values.Count(phase => 2 * phase.Count > positions.Count) > 1 && phases.Values.Any(phase => phase.Count == positions.Count);
        return arePhases ? [.. phases.Values] : null;
    }

    private static string NameOf(PhaseKey key) => key switch
    {
        PhaseKey.TemporalPosition => "temporal position",
        PhaseKey.AcquisitionNumber => "acquisition number",
        PhaseKey.TriggerTime => "trigger time",
        PhaseKey.EchoTime => "echo time",
        PhaseKey.DiffusionBValue => "b-value",
        _ => "acquisition time",
    };
}
