using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// Region growing from one point, as tools without a model offer it: voxels joined face to face whose greys lie within a few deviations of the
/// region's mean; mean and deviation come from the point's surroundings first and from the region then (ITK's confidence-connected filter, with
/// its usual settings).
/// </summary>
internal sealed class RegionGrowing
{
    private const double Deviations = 2.5;
    private const int Repeats = 4, FirstRadius = 1;

    private readonly int _first, _count, _width, _height;
    private readonly byte[] _greys;
    private readonly bool[] _isIn;
    private readonly Stack<int> _open = new();

    /// <summary>Grows the region.</summary>
    /// <param name="volume">The scan.</param>
    /// <param name="window">The intensities that are told apart.</param>
    /// <param name="truth">The structure; the point lies deepest in its largest slice, and the region stays between its first slice and its last.</param>
    public RegionGrowing(Volume volume, IntensityWindow window, TrueStructure truth)
    {
        SliceSampler sampler = SliceSampler.Create(volume, truth.Frame, window);
        (_first, _count, _width, _height) = (truth.First, truth.Last - truth.First + 1, truth.Frame.Width, truth.Frame.Height);
        int plane = sampler.PixelCount;
        _greys = new byte[checked(plane * _count)];
        _isIn = new bool[_greys.Length];
        for (int n = 0; n < _count; n++) sampler.Sample(_first + n, _greys.AsSpan(n * plane, plane));
        PromptPoint point = InteriorPoints.Find(truth[truth.KeySlice], 1)[0];
        int seed = ((truth.KeySlice - _first) * _height + (int)point.Y) * _width + (int)point.X;
        (double mean, double deviation) = MeasureRound((int)point.X, (int)point.Y, truth.KeySlice - _first);
        for (int n = 0; n <= Repeats; n++)
        {
            Grow(seed, mean - Deviations * deviation, mean + Deviations * deviation);
            (mean, deviation) = MeasureRegion();
        }
    }

    /// <summary>The region on a slice.</summary>
    public MaskPlane On(int slice)
    {
        MaskPlane plane = new(_width, _height);
        for (int n = 0, at = (slice - _first) * plane.Pixels.Length; n < plane.Pixels.Length; n++, at++) plane.Pixels[n] = _isIn[at] ? (byte)1 : (byte)0;
        return plane;
    }

    private void Grow(int seed, double low, double high)
    {
        Array.Clear(_isIn);
        _isIn[seed] = true; // as the filter does, whatever its grey
        _open.Push(seed);
        int plane = _width * _height;
        while (_open.TryPop(out int voxel))
        {
            (int x, int y, int z) = (voxel % _width, voxel / _width % _height, voxel / plane);
            if (x > 0) Take(voxel - 1, low, high);
            if (x + 1 < _width) Take(voxel + 1, low, high);
            if (y > 0) Take(voxel - _width, low, high);
            if (y + 1 < _height) Take(voxel + _width, low, high);
            if (z > 0) Take(voxel - plane, low, high);
            if (z + 1 < _count) Take(voxel + plane, low, high);
        }
    }

    private void Take(int voxel, double low, double high)
    {
        if (_isIn[voxel] || _greys[voxel] < low || _greys[voxel] > high) return;
        _isIn[voxel] = true;
        _open.Push(voxel);
    }

    private (double Mean, double Deviation) MeasureRound(int x, int y, int z)
    {
        double sum = 0, squares = 0;
        int count = 0;
        for (int k = Math.Max(z - FirstRadius, 0); k <= Math.Min(z + FirstRadius, _count - 1); k++)
            for (int j = Math.Max(y - FirstRadius, 0); j <= Math.Min(y + FirstRadius, _height - 1); j++)
                for (int i = Math.Max(x - FirstRadius, 0); i <= Math.Min(x + FirstRadius, _width - 1); i++)
                {
                    double grey = _greys[(k * _height + j) * _width + i];
                    (sum, squares, count) = (sum + grey, squares + grey * grey, count + 1);
                }
        return Statistics(sum, squares, count);
    }

    private (double Mean, double Deviation) MeasureRegion()
    {
        double sum = 0, squares = 0;
        int count = 0;
        for (int n = 0; n < _greys.Length; n++)
            if (_isIn[n]) (sum, squares, count) = (sum + _greys[n], squares + (double)_greys[n] * _greys[n], count + 1);
        return Statistics(sum, squares, count);
    }

    private static (double Mean, double Deviation) Statistics(double sum, double squares, int count) =>
        (sum / count, Math.Sqrt(Math.Max(squares - sum * sum / count, 0) / Math.Max(count - 1, 1)));
}
