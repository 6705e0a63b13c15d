using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>
/// What a user points at in a scan, before it is known to fit the scan: the content of a prompt file (version 1, see
/// <c>prompts.schema.json</c>), of 3D Slicer markups, or of the command line. <see cref="PromptResolver"/> checks it against a grid.
/// </summary>
/// <param name="Segments">The structures, in the order given; names differ.</param>
/// <param name="Sources">The texts it came from, word for word, for the record.</param>
public sealed record PromptDocument(IReadOnlyList<SegmentPrompts> Segments, IReadOnlyList<PromptSource> Sources)
{
    /// <summary>The version of the prompt file that this program reads.</summary>
    public const int Version = 1;

    /// <summary>Reads a prompt file or 3D Slicer markups (<c>.mrk.json</c>); the content tells which.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="source">The file's name, for messages, the record, and names of unnamed markups.</param>
    /// <exception cref="InvalidPromptException">The text is not JSON or breaks the schema; the message says where and what was expected.</exception>
    public static PromptDocument Parse(string json, string source) =>
        SlicerMarkupsParser.LooksLikeMarkups(json) ? SlicerMarkupsParser.Parse(json, source) : PromptFileParser.Parse(json, source);

    /// <summary>The same document with the names of mask files counted from a folder, where they are relative.</summary>
    public PromptDocument RelativeTo(string folder) => this with
    {
        Segments = [.. Segments.Select(s => s with { Prompts = [.. s.Prompts.Select(p => p is GivenMask mask ? mask with { File = Path.Combine(folder, mask.File) } : p)] })],
    };

    /// <summary>
    /// Joins documents: prompts for a segment of the same name add up, its label, colour, axis, range and status may be given by any of them once.
    /// </summary>
    /// <exception cref="InvalidPromptException">Two documents disagree on a segment's label, colour, axis, range or status.</exception>
    public static PromptDocument Combine(IEnumerable<PromptDocument> documents)
    {
        List<SegmentPrompts> segments = [];
        List<PromptSource> sources = [];
        foreach (PromptDocument document in documents)
        {
            sources.AddRange(document.Sources);
            foreach (SegmentPrompts added in document.Segments)
            {
                int known = segments.FindIndex(s => s.Name == added.Name);
                if (known < 0) segments.Add(added);
                else segments[known] = Merge(segments[known], added);
            }
        }
        return new(segments, sources);
    }

    private static SegmentPrompts Merge(SegmentPrompts first, SegmentPrompts second) => first with
    {
        Label = Agree(first.Label, second.Label, first.Name, "label"),
        Color = Agree(first.Color, second.Color, first.Name, "color"),
        Axis = Agree(first.Axis, second.Axis, first.Name, "axis"),
        Range = Agree(first.Range, second.Range, first.Name, "range"),
        Status = Agree(first.Status, second.Status, first.Name, "status"),
        Accept = [.. first.Accept, .. second.Accept],
        Prompts = [.. first.Prompts, .. second.Prompts],
    };

    /// <summary>Whether slices are taken as they are in the labels that are continued.</summary>
    public bool TakesPresentSlices => Segments.Any(s => s.Prompts.Any(p => p is GivenPresent));

    /// <summary>The mask files that the prompts name, each once.</summary>
    public IEnumerable<string> MaskFiles => Segments.SelectMany(s => s.Prompts).OfType<GivenMask>().Select(m => m.File).Distinct();

    private static T? Agree<T>(T? first, T? second, string name, string what) where T : struct
    {
        if (first is { } one && second is { } other && !EqualityComparer<T>.Default.Equals(one, other))
            throw new InvalidPromptException($"segment '{name}': {what} is given twice, as {one} and as {other}; give it once");
        return first ?? second;
    }
}

/// <summary>A text that prompts came from.</summary>
/// <param name="Name">A file name without its folder, or a command-line option.</param>
/// <param name="Text">The text, word for word.</param>
public sealed record PromptSource(string Name, string Text);

/// <summary>The prompts for one structure, as given.</summary>
/// <param name="Name">Its name, not empty.</param>
/// <param name="Prompts">Its prompts, in the order given.</param>
public sealed record SegmentPrompts(string Name, IReadOnlyList<GivenPrompt> Prompts)
{
    /// <summary>The value of its voxels, from 1; null takes the lowest free one.</summary>
    public ushort? Label { get; init; }

