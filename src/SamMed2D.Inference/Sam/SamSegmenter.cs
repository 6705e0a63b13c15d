using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Pictures;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Embeddings;

namespace SamMed2D.Inference.Sam;

/// <summary>
/// Runs SAM and SAM-Med2D: the encoder once a slice, the prompt encoder and mask decoder once a prompt. Of several masks the one of
/// 1 to 3 with the highest predicted IoU is chosen, as in SAM-Med2D's training and testing.
/// </summary>
internal sealed class SamSegmenter : IPromptableSegmenter
{
    // Smaller models start faster than an optimised graph is worth keeping for; so does the decoder of any.
    private const long SmallModelBytes = 64 << 20;

    private static readonly string[] s_imageNames = [SamNames.Image], s_embeddingNames = [SamNames.Embedding];

    private readonly SamInterface _model;
    private readonly OnnxSession _encoder;
    private readonly OnnxSession _decoder;
    private readonly SamEmbeddingPool _embeddings;
    private readonly ConcurrentBag<EncoderRun> _idleEncoders = [];
    private readonly ConcurrentBag<SamDecoder> _idleDecoders = [];
    private readonly PredictionPool _predictions;

    private SamSegmenter(SegmenterDescription description, SamInterface model, OnnxSession encoder, OnnxSession decoder)
    {
        (Description, _model, _encoder, _decoder) = (description, model, encoder, decoder);
        _predictions = new(new(description.Id, model.MaskSize, HasPicture: false));
        _embeddings = new(description.Id, model.EmbeddingShape);
        EmbeddingCodec = new SamEmbeddingCodec(model, description, _embeddings);
    }

    /// <inheritdoc/>
    public SegmenterDescription Description { get; }

    /// <inheritdoc/>
    public IEmbeddingCodec? EmbeddingCodec { get; }

    /// <summary>Loads a SAM model.</summary>
    /// <exception cref="ModelException">A graph is damaged or not one of a SAM model.</exception>
    /// <exception cref="MissingComponentException">CUDA is asked for and absent.</exception>
    public static SamSegmenter Open(ModelFolder folder, InferenceOptions options)
    {
        return Open(folder.PathOf(ModelFileRole.Encoder), folder.PathOf(ModelFileRole.Decoder), options, folder.SizeBytes < SmallModelBytes ? null : folder.Fingerprint, (encoder, decoder) =>
        {
            SamNames.Check(folder, encoder, decoder);
            SamInterface model = folder.Manifest?.Sam ?? ExportedPair.Describe(folder, encoder, decoder, options.Notice);
            SegmenterDescription description = new(
                folder.Id, folder.Name, "sam", folder.Manifest?.Licence ?? "unknown", folder.Manifest?.Provenance ?? "ONNX files from elsewhere", encoder.Device)
            {
                Confidence = ModelConfidence.Read(folder, options),
            };
            return new(description, model, encoder, decoder);
        });
    }

    /// <summary>Loads graphs that were just written, whatever folder they lie in.</summary>
    internal static SamSegmenter Open(SegmenterDescription description, SamInterface model, string encoderPath, string decoderPath, InferenceOptions options) =>
        Open(encoderPath, decoderPath, options, null, (encoder, decoder) => new(description, model, encoder, decoder));

    private static SamSegmenter Open(string encoderPath, string decoderPath, InferenceOptions options, string? fingerprint, Func<OnnxSession, OnnxSession, SamSegmenter> create)
    {
        OnnxSession? encoder = null, decoder = null;
        try
        {
            encoder = OnnxSession.Open(encoderPath, options, fingerprint);
            decoder = OnnxSession.Open(decoderPath, options);
            return create(encoder, decoder);
        }
        catch
        {
            encoder?.Dispose();
            decoder?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default)
    {
        SamFit fit = new(image.Width, image.Height, _model.ImageSize, _model.Preprocessing.Resize);
        SamEmbedding embedding = _embeddings.Take(fit);
        if (!_idleEncoders.TryTake(out EncoderRun? encoder)) encoder = new(_encoder, _model);
        try
        {
            SamImage.Fill(image, fit, _model.Preprocessing, encoder.Pixels);
            encoder.Graph.Run(cancellation);
            encoder.Embedding.CopyTo(embedding.Values);
            return embedding;
        }
        catch
        {
            embedding.Dispose();
            throw;
        }
        finally
        {
            _idleEncoders.Add(encoder);
        }
    }

    /// <inheritdoc/>
    public MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default) =>
        Predict(embedding, prompts, null, cancellation);

