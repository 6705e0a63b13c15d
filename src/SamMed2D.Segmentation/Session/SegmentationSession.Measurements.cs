using System.Collections.Immutable;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Session;

// Distances and angles: steps of the one history, as edits are. They touch no voxel, so they may be taken while segments are propagated.
public sealed partial class SegmentationSession
{
    /// <summary>The distances and angles that were measured, the oldest first; a snapshot.</summary>
    public ImmutableArray<Measurement> Measurements => _document.Measurements;

    /// <summary>Keeps a distance or an angle.</summary>
    /// <exception cref="InvalidEditException">It has other than two or three places, or one that is not finite.</exception>
    public void AddMeasurement(Measurement measurement)
    {
        if (measurement.Places.Length is not (2 or 3)) throw new InvalidEditException($"a distance has two places and an angle three; {measurement.Places.Length} were given");
        if (!measurement.Places.All(p => double.IsFinite(p.R) && double.IsFinite(p.A) && double.IsFinite(p.S))) throw new InvalidEditException("a place of the measurement is not a number of millimetres");
        Do($"Measure {measurement.Text}", _document with { Measurements = Measurements.Add(measurement) }, null);
    }

    /// <summary>Removes the last measurement, where there is one.</summary>
    public void RemoveLastMeasurement()
    {
        if (!Measurements.IsEmpty) Do($"Remove {Measurements[^1].Text}", _document with { Measurements = Measurements.RemoveAt(Measurements.Length - 1) }, null);
    }

    /// <summary>Removes all measurements.</summary>
    public void ClearMeasurements()
    {
        if (!Measurements.IsEmpty) Do("Remove all measurements", _document with { Measurements = [] }, null);
    }
}
