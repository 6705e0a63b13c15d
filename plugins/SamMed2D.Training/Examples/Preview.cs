using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;
using SamMed2D.Inference.Focus;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>Draws what a recipe shows the model, so that its author can see mistakes before hours are spent on them.</summary>
internal static class Preview
{
    private const int Side = FocusLayout.Side;

    /// <summary>
    /// Writes a PNG with one example a column group: the crop, the previous slice's crop, the prompts (box, clicks, mask as greys) and the target.
    /// </summary>
    public static void Write(FocusRecipe recipe, IReadOnlyList<TrainingVolume> volumes, int rows, int columns, string path)
    {
        SceneMixture scenes = new(recipe.Scenes, volumes);
        FocusExamples examples = new(recipe.Prompts);
        Scene scene = new();
        float[] input = new float[FocusLayout.Length], target = new float[FocusLayout.Area];
        int width = columns * 4 * Side, height = rows * Side;
        byte[] pixels = new byte[width * height];
        for (int n = 0; n < rows * columns; n++)
        {
            RandomSource random = new(recipe.Seed, n);
            do scenes.Fill(scene, random); while (!examples.TryMake(scene, random, input, target));
            int left = n % columns * 4 * Side, top = n / columns * Side;
            for (int at = 0; at < FocusLayout.Area; at++)
            {
                float Channel(FocusChannel channel) => input[at * FocusLayout.Channels + (int)channel];
                int pixel = (top + at / Side) * width + left + at % Side;
                pixels[pixel] = Grey(0.25f + 0.2f * Channel(FocusChannel.Image));
                pixels[pixel + Side] = Grey(0.25f + 0.2f * Channel(FocusChannel.PreviousImage));
                pixels[pixel + 2 * Side] = Grey(0.25f * Channel(FocusChannel.Box) + 0.5f * Channel(FocusChannel.Mask) + Channel(FocusChannel.PositiveClicks) + 0.6f * Channel(FocusChannel.NegativeClicks));
                pixels[pixel + 3 * Side] = Grey(target[at]);
            }
        }
        PngFile.Write(path, new SliceImage(width, height, 1, pixels));
    }

    private static byte Grey(float value) => (byte)Math.Clamp(255 * value, 0, 255);
}
