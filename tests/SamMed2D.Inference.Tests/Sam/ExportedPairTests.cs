using SamMed2D.Core.Errors;
using SamMed2D.Inference.Runtime;
using SamMed2D.Inference.Tests.Models;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Tests.Sam;

/// <summary>Models exported elsewhere, by a pair whose answers can be told by hand.</summary>
public sealed class ExportedPairTests : IDisposable
{
    // (0 - mean) / std of red: what a black slice becomes, in the picture and so in the embedding.
    private const double Black = -123.675 / 58.395;

    private readonly string _folder = Directory.CreateTempSubdirectory("exported-").FullName;
    private readonly List<string> _notices = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Predict_PointPrompt_TakesTheBestOfMasks1To3()
    {
        ExportedPairFixture.Write(_folder);
        using IPromptableSegmenter segmenter = Open();
        using SliceEmbedding embedding = segmenter.Encode(new(100, 100, 1, new byte[10000]));

        MaskPrediction prediction = segmenter.Predict(embedding, new() { Points = [new(5, 5, true), new(6, 6, true)] });

        // Two labels of 1 and the padding's -1; mask 2 adds 2.
        Assert.Equal(2, prediction.Chosen);
        Assert.Equal(4, prediction.Candidates.Count);
        Assert.Equal(0.8f, prediction.PredictedIou, 1e-6);
        Assert.Equal(Sigmoid(Black + 2 + 1), prediction.Mask.Probabilities.Span[50 * 100 + 50], 1e-5);
    }

    [Fact]
    public void Predict_BoxPrompt_SendsItsCornersAndNoPadding()
    {
        ExportedPairFixture.Write(_folder);
        using IPromptableSegmenter segmenter = Open();
        using SliceEmbedding embedding = segmenter.Encode(new(100, 100, 1, new byte[10000]));

        MaskPrediction prediction = segmenter.Predict(embedding, new() { Box = new(5, 5, 9, 9), Points = [new(5, 5, false)] });

        Assert.Equal(Sigmoid(Black + 2 + 2 + 3), prediction.Mask.Probabilities.Span[0], 1e-5);
    }

    [Fact]
    public void Predict_ItsOwnMask_ComesBackAsLogitsUnchanged()
    {
        ExportedPairFixture.Write(_folder);
        using IPromptableSegmenter segmenter = Open();
        using SliceEmbedding embedding = segmenter.Encode(new(100, 100, 1, new byte[10000]));
        MaskPrediction first = segmenter.Predict(embedding, new() { Points = [new(5, 5, true)] });

        MaskPrediction second = segmenter.Predict(embedding, new() { Mask = first.Mask });

        // 64 pixels are not SAM-Med2D's 256, so the domain is original SAM's: logits. A mask alone is sent with one padding point.
        Assert.Equal(Black + 2, first.Mask.Native!.Values.Span[0], 1e-4);
        Assert.Equal(Black + 2 - 1 + (Black + 2), second.Mask.Native!.Values.Span[0], 1e-4);
    }

    [Fact]
    public void Predict_StabilityScores_CountTheBandRoundTheEdge()
    {
        ExportedPairFixture.Write(_folder);
        using IPromptableSegmenter segmenter = Open();
        byte[] pixels = new byte[64 * 64];
        for (int n = 0; n < pixels.Length; n++) pixels[n] = n % 64 < 16 ? (byte)255 : n % 64 < 32 ? (byte)124 : (byte)0;
        using SliceEmbedding embedding = segmenter.Encode(new(64, 64, 1, pixels));

        MaskPrediction prediction = segmenter.Predict(embedding, new() { Points = [new(5, 5, true)] });

        // Mask 0 is white 2.25, grey 0.006, black -2.1: one column of four is surely in, two are perhaps.
        Assert.Equal(0.5f, prediction.Candidates[0].StabilityScore);
    }

    [Fact]
    public void Open_Pair_SaysWhatItAssumed()
    {
        ExportedPairFixture.Write(_folder);

        using IPromptableSegmenter segmenter = Open();

        Assert.Contains(_notices, notice => notice.Contains("original SAM at 64 pixels"));
        Assert.DoesNotContain(_notices, notice => notice.Contains("single mask"));
        Assert.Equal("unknown", segmenter.Description.Licence);
    }

    [Fact]
    public void Open_SingleMaskExport_Warns()
    {
        ExportedPairFixture.Write(_folder, masks: 1);

        using IPromptableSegmenter segmenter = Open();

        Assert.Contains(_notices, notice => notice.Contains("single mask"));
        using SliceEmbedding embedding = segmenter.Encode(new(9, 9, 1, new byte[81]));
        Assert.Equal(0, segmenter.Predict(embedding, new() { Points = [new(5, 5, true)] }).Chosen);
    }

    [Fact]
    public void Open_OtherNames_SaysWhatIsMissingAndWhatIsThere()
    {
        ExportedPairFixture.Write(_folder);
        new TinyOnnx().Input("image", 1, 3, 64, 64).Output("features", 1, 3, 64, 64).Node("Identity", ["image"], "features").Save(Path.Combine(_folder, "encoder.onnx"));

        ModelException refusal = Assert.Throws<ModelException>(() => Open());

        Assert.Contains("has no input 'input_image' but image", refusal.Message);
    }

    [Fact]
    public void Open_EncoderThatPreprocesses_IsRefused()
    {
        ExportedPairFixture.Write(_folder);
        new TinyOnnx().Input("input_image", -1, -1, 3).Output("image_embeddings", -1, -1, 3).Node("Identity", ["input_image"], "image_embeddings")
            .Save(Path.Combine(_folder, "encoder.onnx"));

        ModelException refusal = Assert.Throws<ModelException>(() => Open());

        Assert.Contains("export it without preprocessing", refusal.Message);
    }

    private IPromptableSegmenter Open() => SegmenterFactory.Open(_folder, new() { Device = InferenceDevice.Cpu, Notice = _notices.Add });

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
