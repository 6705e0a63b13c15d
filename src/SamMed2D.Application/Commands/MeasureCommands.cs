using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Segmentation.Session;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Distances and angles.</summary>
internal static class MeasureCommands
{
    public static IEnumerable<Command> Create() =>
    [
        new("measure.ruler", "Measure distance", (w, a) => Add(w, a, 2)) { IsListed = false, Obstacle = NeedsScan, Parameters = [At] },
        new("measure.angle", "Measure angle", (w, a) => Add(w, a, 3)) { IsListed = false, Obstacle = NeedsScan, Parameters = [At] },
        new("measure.remove-last", "Remove last measurement", w => w.Segments.Session!.RemoveLastMeasurement()) { Obstacle = NeedsOne },
        new("measure.clear", "Remove all measurements", w => w.Segments.Session!.ClearMeasurements()) { Obstacle = NeedsOne },
    ];

    private static CommandParameter At { get; } = new("at", ParameterKind.Positions, "two or three places: millimetres to the right, front and head") { IsRequired = true };

    private static string? NeedsOne(Workspace w) => w.Segments.Session is { Measurements.IsEmpty: false } ? null : "nothing was measured";

    private static void Add(Workspace w, CommandArguments a, int count)
    {
        RasPoint[] places = [.. a.Positions("at", 3).Select(p => new RasPoint(p[0], p[1], p[2]))];
        if (places.Length != count) throw new InvalidCommandException("measure", $"takes {count} places, and {places.Length} were given");
        Measurement measurement = new([.. places]);
        w.Segments.Session!.AddMeasurement(measurement);
        w.Status = measurement.Text;
    }
}
