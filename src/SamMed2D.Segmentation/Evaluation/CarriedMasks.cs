using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Registration;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// True masks of a few slices carried through a structure by registration alone, slice to slice; between two key slices from both, weighted by
/// nearness. What a model that is prompted with carried masks has to beat.
/// </summary>
internal sealed class CarriedMasks
{
    private readonly SliceSampler _sampler;
    private readonly SliceMotion _motion = new();
    private readonly Dictionary<int, float[]> _upwards = [], _downwards = [];
    private readonly int[] _keys;

    /// <summary>Carries the masks to every slice from the structure's first to its last.</summary>
    /// <param name="volume">The scan.</param>
    /// <param name="window">The intensities that are registered.</param>
    /// <param name="truth">The structure.</param>
    /// <param name="keys">The slices whose masks are known, by rising index.</param>
    /// <param name="cancellation">Stops between slices.</param>
    public CarriedMasks(Volume volume, IntensityWindow window, TrueStructure truth, IReadOnlyList<int> keys, CancellationToken cancellation)
    {
        (_sampler, _keys) = (SliceSampler.Create(volume, truth.Frame, window), [.. keys]);
        for (int n = 0; n < _keys.Length; n++)
        {
            Carry(_upwards, truth, _keys[n], n + 1 < _keys.Length ? _keys[n + 1] - 1 : truth.Last, +1, cancellation);
            Carry(_downwards, truth, _keys[n], n > 0 ? _keys[n - 1] + 1 : truth.First, -1, cancellation);
        }
    }

    /// <summary>The mask of a slice.</summary>
    public MaskPlane On(int slice)
    {
        MaskPlane plane = new(_sampler.Frame.Width, _sampler.Frame.Height);
        float[]? up = _upwards.GetValueOrDefault(slice), down = _downwards.GetValueOrDefault(slice);
        float shareOfDown = up is null ? 1 : down is null ? 0 : ShareOfUpperKey(slice);
        for (int n = 0; n < plane.Pixels.Length; n++)
            plane.Pixels[n] = (1 - shareOfDown) * (up?[n] ?? 0) + shareOfDown * (down?[n] ?? 0) > MaskShape.Threshold ? (byte)1 : (byte)0;
        return plane;
    }

    private float ShareOfUpperKey(int slice)
    {
        int upper = Array.FindIndex(_keys, key => key >= slice);
        return _keys[upper] == slice ? 1 : (slice - _keys[upper - 1]) / (float)(_keys[upper] - _keys[upper - 1]);
    }

    private void Carry(Dictionary<int, float[]> masks, TrueStructure truth, int key, int last, int step, CancellationToken cancellation)
    {
        (int width, int height) = (_sampler.Frame.Width, _sampler.Frame.Height);
        byte[] previous = new byte[_sampler.PixelCount], picture = new byte[_sampler.PixelCount];
        float[] mask = new float[_sampler.PixelCount];
        for (int n = 0; n < mask.Length; n++) mask[n] = truth[key].Pixels[n];
        masks[key] = mask;
        MaskShape shape = new(width, height);
        _sampler.Sample(key, previous);
        for (int slice = key + step; (last - slice) * step >= 0; slice += step)
        {
            cancellation.ThrowIfCancellationRequested();
            shape.Set(mask);
            _sampler.Sample(slice, picture);
            float[] carried = new float[mask.Length];
            if (shape.Area > 0)
            {
                _motion.Register(picture, previous, width, height, shape.Bounds);
                _motion.Carry(mask, carried);
            }
            (masks[slice], mask) = (carried, carried);
            (previous, picture) = (picture, previous);
        }
    }
}
