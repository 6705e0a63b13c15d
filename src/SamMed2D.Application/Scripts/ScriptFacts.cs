using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Scripts;

/// <summary>
/// What scripts can make sure of: <c>scans</c>, <c>segments</c>, <c>notices</c>, <c>undo-steps</c> (numbers), <c>mask</c> (whether one is offered),
/// <c>unsaved</c>, <c>encoded</c> (slices encoded ahead), <c>model</c> (its name), <c>slice:axial</c> (a view's slice), <c>volume-ml:NAME</c> and <c>voxels:NAME</c> (of a segment).
/// A number may be given as <c>{ "min": …, "max": … }</c>.
/// </summary>
internal static class ScriptFacts
{
    public static void Check(Workspace workspace, string name, JsonNode? expected, string place)
    {
        JsonNode found = Find(workspace, name, place);
        if (expected is JsonObject range)
        {
            double number = found.GetValueKind() == JsonValueKind.Number ? found.GetValue<double>() : double.NaN;
            double min = Limit(range, "min", double.NegativeInfinity, place), max = Limit(range, "max", double.PositiveInfinity, place);
            if (!(number >= min && number <= max)) throw Differs($"between {min.ToString(CultureInfo.InvariantCulture)} and {max.ToString(CultureInfo.InvariantCulture)}");
        }
        else if (!Same(found, expected)) throw Differs(expected?.ToJsonString() ?? "null");

        InvalidCommandException Differs(string wanted) => new(place, $"'{name}' is {found.ToJsonString()}, not {wanted}");
    }

    private static bool Same(JsonNode found, JsonNode? expected) =>
        found.GetValueKind() == JsonValueKind.Number && expected?.GetValueKind() == JsonValueKind.Number
            ? Math.Abs(found.GetValue<double>() - double.Parse(expected.ToJsonString(), CultureInfo.InvariantCulture)) < 1e-9
            : found.ToJsonString() == expected?.ToJsonString();

    private static double Limit(JsonObject range, string name, double none, string place) =>
        range[name] is not { } limit ? none
        : limit.GetValueKind() == JsonValueKind.Number ? double.Parse(limit.ToJsonString(), CultureInfo.InvariantCulture)
        : throw new InvalidCommandException(place, $"'{name}' is {limit.ToJsonString()}, not a number");

    private static JsonNode Find(Workspace workspace, string name, string place)
    {
        string[] parts = name.Split(':', 2);
        return parts[0] switch
        {
            "scans" => Number(workspace.Scans.All.Count),
            "segments" => Number(workspace.Segments.Session?.Segments.Length ?? 0),
            "notices" => Number(workspace.Notices.Open.Count),
            "undo-steps" => Number(workspace.Segments.Session?.UndoCount ?? 0),
            "mask" => JsonValue.Create(workspace.Prompting.Preview is not null),
            "unsaved" => JsonValue.Create(workspace.Segments.HasUnsavedWork),
            "encoded" => Number(workspace.Prompting.EncodedAhead?.Done ?? 0),
            "model" => JsonValue.Create(workspace.Model.Description?.Name ?? ""),
            "slice" when parts.Length == 2 && Enum.TryParse(parts[1], ignoreCase: true, out Views.ViewId view) && view != Views.ViewId.Spatial => Number(workspace.SliceView(view).Slice),
            "volume-ml" when parts.Length == 2 => Number(workspace.Segments.VolumeMl(Segment(workspace, parts[1], place).Label)),
            "voxels" when parts.Length == 2 => Number(workspace.Segments.Session!.GetVoxelCount(Segment(workspace, parts[1], place).Label)),
            _ => throw new InvalidCommandException(place, $"expects '{name}', which is not known; known are scans, segments, notices, undo-steps, mask, unsaved, encoded, model, slice:VIEW, volume-ml:SEGMENT, voxels:SEGMENT"),
        };
    }

    private static JsonValue Number(double number) => JsonValue.Create(number);

    private static SessionSegment Segment(Workspace workspace, string name, string place) =>
        workspace.Segments.Session?.Segments.FirstOrDefault(s => s.Name == name)
        ?? throw new InvalidCommandException(place, $"there is no segment '{name}'; there are {string.Join(", ", workspace.Segments.Session?.Segments.Select(s => s.Name) ?? [])}");
}
