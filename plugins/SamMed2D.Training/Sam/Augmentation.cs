using SamMed2D.Core.Slices;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Sam;

/// <summary>One draw of how a picture is changed: its greys before it is fitted, its pixels' places after. Masks move with it.</summary>
internal sealed class Augmentation
{
    private readonly AugmentationSettings _settings;
    private readonly byte[] _greys = new byte[256];
    private readonly float _xx, _xy, _yx, _yy, _dx, _dy;

    public Augmentation(AugmentationSettings settings, RandomSource random)
    {
        _settings = settings;
        float brightness = random.Uniform(-settings.Brightness, settings.Brightness), contrast = 1 + random.Uniform(-settings.Contrast, settings.Contrast);
        float exponent = MathF.Exp(random.Uniform(-settings.Gamma, settings.Gamma));
        for (int n = 0; n < _greys.Length; n++)
            _greys[n] = (byte)MathF.Round(255 * Math.Clamp((MathF.Pow(n / 255f, exponent) - 0.5f) * contrast + 0.5f + brightness, 0, 1));
        float angle = random.Uniform(-settings.TurnDegrees, settings.TurnDegrees) * MathF.PI / 180, zoom = 1 + random.Uniform(-settings.Zoom, settings.Zoom);
        float mirror = random.Chance(settings.Flip) ? -1 : 1;
        (_xx, _xy, _yx, _yy) = (mirror * MathF.Cos(angle) / zoom, -mirror * MathF.Sin(angle) / zoom, MathF.Sin(angle) / zoom, MathF.Cos(angle) / zoom);
        (_dx, _dy) = (random.Uniform(-settings.Shift, settings.Shift), random.Uniform(-settings.Shift, settings.Shift));
    }

    /// <summary>Changes a picture's greys.</summary>
    public SliceImage ChangeGreys(SliceImage picture)
    {
        if (!_settings.ChangesGreys) return picture;
        byte[] changed = new byte[picture.Pixels.Length];
        ReadOnlySpan<byte> pixels = picture.Pixels.Span;
        for (int n = 0; n < changed.Length; n++) changed[n] = _greys[pixels[n]];
        return new(picture.Width, picture.Height, picture.Channels, changed);
    }

    /// <summary>Moves a fitted picture's pixels, masks by nearest neighbour. Masks that leave the square are dropped; where all do, nothing is moved.</summary>
    public SamExample Move(SamExample example)
    {
        if (!_settings.MovesPixels) return example;
        SamMask[] masks = [.. example.Masks.Select(mask => mask with { Pixels = Move(mask.Pixels, example.Side) }).Where(mask => mask.Pixels.AsSpan().Contains((byte)1))];
        return masks.Length == 0 ? example : new(Move(example.Pixels, example.Side), example.Side, masks);
    }

    private byte[] Move(byte[] mask, int side)
    {
        byte[] moved = new byte[mask.Length];
        for (int n = 0; n < moved.Length; n++)
        {
            (float x, float y) = SourceOf(n, side);
            int column = (int)MathF.Round(x), row = (int)MathF.Round(y);
            if (column >= 0 && column < side && row >= 0 && row < side) moved[n] = mask[row * side + column];
        }
        return moved;
    }

    // Bilinear; beyond the edge lies zero, the value of padding.
    private float[] Move(float[] planes, int side)
    {
        int area = side * side;
        float[] moved = new float[planes.Length];
        for (int n = 0; n < area; n++)
        {
            (float x, float y) = SourceOf(n, side);
            int column = (int)MathF.Floor(x), row = (int)MathF.Floor(y);
            if (column < -1 || column >= side || row < -1 || row >= side) continue;
            float right = x - column, below = y - row;
            for (int plane = 0; plane < planes.Length; plane += area)
                moved[plane + n] = (1 - below) * ((1 - right) * At(planes, plane, column, row, side) + right * At(planes, plane, column + 1, row, side))
                    + below * ((1 - right) * At(planes, plane, column, row + 1, side) + right * At(planes, plane, column + 1, row + 1, side));
        }
        return moved;
    }

    private (float X, float Y) SourceOf(int pixel, int side)
    {
        float centre = (side - 1) / 2f, x = pixel % side - centre - _dx * side, y = pixel / side - centre - _dy * side;
        return (_xx * x + _xy * y + centre, _yx * x + _yy * y + centre);
    }

    private static float At(float[] planes, int plane, int x, int y, int side) => x < 0 || y < 0 || x >= side || y >= side ? 0 : planes[plane + y * side + x];
}
