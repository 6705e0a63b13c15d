using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Prompts;
using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Sam;

/// <summary>The inputs of one decoder call but the embedding; reused from call to call.</summary>
internal sealed class SamDecoderInputs : IDisposable
{
    private const float Background = 0, Foreground = 1, BoxStart = 2, BoxEnd = 3, Padding = -1;

    private readonly SamInterface _model;
    private readonly string _modelId;
    private readonly float[] _mask;
    private readonly float[] _hasMask = new float[1];
    private readonly OrtValue _maskTensor;
    private readonly OrtValue _hasMaskTensor;
    private readonly OrtValue _originalSizeTensor;

    /// <summary>Creates the buffers.</summary>
    /// <param name="model">How the model is fed.</param>
    /// <param name="modelId">The model's identity: its own masks are taken as they are.</param>
    public SamDecoderInputs(SamInterface model, string modelId)
    {
        (_model, _modelId) = (model, modelId);
        _mask = new float[model.MaskSize * model.MaskSize];
        _maskTensor = OrtValue.CreateTensorValueFromMemory(_mask, [1, 1, model.MaskSize, model.MaskSize]);
        _hasMaskTensor = OrtValue.CreateTensorValueFromMemory(_hasMask, [1]);
        // The graph's own resize to this size is not used; the input's size costs it least.
        _originalSizeTensor = OrtValue.CreateTensorValueFromMemory(new float[] { model.ImageSize, model.ImageSize }, [2]);
    }

    /// <summary>Names of the inputs, in the order of <see cref="CreateTensors"/>.</summary>
    public static string[] NamesFor(SamInterface model)
    {
        string[] names = [SamNames.Embedding, SamNames.Points, SamNames.Labels, SamNames.Mask, SamNames.HasMask];
        return model.Decoder.HasOriginalSizeInput ? [.. names, SamNames.OriginalSize] : names;
    }

    /// <summary>Fills the buffers from prompts.</summary>
    /// <returns>All inputs; only the second and third are new, and the caller's to dispose.</returns>
    public OrtValue[] CreateTensors(SamEmbedding embedding, PromptSet prompts)
    {
        FillMask(prompts.Mask, embedding.Fit);
        (float[] coordinates, float[] labels) = CreatePoints(prompts, embedding.Fit);
        OrtValue points = OrtValue.CreateTensorValueFromMemory(coordinates, [1, labels.Length, 2]);
        OrtValue pointLabels = OrtValue.CreateTensorValueFromMemory(labels, [1, labels.Length]);
        return _model.Decoder.HasOriginalSizeInput
            ? [embedding.Tensors[0], points, pointLabels, _maskTensor, _hasMaskTensor, _originalSizeTensor]
            : [embedding.Tensors[0], points, pointLabels, _maskTensor, _hasMaskTensor];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _maskTensor.Dispose();
        _hasMaskTensor.Dispose();
        _originalSizeTensor.Dispose();
    }

    // Points, then the box's corners; without a box one padding point, which a mask alone does without where the graph allows.
    private (float[] Coordinates, float[] Labels) CreatePoints(PromptSet prompts, SamFit fit)
    {
        bool isPadded = prompts.Box is null && (prompts.Points.Count > 0 || !_model.Decoder.AcceptsNoPoints);
        int count = prompts.Points.Count + (prompts.Box is null ? (isPadded ? 1 : 0) : 2);
        float[] coordinates = new float[2 * count], labels = new float[count];
        int next = 0;
        foreach (PromptPoint point in prompts.Points) Add(point.X, point.Y, point.IsForeground ? Foreground : Background);
        if (prompts.Box is { } box)
        {
            Add(box.X0, box.Y0, BoxStart);
            Add(box.X1, box.Y1, BoxEnd);
        }
        if (isPadded) labels[next] = Padding;
        return (coordinates, labels);

        void Add(double x, double y, float label)
        {
            (coordinates[2 * next], coordinates[2 * next + 1]) = ((float)fit.ToInputX(x), (float)fit.ToInputY(y));
            labels[next++] = label;
        }
    }

    private void FillMask(MaskPrompt? mask, SamFit fit)
    {
        _hasMask[0] = mask is null ? 0 : 1;
        if (mask is null)
            Array.Clear(_mask);
        else if (mask.Native is { } native && native.ModelId == _modelId && native.Values.Length == _mask.Length)
            native.Values.CopyTo(_mask);
        else
            SamMasks.ToPrompt(mask.Probabilities.Span, fit, _model.MaskSize, _model.MaskPrompt, _mask);
    }
}
