namespace SamMed2D.Training.Scenes;

/// <summary>
/// Turns labels into a picture, as a scanner with random settings would: a grey value per tissue class, texture, blur, a bias field, low
/// resolution, noise, window, gamma, inversion. Both slices of a scene get the same settings and fresh noise.
/// </summary>
internal sealed class Appearance
{
    private readonly float[] _texture = new float[Scene.Area];
    private readonly float[] _otherTexture = new float[Scene.Area];
    private readonly float[] _bias = new float[Scene.Area];

    /// <summary>Paints both pictures of the scene from its labels.</summary>
    /// <param name="scene">Its labels are read, its pictures overwritten.</param>
    /// <param name="labelLimit">One above the largest label.</param>
    /// <param name="random">Where the settings come from.</param>
    public void Render(Scene scene, int labelLimit, RandomSource random)
    {
        (float[] grey, float[] grain) = DrawTissues(labelLimit, random);
        float cell = random.LogUniform(2, 24), likeness = random.Uniform(0.3f, 0.9f);
        Plane.FillSmoothNoise(random, cell, _texture);
        Plane.FillSmoothNoise(random, cell, _otherTexture);
        float rest = MathF.Sqrt(1 - likeness * likeness);
        for (int n = 0; n < Scene.Area; n++) _otherTexture[n] = likeness * _texture[n] + rest * _otherTexture[n];
        Paint(scene.Labels, grey, grain, _texture, scene.Image);
        Paint(scene.PreviousLabels, grey, grain, _otherTexture, scene.PreviousImage);
        Degrade(scene, random);
    }

    /// <summary>Blur, bias field, lower resolution, noise, window, gamma and inversion of two pictures whose greys are roughly 0..1.</summary>
    public void Degrade(Scene scene, RandomSource random)
    {
        float blur = random.Uniform(0.35f, 1.6f), blurY = random.Chance(0.2f) ? random.Uniform(0.35f, 1.8f) : blur;
        bool biased = random.Chance(0.45f), coarse = random.Chance(0.3f);
        float strength = random.Uniform(0.05f, 0.35f);
        if (biased) Plane.FillSmoothNoise(random, random.Uniform(60, 160), _bias);
        float coarseX = random.Uniform(1.3f, 3.2f), coarseY = random.Chance(0.5f) ? coarseX : random.Uniform(1, 2.5f);
        Noise noise = new(random.LogUniform(0.004f, 0.12f), random.Unit(), random.Uniform(0.6f, 1.4f));
        foreach (float[] image in (ReadOnlySpan<float[]>)[scene.Image, scene.PreviousImage])
        {
            Plane.Blur(image, blur, blurY);
            if (biased)
                for (int n = 0; n < image.Length; n++) image[n] *= 1 + strength * _bias[n];
            if (coarse) Plane.Coarsen(image, coarseX, coarseY);
            AddNoise(image, noise, random);
        }
        MapGreys(scene, random);
    }

    private static void MapGreys(Scene scene, RandomSource random)
    {
        float low = random.Uniform(-0.05f, 0.18f), high = random.Uniform(0.75f, 1.1f), gamma = random.LogUniform(0.65f, 1.5f);
        bool inverted = random.Chance(0.1f);
        Span<float> table = stackalloc float[257];
        for (int n = 0; n <= 256; n++)
        {
            float value = MathF.Pow(n / 256f, gamma);
            table[n] = inverted ? 1 - value : value;
        }
        float scale = 256 / (high - low);
        foreach (float[] image in (ReadOnlySpan<float[]>)[scene.Image, scene.PreviousImage])
            for (int n = 0; n < image.Length; n++)
                image[n] = table[(int)Math.Clamp((image[n] - low) * scale, 0, 256)];
    }

    private static (float[] Grey, float[] Grain) DrawTissues(int labelLimit, RandomSource random)
    {
        int classes = random.Between(4, 9);
        float[] mean = new float[classes], roughness = new float[classes];
        bool likeCt = random.Chance(0.4f);
        for (int n = 0; n < classes; n++)
        {
            // CT: most tissues lie within a narrow band of soft-tissue greys, with fat below, bone and contrast above, gas at the bottom.
            mean[n] = likeCt
                ? random.Unit() switch { < 0.12f => random.Uniform(0, 0.08f), < 0.3f => random.Uniform(0.28f, 0.38f), < 0.8f => random.Uniform(0.45f, 0.64f), _ => random.Uniform(0.75f, 1.05f) }
                : random.Uniform(0.05f, 1);
            roughness[n] = random.LogUniform(0.004f, 0.09f);
        }
        float[] grey = new float[labelLimit + 1], grain = new float[labelLimit + 1];
        for (int label = 1; label <= labelLimit; label++)
        {
            int tissue = random.Below(classes);
            grey[label] = Math.Clamp(mean[tissue] + 0.04f * random.Normal(), 0, 1.2f);
            grain[label] = roughness[tissue];
        }
        bool noBackground = random.Chance(0.1f);
        grey[0] = noBackground ? random.Uniform(0.2f, 0.8f) : random.Uniform(0, 0.06f);
        grain[0] = noBackground ? random.LogUniform(0.01f, 0.1f) : 0.003f;
        return (grey, grain);
    }

    private static void Paint(ushort[] labels, float[] grey, float[] grain, float[] texture, float[] image)
    {
        for (int n = 0; n < image.Length; n++) image[n] = grey[labels[n]] + grain[labels[n]] * texture[n];
    }

    private void AddNoise(float[] image, Noise noise, RandomSource random)
    {
        if (noise.Kind < 0.5f)
        {
            for (int n = 0; n < image.Length; n++) image[n] += noise.Deviation * random.RoughNormal();
            return;
        }
        if (noise.Kind < 0.75f)
        {
            // Correlated, as after reconstruction kernels: blurred white noise, brought back to its deviation.
            for (int n = 0; n < _otherTexture.Length; n++) _otherTexture[n] = random.RoughNormal();
            Plane.Blur(_otherTexture, noise.Correlation, noise.Correlation);
            float gain = noise.Deviation * 2 * MathF.Sqrt(MathF.PI) * noise.Correlation;
            for (int n = 0; n < image.Length; n++) image[n] += gain * _otherTexture[n];
            return;
        }
        for (int n = 0; n < image.Length; n++)
        {
            float real = image[n] + noise.Deviation * random.RoughNormal(), imaginary = noise.Deviation * random.RoughNormal();
            image[n] = MathF.Sqrt(real * real + imaginary * imaginary);
        }
    }

    private readonly record struct Noise(float Deviation, float Kind, float Correlation);
}
