using SamMed2D.Core.Slices;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Onnx;
using SamMed2D.Inference.Tests.Onnx;
using SamMed2D.Inference.Tests.Sam;
using SamMed2D.Testing;

namespace SamMed2D.Inference.Tests.Import;

/// <summary>Imported models against the outputs of the reference code in <c>../shared/model-goldens</c>, stage by stage.</summary>
public sealed class ParityTests(ParityTests.TinyModel tiny) : IClassFixture<ParityTests.TinyModel>
{
    private const double LogitTolerance = 2e-4, IouTolerance = 1e-5, MaskTolerance = 0.0005;

    [Fact]
    public void TinyModel_EveryImageAndPrompt_EqualsReference()
    {
        GoldenModel model = tiny.Open();
        Dictionary<string, Numbers> embeddings = EncodeAll(model);
        foreach (GoldenPrompt golden in model.Cases) AssertCase(model, golden, embeddings[golden.Image]);
        Assert.Equal(21, model.Cases.Count);
    }

    [Fact]
    public void TinyModel_PaddedImage_EqualsReference()
    {
        GoldenModel model = tiny.Open();
        AssertClose(model.Golden("padded.image_embeddings"), model.Encoder.Encode(model.Golden("padded.input_image")), "padded");
    }

    [Fact]
    public void TinyModelWithoutAdapters_EveryPrompt_EqualsReference()
    {
        using GoldenModel model = Open("sam-med2d-tiny", "sam-med2d-tiny-no-adapter", new() { WithoutAdapters = true });
        Dictionary<string, Numbers> embeddings = EncodeAll(model);
        foreach (GoldenPrompt golden in model.Cases) AssertCase(model, golden, embeddings[golden.Image]);
        Assert.Equal(3, model.Cases.Count);
    }

    [Fact]
    public void HalfPrecision1024Model_EveryPrompt_EqualsReference()
    {
        using GoldenModel model = Open("sam-tiny-1024", "sam-tiny-1024", new());
        Numbers embedding = model.Encoder.Encode(Stretch(DemoSlices.ReadImage("amos_0507_31"), 1024));
        Numbers thinned = model.Golden("amos_0507_31.image_embeddings_every4");
        AssertClose(thinned, new(EveryFourth(embedding.Values, 64), thinned.Shape), "every fourth row and column of the embedding");
        foreach (GoldenPrompt golden in model.Cases) AssertCase(model, golden, embedding);
        Assert.Equal(4, model.Cases.Count);
    }

    [Fact]
    public void Decoder_SeveralPromptsInOneCall_EqualsOneByOne()
    {
        GoldenModel model = tiny.Open();
        GoldenPrompt[] pair = [.. model.Cases.Where(golden => golden.Image == "amos_0507_31" && golden.Name[(golden.Image.Length + 1)..] is "box" or "mask_box").Take(2)];
        Numbers embedding = model.Golden("amos_0507_31.image_embeddings");
        float[] masks = [.. MaskPrompt(model, pair[0]).Values, .. MaskPrompt(model, pair[1]).Values];

        Dictionary<string, Numbers> together = model.Decoder.Run(
            ("image_embeddings", embedding),
            ("point_coords", new([.. GoldenInputs.CoordinatesOf(pair[0]).Values, .. GoldenInputs.CoordinatesOf(pair[1]).Values], 2, 2, 2)),
            ("point_labels", new([2, 3, 2, 3], 2, 2)),
            ("mask_input", new(masks, 2, 1, 64, 64)),
            ("has_mask_input", new([0, 1], 2)));

        Assert.NotEqual(pair[0].MaskFrom is null, pair[1].MaskFrom is null);
        float[] expected = [.. model.Golden(pair[0].Name + ".low_res").Values, .. model.Golden(pair[1].Name + ".low_res").Values];
        Assert.InRange(GraphRunner.LargestDifference(expected, together["low_res_masks"].Values), 0, LogitTolerance);
        Assert.Equal([2L, 4L, 64L, 64L], together["low_res_masks"].Shape);
    }

    /// <summary>The tiny SAM-Med2D, imported once for all tests.</summary>
    public sealed class TinyModel : IDisposable
    {
        private GoldenModel? _model;

        public GoldenModel Open() => _model ??= ParityTests.Open("sam-med2d-tiny", "sam-med2d-tiny", new());

        public void Dispose() => _model?.Dispose();
    }