    /// <inheritdoc/>
    public MaskPrediction PredictCandidate(SliceEmbedding embedding, PromptSet prompts, int candidate, CancellationToken cancellation = default) =>
        Predict(embedding, prompts, candidate, cancellation);

    private MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, int? wanted, CancellationToken cancellation)
    {
        if (embedding is not SamEmbedding slice || slice.Owner != Description.Id)
            throw new ArgumentException("The embedding is not one of this model.", nameof(embedding));
        PromptSet checkedPrompts = PromptRules.Check(prompts, slice.Width, slice.Height);
        if (!_idleDecoders.TryTake(out SamDecoder? decoder)) decoder = new(_decoder, _model, Description.Id);
        try
        {
            decoder.Run(slice, checkedPrompts, cancellation);
            return CreatePrediction(decoder.Logits, decoder.Ious, slice.Fit, wanted);
        }
        finally
        {
            _idleDecoders.Add(decoder);
        }
    }

    /// <inheritdoc/>
    public void Recycle(MaskPrediction prediction) => _predictions.Return(prediction);

    /// <inheritdoc/>
    public void Recycle(SliceEmbedding embedding) => _embeddings.Return((SamEmbedding)embedding);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idleEncoders.TryTake(out EncoderRun? encoder)) encoder.Dispose();
        while (_idleDecoders.TryTake(out SamDecoder? decoder)) decoder.Dispose();
        _embeddings.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private MaskPrediction CreatePrediction(ReadOnlySpan<float> logits, ReadOnlySpan<float> ious, SamFit fit, int? wanted)
    {
        int pixels = _model.MaskSize * _model.MaskSize;
        if (ious.Length == 0 || logits.Length != ious.Length * pixels)
            throw new ModelException(Description.Name, $"answered {logits.Length} logits for {ious.Length} masks of {pixels}; import or export the model again");
        PredictionBuffer prediction = _predictions.Take(fit.Width, fit.Height, ious.Length);
        for (int n = 0; n < prediction.Count; n++) prediction[n] = new(ious[n], Stability.ScoreOf(logits.Slice(n * pixels, pixels)));
        int chosen = wanted is { } asked ? Math.Clamp(asked, 0, ious.Length - 1) : ious.Length == 1 ? 0 : 1 + TensorPrimitives.IndexOfMax(ious[1..]);
        ReadOnlySpan<float> mask = logits.Slice(chosen * pixels, pixels);
        if (_model.MaskPrompt == MaskPromptDomain.Probability) TensorPrimitives.Sigmoid(mask, prediction.Native);
        else mask.CopyTo(prediction.Native);
        SamMasks.ToSlice(mask, _model.MaskSize, fit, prediction.Probabilities);
        return prediction.PredictionOf(chosen);
    }

    /// <summary>The encoder between buffers that are reused: a copy costs less than telling ONNX Runtime of other memory, which would leave garbage.</summary>
    private sealed class EncoderRun : IDisposable
    {
        private readonly OrtValue[] _tensors;

        public EncoderRun(OnnxSession encoder, SamInterface model)
        {
            long[] shape = [1, .. model.EmbeddingShape];
            Pixels = new float[3 * model.ImageSize * model.ImageSize];
            Embedding = new float[shape.Aggregate(1L, (product, size) => checked(product * size))];
            _tensors = [OrtValue.CreateTensorValueFromMemory(Pixels, [1, 3, model.ImageSize, model.ImageSize]), OrtValue.CreateTensorValueFromMemory(Embedding, shape)];
            Graph = encoder.CreateRun(s_imageNames, s_embeddingNames);
            Graph.SetInput(0, _tensors[0]);
            Graph.SetOutput(0, _tensors[1]);
        }

        public float[] Pixels { get; }

        public float[] Embedding { get; }

        public OnnxRun Graph { get; }

        public void Dispose()
        {
            Graph.Dispose();
            foreach (OrtValue tensor in _tensors) tensor.Dispose();
        }
    }
}
