using SamMed2D.Segmentation.Datasets;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>Measures a network on subjects that it does not learn from: the mean Dice of every mask from its tight box and from one point, the same ones each time.</summary>
internal sealed class SamValidation(SamNetwork network, SamPromptMaker prompts, SamData data, IReadOnlyList<DatasetPicture> pictures, SamRecipe recipe)
{
    /// <summary>Measures.</summary>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>The mean Dice; null where no picture can be used.</returns>
    public double? Measure(CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        double sum = 0;
        int masks = 0;
        for (int n = 0; n < pictures.Count && masks < recipe.Validation.Masks; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            // Evenly over all subjects, though there may be more pictures than masks are wanted.
            if (data.TryRead(pictures[(int)((long)n * Stride() % pictures.Count)]) is not { } example) continue;
            using DisposeScope scope = NewDisposeScope();
            SamMask[] several = [.. example.Masks.Take(recipe.Validation.Masks - masks)];
            Tensor embeddings = network.Encoder.Encode(SamTensors.Pictures([example])).repeat_interleave(several.Length, 0);
            Tensor targets = SamTensors.Masks(several, example.Side);
            foreach (SamPrompts given in (SamPrompts[])[prompts.Boxes(several, jitter: null), prompts.Points(several, new RandomSource(recipe.Seed, n))])
                sum += several.Length * SamLoss.Score(network.Predict(embeddings, given), targets).Dice / 2;
            masks += several.Length;
        }
        return masks == 0 ? null : sum / masks;
    }

    // Coprime to the number of pictures, so that every picture comes once.
    private int Stride()
    {
        int stride = Math.Max(1, (int)(pictures.Count * 0.618));
        while (Gcd(stride, pictures.Count) != 1) stride++;
        return stride;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