    /// <summary>Its colour; null takes the label's usual one.</summary>
    public RgbColor? Color { get; init; }

    /// <summary>The grid axis along which slices run; null takes the grid's natural one.</summary>
    public SliceAxis? Axis { get; init; }

    /// <summary>The slices that may be touched; null: as far as the object goes, or the extent of a 3D box or a rough label map.</summary>
    public SliceRange? Range { get; init; }

    /// <summary>Slices that are right as they are, and stay so: with a mask prompt, that mask; without, what the run that is continued left there.</summary>
    public IReadOnlyList<int> Accept { get; init; } = [];

    /// <summary>Whether it is finished; null leaves it as it was, in progress at first.</summary>
    public SegmentStatus? Status { get; init; }
}

/// <summary>A run of slices, both ends included.</summary>
/// <param name="First">The lowest slice index.</param>
/// <param name="Last">The highest slice index, at least <paramref name="First"/>.</param>
public readonly record struct SliceRange(int First, int Last)
{
    /// <summary>Number of slices.</summary>
    public int Count => Last - First + 1;

    /// <summary>True when the slice lies within.</summary>
    public bool Contains(int slice) => First <= slice && slice <= Last;

    /// <inheritdoc/>
    public override string ToString() => $"[{First}, {Last}]";
}

/// <summary>The coordinates in which prompts are given.</summary>
public enum PromptSpace
{
    /// <summary>Voxel indices of the scan's file, the first index fastest; whole numbers are voxel centres.</summary>
    Ijk,

    /// <summary>Millimetres towards the patient's right, front and head.</summary>
    Ras,

    /// <summary>Millimetres towards the patient's left, back and head.</summary>
    Lps,
}

/// <summary>Three coordinates in a <see cref="PromptSpace"/>.</summary>
/// <param name="X">I, R or L.</param>
/// <param name="Y">J, A or P.</param>
/// <param name="Z">K or S.</param>
public readonly record struct GivenPosition(double X, double Y, double Z)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"({X:0.###}, {Y:0.###}, {Z:0.###})");
}

/// <summary>One prompt as given.</summary>
/// <param name="Space">What its coordinates mean.</param>
public abstract record GivenPrompt(PromptSpace Space);

/// <summary>A box along the grid's axes, by two opposite corners; the voxels that hold them belong to it.</summary>
/// <param name="Space">What the corners mean.</param>
/// <param name="First">One corner.</param>
/// <param name="Second">The opposite corner; equal to the first along the slicing axis for a flat box.</param>
public sealed record GivenBox(PromptSpace Space, GivenPosition First, GivenPosition Second) : GivenPrompt(Space);

/// <summary>Clicks.</summary>
/// <param name="Space">What the positions mean.</param>
/// <param name="Points">The positions; true for those on the object, false for those off it.</param>
public sealed record GivenPoints(PromptSpace Space, IReadOnlyList<(GivenPosition Position, bool IsForeground)> Points) : GivenPrompt(Space);

/// <summary>A label file on the scan's own grid; every slice that it marks is a key slice.</summary>
/// <param name="File">The file's name; relative ones count from the folder of the prompt file.</param>
public sealed record GivenMask(string File) : GivenPrompt(PromptSpace.Ijk)
{
    /// <summary>Takes only every n-th marked slice, from the lowest, and the highest; at least 1.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Whether it shows the structure whole, if roughly: without a range, slices outside of those that it marks are not touched.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>Slices whose labels in the run that is continued are taken as drawn by the user, be they none; each is a key slice.</summary>
/// <param name="Slices">Slice indices along the segment's axis.</param>
public sealed record GivenPresent(IReadOnlyList<int> Slices) : GivenPrompt(PromptSpace.Ijk);

/// <summary>A box of any orientation (3D Slicer's ROI); the voxels whose centres lie within the frame around it belong to it.</summary>
/// <param name="Space">What the positions mean; never voxel indices.</param>
/// <param name="Corners">Its eight corners.</param>
public sealed record GivenRegion(PromptSpace Space, IReadOnlyList<GivenPosition> Corners) : GivenPrompt(Space);
