using Microsoft.ML.OnnxRuntime;
using SamMed2D.Testing;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Native;
using SamMed2D.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace SamMed2D.Training.Tests;

public class FocusNetworkTests
{
    private static readonly string[] s_compact = ["models", "compact"];

    [Fact]
    public void Forward_SharedWeights_EqualsOnnxRuntime()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        Assert.SkipWhen(Repository.SharedMissing(s_compact) is not null, Repository.SharedMissing(s_compact) ?? "");
        const int stored = 6, area = FocusLayout.Area;
        float[] planes = new float[2 * stored * area];
        RandomSource random = new(7, 0);
        for (int n = 0; n < planes.Length; n++) planes[n] = random.Normal();
        using InferenceSession session = new(Repository.SharedPath("models", "compact", "focus.onnx"));
        using OrtValue value = OrtValue.CreateTensorValueFromMemory(planes, [2, stored, FocusLayout.Side, FocusLayout.Side]);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> expected = session.Run(options, ["focus_input"], [value], ["logits", "iou_predictions"]);

        using FocusNetwork network = new();
        FocusWeights.Load(Repository.SharedPath("models", "compact", "focus.safetensors"), [.. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))]);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        // The two channels that the stored network lacks hold anything: their weights start at zero.
        Tensor input = cat([tensor(planes, 2, stored, FocusLayout.Side, FocusLayout.Side), randn(2, 2, FocusLayout.Side, FocusLayout.Side)], 1);
        (Tensor logits, Tensor iou) = network.forward(input);

        AssertClose(expected[0].GetTensorDataAsSpan<float>(), logits.data<float>().ToArray(), 2e-3f);
        AssertClose(expected[1].GetTensorDataAsSpan<float>(), iou.data<float>().ToArray(), 1e-4f);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        float worst = 0;
        for (int n = 0; n < expected.Length; n++) worst = Math.Max(worst, Math.Abs(expected[n] - actual[n]));
        Assert.InRange(worst, 0, tolerance);
    }
}
