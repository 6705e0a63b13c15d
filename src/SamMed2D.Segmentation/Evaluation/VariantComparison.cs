using System.Globalization;
using System.Text;
using SamMed2D.Core.Progress;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// Holds <see cref="PropagationVariant.All"/> against each other on labelled scans. All are told the extent, so that masks are compared and not stop rules;
/// floors stand beside them.
/// </summary>
/// <param name="segmenter">The model; it stays the caller's.</param>
/// <param name="mostStructures">The most structures of a scan, largest first.</param>
public sealed class VariantComparison(IPromptableSegmenter segmenter, int mostStructures)
{
    private static readonly VolumeMethod[] s_measured = [VolumeMethod.OneBoxToldExtent, VolumeMethod.ThreeBoxesToldExtent];
    private static readonly VolumeMethod[] s_floors =
        [VolumeMethod.CopiedMask, VolumeMethod.CarriedMask, VolumeMethod.RegionGrowing, VolumeMethod.Interpolation, VolumeMethod.ThreeCarriedMasks];

    private readonly List<StructureResult>[] _results = [.. PropagationVariant.All.Select(_ => new List<StructureResult>())];
    private readonly List<StructureResult> _floors = [];

    /// <summary>Structures so far.</summary>
    public int StructureCount => _floors.Count;

    /// <summary>Measures the structures of a scan.</summary>
    /// <param name="scan">The scan and its reference.</param>
    /// <param name="progress">Told after each way.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    public void Add(LabelledScan scan, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        for (int n = 0; n < _results.Length; n++)
        {
            VolumeProtocolOptions options = new() { Methods = s_measured, MostStructures = mostStructures, Propagation = PropagationVariant.All[n].Options };
            _results[n].AddRange(new VolumeProtocol(segmenter, options).Run(scan, null, cancellation));
            progress?.Invoke(n + 1, _results.Length + 1);
        }
        _floors.AddRange(new VolumeProtocol(segmenter, new() { Methods = s_floors, MostStructures = mostStructures }).Run(scan, null, cancellation));
        progress?.Invoke(1, 1);
    }

    /// <summary>A row a way, as Markdown: mean Dice over structures and over subjects.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        Append(text, $"""
            Model: `{segmenter.Description.Id}`. {_floors.Count} structures of {_floors.Select(s => s.Scan).Distinct().Count()} scans, {_floors.Select(s => s.Subject).Distinct().Count()} subjects;
            at most {(mostStructures == int.MaxValue ? "all" : mostStructures.ToString(CultureInfo.InvariantCulture))} of a scan. Mean Dice over structures (over subjects); all are told the extent.

            | way | one box | three boxes | s a structure |
            |---|---|---|---|

            """);
        for (int n = 0; n < _results.Length; n++)
        {
            double seconds = _results[n].Average(s => s.Scores.Sum(score => score.Seconds));
            Append(text, $"| {PropagationVariant.All[n].Name} | {Cell(_results[n], VolumeMethod.OneBoxToldExtent)} | {Cell(_results[n], VolumeMethod.ThreeBoxesToldExtent)} | {seconds:0.00} |\n");
        }
        foreach (VolumeMethod floor in s_floors)
        {
            bool isOfThree = floor is VolumeMethod.Interpolation or VolumeMethod.ThreeCarriedMasks;
            Append(text, $"| {floor.ToName()} | {(isOfThree ? "" : Cell(_floors, floor))} | {(isOfThree ? Cell(_floors, floor) : "")} | |\n");
        }
        return text.ToString();
    }

    private static string Cell(IReadOnlyList<StructureResult> results, VolumeMethod method) => string.Create(CultureInfo.InvariantCulture,
        $"{results.Average(s => s.Find(method)!.Dice):0.000} ({results.GroupBy(s => s.Subject).Average(g => g.Average(s => s.Find(method)!.Dice)):0.000})");

    private static void Append(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));
}
