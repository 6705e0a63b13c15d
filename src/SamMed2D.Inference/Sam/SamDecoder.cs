using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Prompts;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;

namespace SamMed2D.Inference.Sam;

/// <summary>Runs a SAM decoder between buffers that are reused from prompt to prompt. One thread at a time.</summary>
internal sealed class SamDecoder : IDisposable
{
    private const float Background = 0, Foreground = 1, BoxStart = 2, BoxEnd = 3, Padding = -1;

    private static readonly string[] s_outputNames = [SamNames.LowResolutionMasks, SamNames.Ious];

    private readonly SamInterface _model;
    private readonly string _modelId;
    private readonly OnnxRun _graph;
    private readonly float[] _embedding, _mask;
    private readonly float[] _hasMask = new float[1];
    private readonly OrtValue[] _tensors;
    private readonly Dictionary<int, PointTensors> _points = [];
    private float[] _logits = [], _ious = [];
    private OrtValue[] _outputs = [];

    /// <summary>Creates the buffers.</summary>
    /// <param name="session">The decoder's graph.</param>
    /// <param name="model">How the model is fed.</param>
    /// <param name="modelId">The model's identity: its own masks are taken as they are.</param>
    public SamDecoder(OnnxSession session, SamInterface model, string modelId)
    {
        (_model, _modelId) = (model, modelId);
        int side = model.MaskSize;
        _mask = new float[side * side];
        long[] shape = [1, .. model.EmbeddingShape];
        _embedding = new float[SizeOf(shape)];
        _tensors =
        [
            OrtValue.CreateTensorValueFromMemory(_embedding, shape),
            OrtValue.CreateTensorValueFromMemory(_mask, [1, 1, side, side]),
            OrtValue.CreateTensorValueFromMemory(_hasMask, [1]),
            // The graph's own resize to this size is not used; the input's size costs it least.
            OrtValue.CreateTensorValueFromMemory(new float[] { model.ImageSize, model.ImageSize }, [2]),
        ];
        string[] names = [SamNames.Embedding, SamNames.Points, SamNames.Labels, SamNames.Mask, SamNames.HasMask];
        _graph = session.CreateRun(model.Decoder.HasOriginalSizeInput ? [.. names, SamNames.OriginalSize] : names, s_outputNames);
        _graph.SetInput(0, _tensors[0]);
        for (int n = 1; n < _tensors.Length - (model.Decoder.HasOriginalSizeInput ? 0 : 1); n++) _graph.SetInput(2 + n, _tensors[n]);
        long[][] shapes = [.. s_outputNames.Select(name => Array.ConvertAll(session.Outputs[name].Dimensions, size => (long)size))];
        if (shapes.All(shape => shape.Length > 0 && shape.All(size => size > 0))) CreateOutputs(shapes);
    }

    /// <summary>What the last run answered: one square of low-resolution logits a candidate.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>The IoU that the last run predicts for each candidate.</summary>
    public ReadOnlySpan<float> Ious => _ious;

    /// <summary>Answers prompts.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, before or inside the run.</exception>
    /// <exception cref="Core.Errors.ModelException">The graph is not the one that <c>model.json</c> describes.</exception>
    public void Run(SamEmbedding embedding, PromptSet prompts, CancellationToken cancellation)
    {
        FillMask(prompts.Mask, embedding.Fit);
        PointTensors points = FillPoints(prompts, embedding.Fit);
        embedding.Values.CopyTo(_embedding);
        _graph.SetInput(1, points.Tensors[0]);
        _graph.SetInput(2, points.Tensors[1]);
        if (_outputs.Length == 0) CreateOutputs(_graph.MeasureOutputs(cancellation));
        _graph.Run(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph.Dispose();
        foreach (OrtValue tensor in _tensors) tensor.Dispose();
        foreach (OrtValue tensor in _outputs) tensor.Dispose();
        foreach (PointTensors points in _points.Values) points.Dispose();
    }

    private void CreateOutputs(long[][] shapes)
    {
        (_logits, _ious) = (new float[SizeOf(shapes[0])], new float[SizeOf(shapes[1])]);
        _outputs = [OrtValue.CreateTensorValueFromMemory(_logits, shapes[0]), OrtValue.CreateTensorValueFromMemory(_ious, shapes[1])];
        for (int n = 0; n < _outputs.Length; n++) _graph.SetOutput(n, _outputs[n]);
    }

    private static int SizeOf(long[] shape) => checked((int)shape.Aggregate((product, size) => product * size));

    // Points, then the box's corners; without a box one padding point, which a mask alone does without where the graph allows.
    private PointTensors FillPoints(PromptSet prompts, SamFit fit)
    {
        bool isPadded = prompts.Box is null && (prompts.Points.Count > 0 || !_model.Decoder.AcceptsNoPoints);
        int count = prompts.Points.Count + (prompts.Box is null ? (isPadded ? 1 : 0) : 2);
        if (!_points.TryGetValue(count, out PointTensors? points)) _points.Add(count, points = new(count));
        int next = 0;
        foreach (PromptPoint point in prompts.Points) points.Set(next++, fit, point.X, point.Y, point.IsForeground ? Foreground : Background);
        if (prompts.Box is { } box)
        {
            points.Set(next++, fit, box.X0, box.Y0, BoxStart);
            points.Set(next, fit, box.X1, box.Y1, BoxEnd);
        }
        if (isPadded) points.SetPadding(next);
        return points;
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

    /// <summary>The buffers of a number of points.</summary>
    private sealed class PointTensors : IDisposable
    {
        private readonly float[] _coordinates, _labels;

        public PointTensors(int count)
        {
            (_coordinates, _labels) = (new float[2 * count], new float[count]);
            Tensors = [OrtValue.CreateTensorValueFromMemory(_coordinates, [1, count, 2]), OrtValue.CreateTensorValueFromMemory(_labels, [1, count])];
        }

        /// <summary>Coordinates and labels.</summary>
        public OrtValue[] Tensors { get; }

        public void Set(int number, SamFit fit, double x, double y, float label) =>
            (_coordinates[2 * number], _coordinates[2 * number + 1], _labels[number]) = ((float)fit.ToInputX(x), (float)fit.ToInputY(y), label);

        public void SetPadding(int number) => (_coordinates[2 * number], _coordinates[2 * number + 1], _labels[number]) = (0, 0, Padding);

        public void Dispose()
        {
            foreach (OrtValue tensor in Tensors) tensor.Dispose();
        }
    }
}
