using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SamMed2D.Cli.Terminal;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;
using Spectre.Console;

namespace SamMed2D.Cli.Commands;

/// <summary>What <c>sammed2d segment</c> tells when it is done.</summary>
internal static class SegmentSummary
{
    private const int WidthOfPipes = 160;

    /// <summary>Says which of the structures that were segmented got no voxel, and why.</summary>
    public static void NoteEmpty(SegmentationResult result, Shell shell)
    {
        foreach (SegmentOutcome segment in result.Segments)
        {
            if (segment.VoxelCount > 0 || MadeAnew(segment, result).Count == 0) continue;
            string why = !segment.Slices.Any(s => s.IsKept) ? "nothing was found on its key slices; give other prompts"
                : result.Request.Editable is null ? "what was found belongs to other segments" : "what was found belongs to other segments, or has other intensities than may be labelled";
            shell.Note($"'{segment.Plan.Segment.Name}' is empty: {why}");
        }
    }

    public static void Print(SegmentationResult result, string output, Shell shell)
    {
        if (Console.IsOutputRedirected) shell.Out.Profile.Width = WidthOfPipes;
        bool isContinued = result.Runs.Count > 1;
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("label", "name", "slices", "mL", isContinued ? "locked" : "key", "stopped below", "stopped above", "deserve a look");
        if (isContinued) table.AddColumn("made anew");
        foreach (SegmentOutcome segment in result.Segments)
        {
            List<string> row =
            [
                Text($"{segment.Plan.Segment.Label}"), Markup.Escape(segment.Plan.Segment.Name), Text($"{segment.SliceCount}"), Text($"{segment.VolumeMl:0.0}"),
                segment.Status == SegmentStatus.Completed ? "all: completed" : Ranges([.. segment.LockedSlices.Order()]),
                Describe(segment.OuterEnd(StepKind.Down)), Describe(segment.OuterEnd(StepKind.Up)), Ranges(segment.SlicesToReview),
            ];
            if (isContinued) row.Add(Ranges(MadeAnew(segment, result)));
            table.AddRow([.. row]);
        }
        shell.Out.Write(table);
        Shell.Print(Text($"{result.SlicesVisited} slices in {result.Elapsed.TotalSeconds:0.0} s ({result.SlicesPerSecond:0.0}/s) with {result.Model.Name} on {result.Model.Device}, prompted by {result.Request.Options.Strategy!.Value.ToName()}"));
        Shell.Print($"{output}, {Path.GetFileName(SegmentationRecordWriter.PathFor(output))}");
    }

    public static object ToJson(SegmentationResult result, string output) => new
    {
        output,
        record = SegmentationRecordWriter.PathFor(output),
        model = result.Model.Id,
        device = result.Model.Device,
        strategy = result.Request.Options.Strategy!.Value.ToName(),
        window = new { choice = result.Request.WindowName, low = result.Request.Window.Low, high = result.Request.Window.High },
        seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
        slices = result.SlicesVisited,
        slicesPerSecond = Math.Round(result.SlicesPerSecond, 2),
        peakMemoryBytes = Process.GetCurrentProcess().PeakWorkingSet64,
        segments = result.Segments.Select(segment => new
        {
            label = segment.Plan.Segment.Label,
            name = segment.Plan.Segment.Name,
            axis = segment.Plan.Axis.ToLetter(),
            keySlices = segment.Plan.KeySlices.Select(k => k.Slice),
            slices = segment.SliceCount,
            voxels = segment.VoxelCount,
            volumeMl = Math.Round(segment.VolumeMl, 3),
            below = EndOf(segment, StepKind.Down),
            above = EndOf(segment, StepKind.Up),
            review = segment.SlicesToReview,
            accepted = segment.Accepted,
            status = segment.Status.ToString().ToLowerInvariant(),
            madeAnew = MadeAnew(segment, result),
        }),
    };

    private static List<int> MadeAnew(SegmentOutcome segment, SegmentationResult result) =>
        [.. segment.Slices.Where(s => s.Run == result.Runs.Count - 1).Select(s => s.Slice).Distinct()];

    private static object? EndOf(SegmentOutcome segment, StepKind kind) => segment.OuterEnd(kind) is { } end
        ? new { lastSlice = end.LastSlice, reason = JsonNamingPolicy.CamelCase.ConvertName(end.Reason.ToString()) }
        : null;

    private static string Describe(PropagationEnd? end) => end is null ? "locked" : $"{end.LastSlice}: " + end.Reason switch
    {
        StopReason.EmptyMask => "nothing found",
        StopReason.LowPredictedIou => "model in doubt",
        StopReason.LowPresence => "object no longer there",
        StopReason.LowConfidence => "not sure enough",
        StopReason.AppearanceChanged => "looks different",
        StopReason.LowOverlap => "little overlap",
        StopReason.AreaJump => "area jumped",
        StopReason.CentroidLeft => "moved away",
        StopReason.RangeEnd => "end of range",
        StopReason.VolumeEnd => "end of scan",
        _ => "met key slice",
    };

    /// <summary>Slice numbers with runs drawn together: <c>3-7 12</c>.</summary>
    private static string Ranges(IReadOnlyList<int> slices)
    {
        List<string> parts = [];
        for (int n = 0; n < slices.Count;)
        {
            int first = n;
            while (n + 1 < slices.Count && slices[n + 1] == slices[n] + 1) n++;
            parts.Add(first == n ? $"{slices[n]}" : $"{slices[first]}-{slices[n]}");
            n++;
        }
        return parts.Count == 0 ? "-" : string.Join(' ', parts);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