    private static GoldenModel Open(string checkpoint, string goldens, ImportOptions options)
    {
        Assert.SkipWhen(Repository.SharedMissing("model-goldens") is not null, Repository.SharedMissing("model-goldens") ?? "");
        Assert.SkipWhen(DemoSlices.Missing is not null, DemoSlices.Missing ?? "");
        return new(checkpoint, goldens, options);
    }

    private static Dictionary<string, Numbers> EncodeAll(GoldenModel model)
    {
        Dictionary<string, Numbers> embeddings = [];
        foreach (string image in model.Cases.Select(golden => golden.Image).Distinct())
        {
            Numbers embedding = model.Encoder.Encode(model.Golden(image + ".input_image"));
            AssertClose(model.Golden(image + ".image_embeddings"), embedding, image);
            embeddings[image] = embedding;
        }
        return embeddings;
    }

    private static void AssertCase(GoldenModel model, GoldenPrompt golden, Numbers embedding)
    {
        Dictionary<string, Numbers> outputs = model.Decoder.Run(
            ("image_embeddings", embedding),
            ("point_coords", GoldenInputs.CoordinatesOf(golden)),
            ("point_labels", GoldenInputs.LabelsOf(golden)),
            ("mask_input", MaskPrompt(model, golden)),
            ("has_mask_input", new([golden.MaskFrom is null ? 0 : 1], 1)));

        AssertClose(model.Golden(golden.Name + ".low_res"), outputs["low_res_masks"], golden.Name);
        Assert.InRange(GraphRunner.LargestDifference(model.Golden(golden.Name + ".iou").Values, outputs["iou_predictions"].Values), 0, IouTolerance);
        int side = (int)outputs["low_res_masks"].Shape[2];
        float[] best = outputs["low_res_masks"].Values.AsSpan(golden.Best * side * side, side * side).ToArray();
        float[] expected = model.Golden(golden.Name + ".mask").Values;
        int wrong = CountDifferences(expected, ToOriginal(best, side, golden));
        Assert.True(wrong <= MaskTolerance * expected.Length, $"{golden.Name}: {wrong} of {expected.Length} pixels differ");
    }

    private static Numbers MaskPrompt(GoldenModel model, GoldenPrompt golden)
    {
        int side = golden.InputSize / 4;
        if (golden.MaskFrom is null) return new(new float[side * side], 1, 1, side, side);
        ReadOnlySpan<float> logits = model.Golden(golden.MaskFrom + ".low_res").Values.AsSpan(golden.MaskIndex * side * side, side * side);
        return new(Array.ConvertAll(logits.ToArray(), logit => 1 / (1 + MathF.Exp(-logit))), 1, 1, side, side);
    }

    private static float[] ToOriginal(float[] lowResolution, int side, GoldenPrompt golden)
    {
        float[] image = TableResizing.ResizeBilinear(lowResolution, side, side, golden.InputSize, golden.InputSize);
        return TableResizing.ResizeBilinear(image, golden.InputSize, golden.InputSize, golden.Height, golden.Width);
    }

    private static int CountDifferences(float[] mask, float[] logits)
    {
        Assert.Equal(mask.Length, logits.Length);
        int count = 0;
        for (int n = 0; n < mask.Length; n++) count += mask[n] > 0 != logits[n] > 0 ? 1 : 0;
        return count;
    }

    // Nearest neighbour as in SAM-MED2D.md: source index = floor(i * source / target).
    private static Numbers Stretch(SliceImage image, int size)
    {
        float[] mean = [123.675f, 116.28f, 103.53f], deviation = [58.395f, 57.12f, 57.375f], values = new float[3 * size * size];
        for (int channel = 0; channel < 3; channel++)
            for (int y = 0; y < size; y++)
                for (int x = 0; x < size; x++)
                {
                    int source = y * image.Height / size * image.Width + x * image.Width / size;
                    float pixel = image.Pixels.Span[source * image.Channels + Math.Min(channel, image.Channels - 1)];
                    values[(channel * size + y) * size + x] = (pixel - mean[channel]) / deviation[channel];
                }
        return new(values, 1, 3, size, size);
    }

    private static float[] EveryFourth(float[] embedding, int side) =>
        [.. from plane in Enumerable.Range(0, embedding.Length / (side * side)) from y in Enumerable.Range(0, side / 4) from x in Enumerable.Range(0, side / 4)
            select embedding[(plane * side + 4 * y) * side + 4 * x]];

    private static void AssertClose(Numbers expected, Numbers actual, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double difference = GraphRunner.LargestDifference(expected.Values, actual.Values);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {difference:e2}");
        Assert.True(difference <= LogitTolerance, $"{what}: differs by {difference:e2}, allowed {LogitTolerance}");
    }
}
