using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;
using SamMed2D.Inference.Sam;
using SamMed2D.Segmentation;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Sam;

/// <summary>From a checkpoint and a PNG to a mask, against what the reference code made of the same.</summary>
public sealed class SamSegmenterTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sam-med2d-tiny", "sam-med2d-tiny", 21)]
    [InlineData("sam-med2d-tiny-no-adapter", "sam-med2d-tiny", 3)]
    [InlineData("sam-tiny-1024", "sam-tiny-1024", 4)]
    public void Predict_EveryGoldenCase_GivesTheReferencesMask(string name, string checkpoint, int cases)
    {
        using IPromptableSegmenter segmenter = Open(checkpoint, withoutAdapters: name.EndsWith("no-adapter", StringComparison.Ordinal));
        GoldenAnswers goldens = new(name);
        double worstMask = 0, worstIou = 0, worstLogit = 0;
        foreach (IGrouping<string, GoldenPrompt> image in goldens.Cases.GroupBy(golden => golden.Image))
        {
            using SliceEmbedding embedding = segmenter.Encode(DemoSlices.ReadImage(image.Key));
            foreach (GoldenPrompt golden in image)
            {
                MaskPrediction prediction = segmenter.Predict(embedding, PromptsOf(golden, goldens, segmenter, embedding));

                NumpyArray mask = goldens[golden.Name + ".mask"];
                double share = SamPicturesTests.CountDifferent(mask.Values, prediction.Mask.Probabilities.Span) / (double)mask.Values.Length;
                Assert.True(share <= 0.0005, $"{golden.Name}: {share:P3} of the pixels differ.");
                Assert.Equal(golden.Best, prediction.Chosen);
                float[] ious = goldens[golden.Name + ".iou"].Values;
                double iou = ious.Select((value, n) => Math.Abs((double)value - prediction.Candidates[n].PredictedIou)).Max();
                double logit = LargestLogitDifference(goldens.LowResolution(golden.Name, golden.Best), prediction.Mask.Native!, name);
                Assert.True(iou <= 1e-5, $"{golden.Name}: predicted IoU off by {iou}.");
                Assert.True(logit <= 2e-4, $"{golden.Name}: logits off by {logit}.");
                (worstMask, worstIou, worstLogit) = (Math.Max(worstMask, share), Math.Max(worstIou, iou), Math.Max(worstLogit, logit));
            }
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {goldens.Cases.Count} cases; largest differences: {worstMask:P4} of a mask's pixels, predicted IoU {worstIou:0.0e+0}, logits {worstLogit:0.0e+0}"));
        Assert.Equal(cases, goldens.Cases.Count);
    }

    [Fact]
    public void Encode_SmallSlice_IsPaddedAsInTraining()
    {
        using IPromptableSegmenter segmenter = Open("sam-med2d-tiny");
        GoldenAnswers goldens = new("sam-med2d-tiny");
        SliceImage image = new(250, 181, 3, Array.ConvertAll(goldens["padded.source_bgr"].Values, value => (byte)value));

        using SliceEmbedding embedding = segmenter.Encode(image);

        SamPicturesTests.AssertClose(goldens["padded.image_embeddings"].Values, ((SamEmbedding)embedding).Values, 2e-4);
        Assert.Equal(256 * 16 * 16 * 4, embedding.SizeBytes);
        // Prompts and masks follow the padding: the mask covers the slice, not the square.
        MaskPrediction prediction = segmenter.Predict(embedding, new() { Box = new(60, 50, 150, 120) });
        Assert.Equal((250, 181), (prediction.Mask.Width, prediction.Mask.Height));
    }

    [Fact]
    public void Predict_MaskWithoutItsNativeForm_IsNearlyTheSame()
    {
        using IPromptableSegmenter segmenter = Open("sam-med2d-tiny");
        using SliceEmbedding embedding = segmenter.Encode(DemoSlices.ReadImage("s0114_111"));
        MaskPrediction first = segmenter.Predict(embedding, new() { Box = new(77, 45, 160, 127) });

        MaskPrediction native = segmenter.Predict(embedding, new() { Mask = first.Mask });
        MaskPrediction foreign = segmenter.Predict(embedding, new() { Mask = first.Mask with { Native = first.Mask.Native! with { ModelId = "another" } } });
        MaskPrediction inverted = segmenter.Predict(
            embedding, new() { Mask = new(258, 181, Array.ConvertAll(first.Mask.Probabilities.ToArray(), value => value > 0.5f ? 0f : 1f)) });

        Assert.Equal(native.PredictedIou, foreign.PredictedIou, 2e-3);
        Assert.NotEqual(native.PredictedIou, foreign.PredictedIou);
        Assert.True(Math.Abs(native.PredictedIou - inverted.PredictedIou) > 2 * Math.Abs(native.PredictedIou - foreign.PredictedIou));
    }

    [Fact]
    public void Predict_ManyAtOnce_AnswersAsOneByOne()
    {
        using IPromptableSegmenter segmenter = Open("sam-med2d-tiny");
        using SliceEmbedding embedding = segmenter.Encode(DemoSlices.ReadImage("s0114_111"));
        PromptSet[] prompts = [.. Enumerable.Range(0, 16).Select(n => new PromptSet { Points = [new(20 + 10 * n, 20 + 8 * n, true)], Box = n % 2 == 0 ? new(5, 5, 90, 99) : null })];
        float[][] expected = [.. prompts.Select(Answer)];

        float[][] found = new float[prompts.Length][];
        Parallel.For(0, prompts.Length, new() { MaxDegreeOfParallelism = 4 }, n => found[n] = Answer(prompts[n]));

        for (int n = 0; n < prompts.Length; n++) Assert.Equal(expected[n], found[n]);

        float[] Answer(PromptSet set) => segmenter.Predict(embedding, set).Mask.Probabilities.ToArray();
    }

    [Fact]
    public void Predict_BadPromptsOrForeignEmbedding_IsRefused()
    {
        using IPromptableSegmenter segmenter = Open("sam-med2d-tiny");
        using SliceEmbedding embedding = segmenter.Encode(FlatSlice());
        foreach (PromptSet prompts in (PromptSet[])[
            new(), new() { Points = [new(double.NaN, 1, true)] }, new() { Box = new(30, 30, 10, 40) }, new() { Box = new(99, 99, 120, 120) },
            new() { Mask = new(10, 10, new float[100]) }])
            Assert.Throws<InvalidPromptException>(() => segmenter.Predict(embedding, prompts));
        using IPromptableSegmenter compact = SegmenterFactory.Open(null, new() { Device = InferenceDevice.Cpu });
        using SliceEmbedding other = compact.Encode(FlatSlice());
        Assert.Throws<ArgumentException>(() => segmenter.Predict(other, new() { Points = [new(1, 1, true)] }));
        Assert.Throws<OperationCanceledException>(() => segmenter.Encode(FlatSlice(), new(canceled: true)));
    }

    [Fact]
    public void Open_ImportedModel_MissingItsWeightsOrDescription_IsRefused()
    {
        Open("sam-med2d-tiny").Dispose();
        string weights = Directory.GetFiles(_folder, "encoder*").Single(path => !path.EndsWith(".onnx", StringComparison.Ordinal));
        File.Move(weights, weights + ".away");
        Assert.Contains(Path.GetFileName(weights), Assert.Throws<ModelException>(() => SegmenterFactory.Open(_folder)).Message);
        File.Move(weights + ".away", weights);
        File.Delete(Path.Combine(_folder, ModelManifest.FileName));
        Assert.Contains("keeps weights in another file", Assert.Throws<ModelException>(() => SegmenterFactory.Open(_folder)).Message);
    }

    // The goldens were made by stretching, as SAM-Med2D's predictor class does; original SAM would keep the aspect.
    private IPromptableSegmenter Open(string checkpoint, bool withoutAdapters = false)
    {
        Assert.SkipWhen(GoldenAnswers.Missing is not null, GoldenAnswers.Missing ?? "");
        ModelManifest manifest = ModelImport.Run(
            Repository.SharedPath("model-goldens", checkpoint + ".pth"), _folder, new() { WithoutAdapters = withoutAdapters }).Manifest;
        if (manifest.Sam!.ImageSize != 256)
            (manifest with { Sam = manifest.Sam with { Preprocessing = manifest.Sam.Preprocessing with { Resize = ResizePolicy.Stretch } } }).Write(_folder);
        return SegmenterFactory.Open(_folder, new() { Device = InferenceDevice.Cpu, VerifyHashes = true });
    }

    private static PromptSet PromptsOf(GoldenPrompt golden, GoldenAnswers goldens, IPromptableSegmenter segmenter, SliceEmbedding embedding)
    {
        if (golden.MaskFrom is null) return golden.Prompts;
        float[] probabilities = Array.ConvertAll(goldens.LowResolution(golden.MaskFrom, golden.MaskIndex).ToArray(), Sigmoid);
        NativeMaskPrompt native = new(segmenter.Description.Id, golden.InputSize / 4, golden.InputSize / 4, probabilities);
        return golden.Prompts with { Mask = new(embedding.Width, embedding.Height, new float[embedding.Width * embedding.Height], native) };
    }

    private static double LargestLogitDifference(ReadOnlySpan<float> expected, NativeMaskPrompt native, string model)
    {
        bool isProbability = model != "sam-tiny-1024";
        ReadOnlySpan<float> found = native.Values.Span;
        double worst = 0;
        for (int n = 0; n < expected.Length; n++)
            worst = Math.Max(worst, Math.Abs(expected[n] - (isProbability ? Math.Log(found[n] / (1.0 - found[n])) : found[n])));
        return worst;
    }

    private static float Sigmoid(float logit) => (float)(1 / (1 + Math.Exp(-logit)));

    private static SliceImage FlatSlice() => new(64, 64, 1, new byte[64 * 64]);
}
