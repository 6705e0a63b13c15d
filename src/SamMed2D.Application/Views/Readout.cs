using System.Globalization;
using SamMed2D.Application.Scans;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Application.Views;

/// <summary>What lies at a place: where it is, and what the scan and the labels say there.</summary>
/// <param name="Place">The place in patient space.</param>
/// <param name="Voxel">The voxel of the background scan.</param>
/// <param name="Intensity">Its intensity (Hounsfield units for CT).</param>
/// <param name="Segment">The segment there; null for none.</param>
public sealed record Readout(RasPoint Place, VoxelIndex Voxel, double Intensity, Segment? Segment)
{
    /// <summary>The intensity's unit, where it is known: <c>HU</c> for CT.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The place in words: <c>R 12.0  A 34.5  S 56.7 mm</c>, or with L, P, I where that is the side.</summary>
    public string PlaceText => string.Create(CultureInfo.InvariantCulture,
        $"{Side(Place.R, 'R', 'L')}  {Side(Place.A, 'A', 'P')}  {Side(Place.S, 'S', 'I')} mm");

    /// <summary>All in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PlaceText}   ({Voxel.I}, {Voxel.J}, {Voxel.K})   {Intensity:0.###}{(Unit.Length > 0 ? " " + Unit : "")}{(Segment is { } segment ? "   " + segment.Name : "")}");

    internal static Readout? At(Workspace workspace, RasPoint place)
    {
        if (workspace.Scans.Background is not { } scan) return null;
        VolumeGeometry geometry = scan.Volume.Geometry;
        VoxelIndex voxel = geometry.IndexToRas.RasToIndex(place).ToNearest();
        if (!geometry.Contains(voxel)) return null;
        return new(place, voxel, scan.Volume.GetIntensity(voxel), workspace.SegmentAt(place)) { Unit = UnitOf(scan) };
    }

    private static string UnitOf(ScanLayer scan) => scan.Volume.Info.Modality == "CT" ? "HU" : "";

    private static string Side(double value, char positive, char negative) =>
        string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? negative : positive)} {Math.Abs(value):0.0}");
}
