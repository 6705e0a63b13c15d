using System.Numerics;

namespace SamMed2D.Rendering.Software;

/// <summary>Everything that is alike for all rays of one cast. Lengths along rays are millimetres, places voxel indices.</summary>
internal sealed class CastSetup
{
    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows, the first on top.</summary>
    public required int Height { get; init; }

    /// <summary>The eye, for parallel lines of sight the middle of the plane they start on.</summary>
    public required Vector3 Eye { get; init; }

    /// <summary>One millimetre along the middle line of sight.</summary>
    public required Vector3 Forward { get; init; }

    /// <summary>One millimetre to the right.</summary>
    public required Vector3 Right { get; init; }

    /// <summary>One millimetre down.</summary>
    public required Vector3 Down { get; init; }

    /// <summary>From the eye to the plane that <see cref="HalfExtent"/> measures.</summary>
    public required float TargetDistance { get; init; }

    /// <summary>Half the width and height of the view at the target.</summary>
    public required Vector2 HalfExtent { get; init; }

    public required bool IsParallel { get; init; }

    /// <summary>Cutting planes: kept where the scalar product with xyz plus w is not negative. In voxel indices.</summary>
    public required Vector4[] Clips { get; init; }

    public required int SizeI { get; init; }

    public required int SizeJ { get; init; }

    public required int SizeK { get; init; }

    /// <summary>Gradients by index as gradients by millimetre: the three columns.</summary>
    public required (Vector3 PerI, Vector3 PerJ, Vector3 PerK) GradientToRas { get; init; }

    public required SoftwareTransfer Transfer { get; init; }

    public required float StepMm { get; init; }

    public required bool IsJittered { get; init; }

    /// <summary>Table entry of a stored number: times x plus y.</summary>
    public required Vector2 StoredToEntry { get; init; }

    /// <summary>Labels of the voxels, where only some are drawn; on a grid <see cref="LabelFactors"/> times as fine.</summary>
    public ReadOnlyMemory<ushort> Labels { get; init; }

    /// <summary>Voxels of the labels along each axis.</summary>
    public (int I, int J, int K) LabelSize { get; init; }

    /// <summary>How many labels lie along each side of a voxel: more than one where a coarser copy of the volume is drawn.</summary>
    public Vector3 LabelFactors { get; init; } = Vector3.One;

    /// <summary>By label, all bits set where it is drawn; null to draw everything.</summary>
    public int[]? IsLabelShown { get; init; }
}

/// <summary>Some rows of a picture, and how far rays through them go.</summary>
/// <param name="First">The number of the first row; even, for rays are cast in packets two rows high.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="NearMm">Distances along the middle line of sight at which rays begin, one a pixel of these rows; null to begin at the eye.</param>
/// <param name="FarMm">Likewise where they end; null to end where the volume does.</param>
internal readonly record struct CastRows(int First, int Count, float[]? NearMm = null, float[]? FarMm = null);
