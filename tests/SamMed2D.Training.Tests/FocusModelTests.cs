using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Inference;
using SamMed2D.Inference.Focus;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Native;
using SamMed2D.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SamMed2D.Training.Tests;

/// <summary>Trained weights as a model folder: the graph computes what training computed, and the segmenter feeds it what training fed it.</summary>
public sealed class FocusModelTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("sammed2d-focus-").FullName, "model");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, true);

    [Fact]
    public void Predict_ExportedModel_EqualsTheNetworkOnTheSameCrop()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        using FocusNetwork network = new();
        Export(network);
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(_folder);

        // A picture of exactly the canvas, a mask of exactly the crop that training would frame, and the picture beside the mask.
        const int size = 256;
        float[] current = Ramp(size, 0.3f), previous = Ramp(size, 0.5f), mask = new float[size * size];
        for (int y = 100; y < 140; y++)
            for (int x = 90; x < 130; x++) mask[y * size + x] = 1;
        SliceImage image = new(size, size, 1, ToBytes(current));
        using SliceEmbedding embedding = segmenter.Encode(image);
        MaskPrediction prediction = segmenter.Predict(embedding, new() { Mask = new MaskPrompt(size, size, mask) { Picture = ToBytes(previous) } });

        FocusView view = new(FocusCrop.Around(110, 120, 1.5 * 40), FocusLayout.Side, FocusCanvas.OfPixels);
        float[] input = new float[FocusLayout.Length], plane = new float[FocusLayout.Area];
        view.DrawPicture<float>(current, size, size, 1, plane);
        FocusStandard standard = FocusStandard.Of(plane);
        standard.Apply(plane);
        FocusLayout.Set(input, FocusChannel.Image, plane);
        view.DrawMask<float>(mask, size, size, plane);
        FocusLayout.Set(input, FocusChannel.Mask, plane);
        FocusLayout.Fill(input, FocusChannel.MaskGiven, 1);
        view.DrawPicture<float>(previous, size, size, 1, plane);
        standard.Apply(plane);
        FocusLayout.Set(input, FocusChannel.PreviousImage, plane);
        FocusLayout.Fill(input, FocusChannel.PreviousImageGiven, 1);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (_, Tensor iou) = network.forward(tensor(input, 1, FocusLayout.Side, FocusLayout.Side, FocusLayout.Channels).permute(0, 3, 1, 2));

        Assert.Equal(iou.item<float>(), prediction.PredictedIou, 3e-3f);
        Assert.False(prediction.Mask.Picture.IsEmpty);
    }

    [Fact]
    public void Load_ModelFolder_GivesTheWeightsItWasMadeFrom()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        using FocusNetwork network = new(), other = new();
        Export(network);

        FocusWeights.Load(_folder, [.. other.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))]);

        foreach (((string name, Tensor expected), (_, Tensor actual)) in network.named_parameters().Zip(other.named_parameters()))
            Assert.True(expected.equal(actual).all().item<bool>(), name);
    }

    [Fact]
    public void Write_WeightsThatAreNotFinite_IsRefusedAndLeavesNothing()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        Dictionary<string, FocusTensor> weights = new() { ["stem.weight"] = new([1], [float.NaN]) };

        Assert.Throws<ModelException>(() => FocusModelFolder.Write(_folder, weights, new FocusCard("x", "x", "x", "x")));
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void Evaluate_AnyModel_FillsTheTableAndItsFloors()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        using FocusNetwork network = new();
        Export(network);
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(_folder);
        const int size = 128;
        MaskPlane disc = new(size, size);
        for (int n = 0; n < disc.Pixels.Length; n++)
            if (Math.Pow(n % size - 60.5, 2) + Math.Pow(n / size - 60.5, 2) < 30 * 30) disc.Pixels[n] = 1;
        SliceImage image = new(size, size, 1, ToBytes(Ramp(size, 0.2f)));
        PictureCase picture = new("p", image, [new("disc", disc) { Neighbour = new(image, disc) }]);
        MaskResult result = Assert.Single(new PictureProtocol(segmenter, asUsers: true).Run(picture, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(Enum.GetValues<PictureSetting>(), result.Scores.Select(score => score.Setting));
        Assert.All(result.Scores, score => Assert.InRange(score.Dice, 0, 1));
        // A disc is its own inscribed ellipse, and fills π/4 of its box, to within half a percent: Dice 2·(π/4)/(1 + π/4).
        Assert.Equal(1, result.Find(PictureSetting.Ellipse)!.Value.Dice, 3);
        Assert.Equal(0.8798, result.Find(PictureSetting.FilledBox)!.Value.Dice, 2);
        Assert.Equal(1, result.Find(PictureSetting.CopiedMask)!.Value.Dice);
    }

    private void Export(FocusNetwork network)
    {
        SafetensorsFile file = new();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters()) file.Add(name, parameter);
        FocusModelFolder.Write(_folder, FocusWeights.ToTensors(file), new FocusCard("test", "none", "test", "test"));
    }

    private static byte[] ToBytes(float[] greys) => [.. greys.Select(value => (byte)MathF.Round(255 * value))];

    private static float[] Ramp(int size, float phase)
    {
        float[] plane = new float[size * size];
        for (int n = 0; n < plane.Length; n++) plane[n] = MathF.Round(255 * (0.5f + 0.4f * MathF.Sin(phase + 0.11f * (n % size)) * MathF.Cos(0.07f * (n / size)))) / 255;
        return plane;
    }
}
