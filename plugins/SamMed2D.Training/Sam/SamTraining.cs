using System.Security.Cryptography;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Runs;
using SamMed2D.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace SamMed2D.Training.Sam;

/// <summary>
/// Fine-tunes SAM or SAM-Med2D. A step is one update from a box or a point, of all that learns, and then updates of the decoder from corrections of its own
/// answers (SAM-Med2D's paper and public training code).
/// </summary>
internal sealed class SamTraining : ITraining
{
    private readonly SamRecipe _recipe;
    private readonly SamNetwork _network;
    private readonly (string Name, Parameter Value)[] _learning;
    private readonly SamData _data;
    private readonly SamPromptMaker _prompts;
    private readonly SamLoss _loss;
    private readonly SamValidation? _validation;
    private readonly double _stepsPerEpoch;
    private (long Step, Task<SamBatch[]> Batches)? _next;

    /// <summary>Loads the checkpoint and parts the data set.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="checkpoint">The <c>.pth</c> file to start from.</param>
    /// <param name="pictures">The pictures to learn from; some are kept back if the recipe says so.</param>
    /// <param name="files">Reads them.</param>
    /// <exception cref="ModelException">The checkpoint is damaged or of another architecture.</exception>
    public SamTraining(SamRecipe recipe, string checkpoint, IReadOnlyList<DatasetPicture> pictures, IPictureFiles files)
    {
        _recipe = recipe;
        set_num_threads(recipe.Threads > 0 ? recipe.Threads : Environment.ProcessorCount);
        using (CheckpointFile file = CheckpointFile.Open(checkpoint))
        {
            SamArchitecture architecture = SamArchitecture.Read(file);
            int side = recipe.ImageSize ?? architecture.ImageSize;
            if (side < 4 * architecture.PatchSize || side % (2 * architecture.PatchSize) != 0)
                throw new ModelException(checkpoint, $"cannot be trained at {side} pixels; give the recipe an imageSize that is a multiple of {2 * architecture.PatchSize}");
            Arithmetic arithmetic = new() { Type = recipe.Precision == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32 };
            _network = new SamNetwork(architecture, side, architecture.HasAdapters || recipe.Train == SamParts.Adapters, arithmetic);
            SamWeights.Load(file, _network, recipe.Seed);
        }
        if (recipe.LowRank > 0) _network.AddLowRank(recipe.LowRank, recipe.Seed);
        using (FileStream stream = File.OpenRead(checkpoint)) Origin = Convert.ToHexStringLower(SHA256.HashData(stream));
        foreach ((string name, Parameter parameter) in _network.named_parameters()) parameter.requires_grad = Learns(name);
        _learning = [.. _network.named_parameters().Where(parameter => parameter.parameter.requires_grad).Select(parameter => (parameter.name, parameter.parameter))];
        Optimiser = new AdamW([.. _learning.Select(parameter => (parameter.Name, (Tensor)parameter.Value))], recipe.Optimiser);

        (IReadOnlyList<DatasetPicture> learned, IReadOnlyList<DatasetPicture> keptBack) = KeptSubjects.Of(pictures, recipe.Validation.Part, recipe.Seed);
        _data = new SamData(learned, recipe, _network.ImageSize, files);
        _prompts = new SamPromptMaker(_network.ImageSize, _network.MaskSize);
        _loss = new SamLoss(recipe.FocalWeight, recipe.IouWeight, recipe.PerMaskLoss);
        if (keptBack.Count > 0) _validation = new SamValidation(_network, _prompts, _data, keptBack, recipe);
        _stepsPerEpoch = recipe.StepsPerEpoch(learned.Count);
        Steps = (long)Math.Ceiling(recipe.Epochs * _stepsPerEpoch);
        Summary = $"{learned.Count} pictures of {Subjects(learned)} subjects to learn from, {keptBack.Count} of {Subjects(keptBack)} to measure; {_learning.Sum(parameter => parameter.Value.numel()) / 1e6:0.0} million weights learn";
    }

    public string Name => _recipe.Name;

    public long Seed => _recipe.Seed;

    public long Steps { get; init; }

    public string Unit => "masks";

    public int SamplesPerStep => _recipe.SamplesPerStep;

    public string Origin { get; }

    public string Summary { get; }

    public AdamW Optimiser { get; }

    public string WeightsEnding => ".pth";

    public IReadOnlyList<string> Skipped => _data.Skipped;

    /// <summary>Steps between validations as the recipe has them; 0 where nothing is kept back.</summary>
    public long ValidateEverySteps => _validation is null ? 0 : Math.Max(1, (long)Math.Round(_recipe.Validation.EveryEpochs * _stepsPerEpoch));

    public StepResult Step(long step)
    {
        double rate = _recipe.RateAt(step, Steps, _stepsPerEpoch);
        RandomSource random = new(_recipe.Seed ^ 0x5A17, step);
        using DisposeScope scope = NewDisposeScope();
        Share[] shares = [.. TakeBatches(step).Select(batch => new Share(batch))];
        StepResult result = First(shares, random, rate);
        int dropped = _recipe.Corrections > 2 ? random.Between(1, _recipe.Corrections - 2) : -1;
        for (int n = 0; n < _recipe.Corrections && double.IsFinite(result.Norm); n++)
        {
            double norm = Correct(shares, random, rate, withoutPoints: n == dropped || n == _recipe.Corrections - 1);
            if (!double.IsFinite(norm)) result = result with { Norm = norm };
        }
        return result;
    }

    public double? Validate(CancellationToken cancellation) => _validation?.Measure(cancellation);

    public void SaveWeights(string path, IReadOnlyDictionary<string, string> metadata) => TorchFile.Write(path, [.. SamWeights.ToStateDict(_network)]);

