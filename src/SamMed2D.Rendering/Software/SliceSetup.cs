using System.Numerics;

namespace SamMed2D.Rendering.Software;

/// <summary>A plane through a grid: where its pixels lie, in voxel indices.</summary>
/// <param name="Origin">The first pixel's centre.</param>
/// <param name="StepX">From a pixel to the next in its row.</param>
/// <param name="StepY">From a row to the next.</param>
internal readonly record struct PixelSteps(Vector3 Origin, Vector3 StepX, Vector3 StepY);

/// <summary>The labels that go over a slice.</summary>
internal sealed class SliceLabels
{
    public required ReadOnlyMemory<ushort> Labels { get; init; }

    public required int SizeI { get; init; }

    public required int SizeJ { get; init; }

    public required int SizeK { get; init; }

    public required PixelSteps Steps { get; init; }

    /// <summary>By label, red in the lowest byte, opacity in the highest.</summary>
    public required int[] Colors { get; init; }

    public required float FillOpacity { get; init; }

    public required float OutlineOpacity { get; init; }

    /// <summary>In pixels; 0 for none.</summary>
    public required float OutlineWidth { get; init; }
}

/// <summary>The grey values of a slice.</summary>
/// <param name="Steps">Where its pixels lie.</param>
/// <param name="IsNearest">Whether the nearest voxel counts.</param>
/// <param name="StoredToGrey">Grey, 0 to 1, of a stored number: times x plus y.</param>
/// <param name="Opacity">How far it covers what is under it, 0 to 1.</param>
internal sealed record SliceGrey(PixelSteps Steps, bool IsNearest, Vector2 StoredToGrey, float Opacity);
