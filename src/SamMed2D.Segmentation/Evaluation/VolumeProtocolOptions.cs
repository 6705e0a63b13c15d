using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What the volume protocol measures and how.</summary>
public sealed record VolumeProtocolOptions
{
    /// <summary>The methods, each once.</summary>
    public IReadOnlyList<VolumeMethod> Methods { get; init; } = Enum.GetValues<VolumeMethod>();

    /// <summary>The most structures of a scan, largest first.</summary>
    public int MostStructures { get; init; } = int.MaxValue;

    /// <summary>Structures of fewer voxels are left out.</summary>
    public int MinVoxels { get; init; } = 1;

    /// <summary>Tolerance of the normalised surface Dice in millimetres.</summary>
    public double ToleranceMm { get; init; } = 2;

    /// <summary>The intensities that the model sees.</summary>
    public IntensityWindowChoice Window { get; init; } = IntensityWindowChoice.Auto;

    /// <summary>How masks are carried from slice to slice.</summary>
    public PropagationOptions Propagation { get; init; } = new();
}
