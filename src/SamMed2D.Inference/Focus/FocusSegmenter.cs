using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Pictures;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Focus;

/// <summary>
/// Runs a focus model: a network over a crop round the prompt, with the prompts as image channels. There is no separate work for a
/// slice; its embedding is the slice. Clicks alone take two passes: one to find the object's size, one that looks closely.
/// </summary>
internal sealed class FocusSegmenter : IPromptableSegmenter
{
    private static readonly string[] s_inputNames = ["focus_input"];
    private static readonly string[] s_outputNames = ["logits", "iou_predictions"];

    private readonly FocusInterface _rules;
    private readonly FocusFraming _framing;
    private readonly OnnxSession _session;
    private readonly ConcurrentBag<Workspace> _idle = [];
    private readonly ConcurrentQueue<FocusEmbedding> _idleEmbeddings = new();
    private readonly PredictionPool _predictions;

    private FocusSegmenter(SegmenterDescription description, FocusInterface rules, OnnxSession session)
    {
        (Description, _rules, _framing, _session) = (description, rules, new(rules), session);
        _predictions = new(new(description.Id, NativeSize: 0, rules.PreviousPicture));
    }

    /// <inheritdoc/>
    public SegmenterDescription Description { get; }

    /// <summary>Loads a focus model.</summary>
    /// <exception cref="ModelException">The graph is damaged or not one of a focus model.</exception>
    /// <exception cref="MissingComponentException">CUDA is asked for and absent.</exception>
    public static FocusSegmenter Open(ModelFolder folder, InferenceOptions options)
    {
        string path = folder.PathOf(ModelFileRole.Focus);
        ModelManifest manifest = folder.Manifest!;
        OnnxSession session = OnnxSession.Open(path, options);
        foreach (string name in s_inputNames)
            if (!session.Inputs.ContainsKey(name)) throw Refusal(session, path, "input", name);
        foreach (string name in s_outputNames)
            if (!session.Outputs.ContainsKey(name)) throw Refusal(session, path, "output", name);
        int channels = FocusInput.ChannelsOf(manifest.Focus!), found = session.Inputs[s_inputNames[0]].Dimensions[1];
        if (found != channels)
        {
            session.Dispose();
            throw new ModelException(path, $"takes {found} channels where model.json promises {channels}; export or import the model again");
        }
        SegmenterDescription description = new(manifest.Id, manifest.Name, "focus", manifest.Licence, manifest.Provenance, session.Device)
        {
            Confidence = ModelConfidence.Read(folder, options),
        };
        return new(description, manifest.Focus!, session);
    }

    /// <inheritdoc/>
    public SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        // Of another size are the slices of an earlier scan or another axis; they are not kept.
        while (_idleEmbeddings.TryDequeue(out FocusEmbedding? idle))
            if (idle.Width == image.Width && idle.Height == image.Height)
            {
                idle.Show(image);
                return idle;
            }
        return new FocusEmbedding(image, _rules.CanvasSize);
    }

    /// <inheritdoc/>
    public MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default)
    {
        if (embedding is not FocusEmbedding slice) throw new ArgumentException("The embedding is not one of a focus model.", nameof(embedding));
        PromptSet checkedPrompts = PromptRules.Check(prompts, slice.Width, slice.Height);
        if (!_idle.TryTake(out Workspace? workspace)) workspace = new(_rules, _session);
        try
        {
            FocusCrop crop = RunPasses(slice, checkedPrompts, workspace, cancellation);
            PredictionBuffer prediction = _predictions.Take(slice.Width, slice.Height, candidates: 1);
            prediction[0] = new(workspace.PredictedIou, Stability.ScoreOf(workspace.Logits));
            new FocusView(crop, _rules.CropSize, slice.Canvas).Paste(workspace.Logits, slice.Width, slice.Height, prediction.Probabilities);
            if (_rules.PreviousPicture) slice.Pixels.CopyTo(prediction.Picture); // the mask outlives the slice
            return prediction.PredictionOf(chosen: 0);
        }
        finally
        {
            _idle.Add(workspace);
        }
    }

    /// <inheritdoc/>
    public void Recycle(MaskPrediction prediction) => _predictions.Return(prediction);

    /// <inheritdoc/>
    public void Recycle(SliceEmbedding embedding) => _idleEmbeddings.Enqueue((FocusEmbedding)embedding);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out Workspace? workspace)) workspace.Dispose();
        _session.Dispose();
    }

    private FocusCrop RunPasses(FocusEmbedding slice, PromptSet prompts, Workspace workspace, CancellationToken cancellation)
    {
        if (_framing.FrameOf(prompts, slice.Canvas) is { } known)
        {
            Run(slice, known, prompts, workspace, cancellation);
            return known;
        }
        if (prompts.Points.Count == 0)
            throw new InvalidPromptException("the mask marks no pixel, and there is no box or point; give a mask of the object, a box or a point");
        FocusCrop first = _framing.FirstFrameOf(prompts.Points, slice.Canvas);
        Run(slice, first, prompts, workspace, cancellation);
        if (_framing.SecondFrameOf(first, workspace.Logits, prompts.Points, slice.Canvas) is not { } second) return first;
        Run(slice, second, prompts, workspace, cancellation);
        return second;
    }

    private void Run(FocusEmbedding slice, FocusCrop crop, PromptSet prompts, Workspace workspace, CancellationToken cancellation)
    {
        FocusInput.Draw(slice, crop, prompts, _rules, workspace.Input);
        workspace.Graph.Run(cancellation);
    }

    private static ModelException Refusal(OnnxSession session, string path, string direction, string name)
    {
        session.Dispose();
        return new(path, $"has no {direction} '{name}', so it is not a focus model; name another model folder");
    }

    /// <summary>The buffers of one run, reused.</summary>
    private sealed class Workspace : IDisposable
    {
        private readonly float[] _iou = new float[1];
        private readonly OrtValue[] _tensors;

        public Workspace(FocusInterface rules, OnnxSession session)
        {
            int cropSize = rules.CropSize, channels = FocusInput.ChannelsOf(rules);
            Input = new float[channels * cropSize * cropSize];
            Logits = new float[cropSize * cropSize];
            _tensors =
            [
                OrtValue.CreateTensorValueFromMemory(Input, [1, channels, cropSize, cropSize]),
                OrtValue.CreateTensorValueFromMemory(Logits, [1, 1, cropSize, cropSize]),
                OrtValue.CreateTensorValueFromMemory(_iou, [1]),
            ];
            Graph = session.CreateRun(s_inputNames, s_outputNames);
            Graph.SetInput(0, _tensors[0]);
            Graph.SetOutput(0, _tensors[1]);
            Graph.SetOutput(1, _tensors[2]);
        }

        public float[] Input { get; }

        public float[] Logits { get; }

        public float PredictedIou => _iou[0];

        public OnnxRun Graph { get; }

        public void Dispose()
        {
            Graph.Dispose();
            foreach (OrtValue value in _tensors) value.Dispose();
        }
    }
}
