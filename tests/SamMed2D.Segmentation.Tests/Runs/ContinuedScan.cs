using System.Text;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Tests.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Runs;

/// <summary>
/// A scan of two square rods along k, "left" (grey 200, i 3 to 9) and "right" (grey 120, i 13 to 19), with grey noise, and runs on it by prompt files.
/// </summary>
internal sealed class ContinuedScan
{
    private static readonly PropagationOptions s_unruled = new()
    {
        Strategy = PromptStrategy.Mask,
        MinPredictedIou = 0,
        MinOverlap = 0,
        MinSimilarity = 0,
        MaxAreaRatio = double.PositiveInfinity,
        CentroidMargin = double.PositiveInfinity,
    };

    public ContinuedScan(int seed = 0)
    {
        Random noise = new(seed);
        Scan = SyntheticScan.Create((i, j, k) => (byte)(noise.Next(-25, 26) + (Math.Abs(j - 12) > 5 ? 40 : i is >= 3 and <= 9 ? 200 : i is >= 13 and <= 19 ? 120 : 40)));
    }

    public SyntheticScan Scan { get; }

    public Dictionary<string, LabelMap> Masks { get; } = [];

    public IntensityRange? Editable { get; init; }

    public PropagationOptions Options { get; init; } = s_unruled;

    /// <summary>Two keys for each rod.</summary>
    public SegmentationResult First() => Run(File(
        Segment("left", """{"box":[[2,6,5],[10,18,5]]},{"box":[[2,6,17],[10,18,17]]}"""), Segment("right", """{"box":[[12,6,11],[20,18,11]]}""")));

    public SegmentationResult Run(string promptFile, SegmentationState? previous = null) => Run([PromptDocument.Parse(promptFile, "p.json")], previous);

    public SegmentationResult Run(IEnumerable<PromptDocument> documents, SegmentationState? previous = null)
    {
        SegmentationRequest request = SegmentationRequest.Create(Scan.Volume, new(0, 255), "255,127.5", PromptDocument.Combine(documents), file => Masks[file], null, previous);
        return SegmentationRun.Run(new ThresholdSegmenter(), request with { Options = Options, Editable = Editable }, null, TestContext.Current.CancellationToken);
    }

    public ReplayResult Replay(SegmentationRecord record) =>
        SegmentationReplay.Run(new ThresholdSegmenter(), Scan.Volume, record, "", file => Masks[file], null, TestContext.Current.CancellationToken);

    public static string Text(SegmentationResult result)
    {
        using MemoryStream stream = new();
        SegmentationRecordWriter.Write(result, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static string File(params string[] segments) => $$"""{"version":1,"segments":[{{string.Join(',', segments)}}]}""";

    public static string Segment(string name, string prompts, string more = "") =>
        $$"""{"name":"{{name}}"{{(prompts.Length > 0 ? $",\"prompts\":[{prompts}]" : "")}}{{(more.Length > 0 ? $",{more}" : "")}}}""";

    public LabelMap Mask(Func<int, int, int, int> label)
    {
        LabelMap mask = new(Scan.Geometry, []);
        for (int n = 0; n < mask.Labels.Length; n++) mask.MutableLabels[n] = (ushort)label(n % 24, n / 24 % 24, n / 576);
        return mask;
    }

    public static ReadOnlySpan<ushort> SliceOf(LabelMap labels, int k) => labels.Labels.Slice(k * 576, 576);
}
