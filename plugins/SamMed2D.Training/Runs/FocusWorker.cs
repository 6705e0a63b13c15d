using SamMed2D.Training.Examples;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace SamMed2D.Training.Runs;

/// <summary>What a share of a step gave.</summary>
/// <param name="Gradients">One a parameter; the caller disposes them.</param>
/// <param name="Loss">Mean loss of the first pass.</param>
/// <param name="Dice">Mean Dice of the first pass where there is a target.</param>
/// <param name="IouError">Mean absolute error of the predicted IoU.</param>
internal sealed record WorkerResult(Tensor[] Gradients, double Loss, double Dice, double IouError);

/// <summary>
/// One thread's part of every step: makes its examples, runs the shared network and gives the gradients. What it does depends on the seed,
/// the step and its number alone.
/// </summary>
internal sealed class FocusWorker
{
    private readonly FocusRecipe _recipe;
    private readonly FocusNetwork _network;
    private readonly IReadOnlyList<Tensor> _parameters;
    private readonly SceneMixture _scenes;
    private readonly FocusExamples _examples;
    private readonly Scene _scene = new();
    private readonly NextSlice[] _next; // of each example
    private readonly MaskCarrier _carrier = new();
    private readonly int _number;
    private readonly int _count;
    private readonly float[] _inputs;
    private readonly float[] _targets;
    private readonly ScalarType _type;

    public FocusWorker(FocusRecipe recipe, FocusNetwork network, IReadOnlyList<Tensor> parameters, IReadOnlyList<TrainingVolume> volumes, int number)
    {
        (_recipe, _network, _parameters, _number) = (recipe, network, parameters, number);
        _count = recipe.Batch / recipe.Workers;
        _inputs = new float[_count * FocusLayout.Length];
        _targets = new float[_count * FocusLayout.Area];
        _next = [.. Enumerable.Range(0, _count).Select(_ => new NextSlice())];
        _examples = new FocusExamples(recipe.Prompts);
        _type = recipe.Precision == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
        _scenes = new SceneMixture(recipe.Scenes, volumes);
    }

    /// <summary>Does this worker's share of a step.</summary>
    public WorkerResult Work(long step)
    {
        RandomSource random = new(_recipe.Seed, step * _recipe.Workers + _number);
        MakeExamples(random);
        // All workers decide alike whether the step has a second pass.
        bool second = new RandomSource(_recipe.Seed, -1 - step).Chance(_recipe.SecondPass);

        using DisposeScope scope = NewDisposeScope();
        (Tensor loss, Tensor logits, double dice, double error) = Pass();
        Tensor[] gradients = Gradients(loss);
        if (second)
        {
            AskAgain(logits, random);
            (Tensor secondLoss, _, _, _) = Pass();
            Tensor[] more = Gradients(secondLoss);
            for (int n = 0; n < gradients.Length; n++) gradients[n].add_(more[n]);
        }
        foreach (Tensor gradient in gradients) gradient.MoveToOuterDisposeScope();
        return new(gradients, loss.item<float>(), dice, error);
    }

    private void MakeExamples(RandomSource random)
    {
        int made = 0;
        while (made < _count)
        {
            _scenes.Fill(_scene, random);
            for (int n = 0; n < _recipe.CropsPerScene && made < _count; n++)
                if (_examples.TryMake(_scene, random, InputOf(made), TargetOf(made), _next[made])) made++;
        }
    }

    private Span<float> InputOf(int example) => _inputs.AsSpan(example * FocusLayout.Length, FocusLayout.Length);

    private Span<float> TargetOf(int example) => _targets.AsSpan(example * FocusLayout.Area, FocusLayout.Area);

    private (Tensor Loss, Tensor Logits, double Dice, double Error) Pass()
    {
        Tensor target = tensor(_targets, _count, 1, FocusLayout.Side, FocusLayout.Side);
        Tensor input = tensor(_inputs, _count, FocusLayout.Side, FocusLayout.Side, FocusLayout.Channels).to_type(_type).permute(0, 3, 1, 2);
        (Tensor rawLogits, Tensor rawIou) = _network.forward(input);
        Tensor logits = rawLogits.to_type(ScalarType.Float32), predictedIou = rawIou.to_type(ScalarType.Float32);
        Tensor probability = logits.sigmoid();
        Tensor cross = nn.functional.binary_cross_entropy_with_logits(logits, target);
        Tensor overlap = (probability * target).sum([1, 2, 3]), total = probability.sum([1, 2, 3]) + target.sum([1, 2, 3]);
        Tensor dice = 1 - (2 * overlap + 1) / (total + 1);
        (Tensor trueIou, double meanDice) = Score(logits, target);
        Tensor error = predictedIou - trueIou;
        Tensor loss = cross + dice.mean() + _recipe.IouWeight * error.pow(2).mean();
        return (loss, logits, meanDice, error.abs().mean().item<float>());
    }

    /// <summary>The true IoU of each answer (0 where there is nothing to find) and the mean Dice where there is.</summary>
    private static (Tensor Iou, double Dice) Score(Tensor logits, Tensor target)
    {
        using IDisposable noGradient = no_grad();
        Tensor found = (logits > 0).to_type(ScalarType.Float32), wanted = (target > 0.5).to_type(ScalarType.Float32);
        Tensor common = (found * wanted).sum([1, 2, 3]), wantedArea = wanted.sum([1, 2, 3]), areas = found.sum([1, 2, 3]) + wantedArea;
        Tensor iou = common / (areas - common).clamp_min(1);
        Tensor present = (wantedArea > 0).to_type(ScalarType.Float32);
        Tensor dice = (2 * common / areas.clamp_min(1) * present).sum() / present.sum().clamp_min(1);
        return (iou, dice.item<float>());
    }

    private Tensor[] Gradients(Tensor loss) => [.. autograd.grad([loss], [.. _parameters])];

    /// <summary>
    /// What is asked after an answer: a walk carries it on to the next slice as mask prompt, or a user sees it and clicks where it is most wrong.
    /// </summary>
    private void AskAgain(Tensor logits, RandomSource random)
    {
        ReadOnlySpan<float> answers = logits.detach().cpu().contiguous().data<float>().ToArray();
        for (int n = 0; n < _count; n++)
        {
            ReadOnlySpan<float> answer = answers.Slice(n * FocusLayout.Area, FocusLayout.Area);
            if (!_next[n].TryMake(answer, random, _carrier, InputOf(n), TargetOf(n))) Corrections.Apply(answer, TargetOf(n), InputOf(n), random);
        }
    }
}
