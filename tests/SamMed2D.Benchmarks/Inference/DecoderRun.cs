using Microsoft.ML.OnnxRuntime;
using SamMed2D.Inference.Runtime;

namespace SamMed2D.Benchmarks.Inference;

/// <summary>A mask decoder as <c>model import</c> writes it with a box to decode, and nothing of the product's work round it.</summary>
internal sealed class DecoderRun : IDisposable
{
    private static readonly string[] s_inputs = ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input"];
    private static readonly string[] s_outputs = ["low_res_masks", "iou_predictions"];

    private readonly OnnxSession _session;
    private readonly OnnxRun _run;
    private readonly OrtValue[] _tensors;

    public DecoderRun(string path)
    {
        _session = OnnxSession.Open(path, new() { Device = InferenceDevice.Cpu });
        float[] embedding = new float[256 * 16 * 16];
        Random random = new(3);
        foreach (ref float value in embedding.AsSpan()) value = random.NextSingle() - 0.5f;
        _tensors =
        [
            OrtValue.CreateTensorValueFromMemory(embedding, [1, 256, 16, 16]),
            OrtValue.CreateTensorValueFromMemory(new float[] { 60, 60, 190, 190 }, [1, 2, 2]),
            OrtValue.CreateTensorValueFromMemory(new float[] { 2, 3 }, [1, 2]),
            OrtValue.CreateTensorValueFromMemory(new float[64 * 64], [1, 1, 64, 64]),
            OrtValue.CreateTensorValueFromMemory(new float[1], [1]),
            OrtValue.CreateTensorValueFromMemory(new float[4 * 64 * 64], [1, 4, 64, 64]),
            OrtValue.CreateTensorValueFromMemory(new float[4], [1, 4]),
        ];
        _run = _session.CreateRun(s_inputs, s_outputs);
        for (int n = 0; n < s_inputs.Length; n++) _run.SetInput(n, _tensors[n]);
        for (int n = 0; n < s_outputs.Length; n++) _run.SetOutput(n, _tensors[s_inputs.Length + n]);
    }

    public void Run() => _run.Run(CancellationToken.None);

    public void Dispose()
    {
        foreach (OrtValue tensor in _tensors) tensor.Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}