    public void Dispose()
    {
        Optimiser.Dispose();
        _network.Dispose();
    }

    // The frequencies of positions are constants, not weights.
    private bool Learns(string name)
    {
        if (name.Contains("pe_layer", StringComparison.Ordinal)) return false;
        if (!IsOfEncoder(name) || _recipe.Train == SamParts.All) return true;
        return name.Contains("low_rank", StringComparison.Ordinal) || (_recipe.Train == SamParts.Adapters && name.Contains(SamWeights.AdapterMark, StringComparison.Ordinal));
    }

    private static bool IsOfEncoder(string name) => name.StartsWith("image_encoder.", StringComparison.Ordinal);

    // The next step's pictures are read while this one computes.
    private SamBatch[] TakeBatches(long step)
    {
        SamBatch[] batches = _next is { } next && next.Step == step ? next.Batches.GetAwaiter().GetResult() : MakeBatches(step);
        _next = step + 1 < Steps ? (step + 1, Task.Run(() => MakeBatches(step + 1))) : null;
        return batches;
    }

    private SamBatch[] MakeBatches(long step)
    {
        bool withNeighbours = new RandomSource(_recipe.Seed ^ 0x4E1, step).Chance(_recipe.NeighbourMask);
        return [.. Enumerable.Range(0, _recipe.Accumulate).Select(n => _data.Make(step * _recipe.Accumulate + n, withNeighbours))];
    }

    private StepResult First(Share[] shares, RandomSource random, double rate)
    {
        double loss = 0, dice = 0, error = 0;
        bool isBox = random.Chance(0.5f), isAlone = random.Chance(0.5f), encoderLearns = _learning.Any(parameter => IsOfEncoder(parameter.Name));
        foreach (Share share in shares)
        {
            using DisposeScope scope = NewDisposeScope();
            SamPrompts prompts = isBox ? _prompts.Boxes(share.Batch.Targets, random) : _prompts.Points(share.Batch.Targets, random);
            Tensor embeddings;
            using (encoderLearns ? null : no_grad())
                embeddings = _network.Encoder.Encode(SamTensors.Pictures(share.Batch.Pictures)).repeat_interleave(_recipe.MasksPerImage, 0);
            Tensor targets = SamTensors.Masks(share.Batch.Targets, _network.ImageSize);
            SamAnswer answer = _network.Predict(embeddings, _prompts.WithNeighbours(prompts, share.Batch.Neighbours, isAlone));
            Tensor total = _loss.Of(answer, targets).Total;
            (total / shares.Length).backward();
            share.Keep(embeddings, targets, answer);
            (double shareDice, double shareError) = SamLoss.Score(answer, targets);
            (loss, dice, error) = (loss + total.item<float>() / shares.Length, dice + shareDice / shares.Length, error + shareError / shares.Length);
        }
        return new(loss, dice, error, Update(rate, _ => true), rate);
    }

    private double Correct(Share[] shares, RandomSource random, double rate, bool withoutPoints)
    {
        foreach (Share share in shares)
        {
            using DisposeScope scope = NewDisposeScope();
            int count = _recipe.CorrectionPoints[random.Below(_recipe.CorrectionPoints.Count)];
            SamPrompts prompts = _prompts.Corrections(share.Answer, share.Batch.Targets, count, random);
            SamAnswer answer = _network.Predict(share.Embeddings, withoutPoints ? SamPromptMaker.WithoutPoints(prompts) : prompts, _recipe.CorrectionsTrainPrompts);
            (_loss.Of(answer, share.Targets).Total / shares.Length).backward();
            share.Keep(share.Embeddings, share.Targets, answer);
        }
        return Update(rate, name => !IsOfEncoder(name));
    }

    private double Update(double rate, Func<string, bool> isUpdated)
    {
        using DisposeScope scope = NewDisposeScope();
        double norm = Optimiser.Update([.. _learning.Select(parameter => isUpdated(parameter.Name) ? parameter.Value.grad : null)], rate);
        _network.zero_grad(set_to_none: true);
        return norm;
    }

    private static int Subjects(IReadOnlyList<DatasetPicture> pictures) => pictures.Select(KeptSubjects.SubjectOf).Distinct().Count();

    /// <summary>A batch on its way through a step: what the corrections need of what went before, free of gradients.</summary>
    private sealed class Share(SamBatch batch)
    {
        public SamBatch Batch => batch;

        public Tensor Embeddings { get; private set; } = null!;

        public Tensor Targets { get; private set; } = null!;

        public SamAnswer Answer { get; private set; } = null!;

        public void Keep(Tensor embeddings, Tensor targets, SamAnswer answer)
        {
            if (!ReferenceEquals(embeddings, Embeddings)) (Embeddings, Targets) = (embeddings.detach().MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope());
            Answer = new(answer.Masks.detach().MoveToOuterDisposeScope(), answer.LowResolution.detach().MoveToOuterDisposeScope(), answer.Ious.detach().MoveToOuterDisposeScope());
        }
    }
}

/// <summary>Pictures and masks as tensors on the default device.</summary>
internal static class SamTensors
{
    /// <summary>Pictures [B,3,S,S].</summary>
    public static Tensor Pictures(IReadOnlyList<SamExample> pictures) =>
        stack([.. pictures.Select(picture => tensor(picture.Pixels, 3, picture.Side, picture.Side))]);

    /// <summary>Masks [N,1,S,S].</summary>
    public static Tensor Masks(IReadOnlyList<SamMask> masks, int side) =>
        stack([.. masks.Select(mask => tensor(mask.Pixels, 1, side, side).to_type(ScalarType.Float32))]);
}
