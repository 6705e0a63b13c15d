using SamMed2D.Segmentation.Datasets;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>How one method did on one structure.</summary>
public sealed record VolumeScore
{
    /// <summary>The method.</summary>
    public required VolumeMethod Method { get; init; }

    /// <summary>Dice of the volume, 0 to 1.</summary>
    public required double Dice { get; init; }

    /// <summary>Normalised surface Dice at the tolerance of the run, 0 to 1.</summary>
    public required double Nsd { get; init; }

    /// <summary>95th percentile Hausdorff distance in millimetres; null where nothing was found.</summary>
    public required double? Hd95Mm { get; init; }

    /// <summary>Volume found, in millilitres.</summary>
    public required double VolumeMl { get; init; }

    /// <summary>Found minus true over true volume, in per cent.</summary>
    public required double VolumeErrorPercent { get; init; }

    /// <summary>Slices below the structure's lowest that were filled all the same.</summary>
    public required int LeakBelow { get; init; }

    /// <summary>Slices above the structure's highest that were filled all the same.</summary>
    public required int LeakAbove { get; init; }

    /// <summary>Slices that show the structure and were left empty.</summary>
    public required int MissingSlices { get; init; }

    /// <summary>Seconds from the prompts to the mask; 0 for floors.</summary>
    public required double Seconds { get; init; }

    /// <summary>Dice of each slice that shows the structure.</summary>
    public required IReadOnlyList<SliceDice> Slices { get; init; }
}

/// <summary>Dice of one slice.</summary>
/// <param name="Distance">Slices to the nearest key slice.</param>
/// <param name="Dice">Dice of the slice, 0 to 1.</param>
public readonly record struct SliceDice(int Distance, double Dice);

/// <summary>What the volume protocol found for one structure.</summary>
/// <param name="Scan">The scan's name.</param>
/// <param name="Subject">Whose scan it is.</param>
/// <param name="Label">The structure's label in the reference.</param>
/// <param name="Name">The structure's name.</param>
/// <param name="VolumeMl">Its true volume in millilitres.</param>
/// <param name="SliceCount">Slices that show it.</param>
/// <param name="Scores">One element a method, in the order of <see cref="VolumeMethod"/>.</param>
public sealed record StructureResult(
    string Scan, string Subject, ushort Label, string Name, double VolumeMl, int SliceCount, IReadOnlyList<VolumeScore> Scores)
{
    /// <summary>What it is, as the list of scans and its name tell.</summary>
    public MaskTags Tags { get; init; } = new();

    /// <summary>The score of a method, or null where it was not run.</summary>
    public VolumeScore? Find(VolumeMethod method) => Scores.FirstOrDefault(s => s.Method == method);
}
