namespace SamMed2D.Core.Metrics;

/// <summary>
/// How far the surfaces of two bodies are apart, by the definitions of google-deepmind/surface-distance: surface elements lie on the corners
/// between voxels, each weighs as much as its area (<see cref="SurfelAreas"/>), and its distance is that to the nearest element of the other surface.
/// Where one body is empty, distances are infinite and the NSD is 0; where both are, everything is NaN.
/// </summary>
public sealed class SurfaceDistances
{
    private readonly Directed _fromReference, _fromPrediction;

    private SurfaceDistances(Directed fromReference, Directed fromPrediction) => (_fromReference, _fromPrediction) = (fromReference, fromPrediction);

    /// <summary>Measures two bodies.</summary>
    /// <param name="pair">The bodies.</param>
    /// <param name="cancellation">Stops between lines of the grid.</param>
    internal static SurfaceDistances Measure(MaskPair pair, CancellationToken cancellation = default)
    {
        (double I, double J, double K) spacing = pair.SpacingMm;
        SurfelAreas areas = new(spacing.I, spacing.J, spacing.K);
        (byte[] referenceCodes, byte[] predictionCodes) = (CodesOf(pair.Reference, pair.Size), CodesOf(pair.Prediction, pair.Size));
        (int, int, int) corners = (pair.Size.I + 1, pair.Size.J + 1, pair.Size.K + 1);
        float[] toReference = DistanceTransform.SquaredMm(BordersOf(referenceCodes), corners, spacing, cancellation);
        float[] toPrediction = DistanceTransform.SquaredMm(BordersOf(predictionCodes), corners, spacing, cancellation);
        return new(Directed.Collect(referenceCodes, toPrediction, areas), Directed.Collect(predictionCodes, toReference, areas));
    }

    /// <summary>Area of the reference's surface in mm².</summary>
    public double ReferenceAreaMm2 => _fromReference.TotalArea;

    /// <summary>Area of the prediction's surface in mm².</summary>
    public double PredictionAreaMm2 => _fromPrediction.TotalArea;

    /// <summary>The robust Hausdorff distance: the given percentile of the distances, by area, taken each way; the larger of the two, in millimetres.</summary>
    /// <param name="percentile">0 to 100, such as 95.</param>
    public double HausdorffMm(double percentile) => Empty ?? Math.Max(_fromReference.Percentile(percentile), _fromPrediction.Percentile(percentile));

    /// <summary>The normalised surface Dice: the share of both surfaces that lies within a tolerance of the other.</summary>
    /// <param name="toleranceMm">Largest distance that counts as touching.</param>
    public double Nsd(double toleranceMm)
    {
        double total = _fromReference.TotalArea + _fromPrediction.TotalArea;
        return (_fromReference.AreaWithin(toleranceMm) + _fromPrediction.AreaWithin(toleranceMm)) / total;
    }

    /// <summary>The mean distance by area, averaged over both directions, in millimetres.</summary>
    public double MeanMm => Empty ?? (_fromReference.Mean + _fromPrediction.Mean) / 2;

    private double? Empty => _fromReference.TotalArea == 0 && _fromPrediction.TotalArea == 0 ? double.NaN
        : _fromReference.TotalArea == 0 || _fromPrediction.TotalArea == 0 ? double.PositiveInfinity : null;

    // For each corner of the grid, the eight voxels round it as bits; voxels outside are empty.
    private static byte[] CodesOf(byte[] mask, (int I, int J, int K) size)
    {
        int width = size.I + 1, height = size.J + 1;
        byte[] codes = new byte[checked((long)width * height * (size.K + 1))];
        Parallel.For(0, size.K + 1, k =>
        {
            for (int c = 0; c < 2; c++)
            {
                int voxelK = k - 1 + c;
                if (voxelK < 0 || voxelK >= size.K) continue;
                for (int voxelJ = 0; voxelJ < size.J; voxelJ++)
                {
                    ReadOnlySpan<byte> row = mask.AsSpan((voxelK * size.J + voxelJ) * size.I, size.I);
                    for (int b = 0; b < 2; b++)
                    {
                        // A voxel is the upper one of the corner before it and the lower one of the corner after it.
                        Span<byte> into = codes.AsSpan((k * height + voxelJ + 1 - b) * width, width);
                        int lower = 1 << (2 * b + 4 * c), upper = 2 << (2 * b + 4 * c);
                        for (int i = 0; i < row.Length; i++)
                        {
                            if (row[i] == 0) continue;
                            into[i + 1] |= (byte)lower;
                            into[i] |= (byte)upper;
                        }
                    }
                }
            }
        });
        return codes;
    }

    private static byte[] BordersOf(byte[] codes)
    {
        byte[] borders = new byte[codes.LongLength];
        for (int n = 0; n < codes.Length; n++) borders[n] = codes[n] is 0 or 255 ? (byte)0 : (byte)1;
        return borders;
    }

    /// <summary>The surface elements of one body with their distances to the other, nearest first.</summary>
    private sealed class Directed
    {
        private readonly float[] _distances;
        private readonly double[] _areasUpTo;

        private Directed(float[] distances, double[] areas)
        {
            Array.Sort(distances, areas);
            for (int n = 1; n < areas.Length; n++) areas[n] += areas[n - 1];
            (_distances, _areasUpTo) = (distances, areas);
        }

        public double TotalArea => _areasUpTo.Length == 0 ? 0 : _areasUpTo[^1];

        public double Mean
        {
            get
            {
                double sum = 0, before = 0;
                for (int n = 0; n < _distances.Length; n++)
                {
                    sum += _distances[n] * (_areasUpTo[n] - before);
                    before = _areasUpTo[n];
                }
                return sum / TotalArea;
            }
        }

        public static Directed Collect(byte[] codes, float[] squaredMm, SurfelAreas areas)
        {
            int count = 0;
            foreach (byte code in codes)
                if (code is not (0 or 255)) count++;
            float[] distances = new float[count];
            double[] weights = new double[count];
            for (int n = 0, at = 0; n < codes.Length; n++)
            {
                if (codes[n] is 0 or 255) continue;
                distances[at] = MathF.Sqrt(squaredMm[n]);
                weights[at++] = areas[codes[n]];
            }
            return new(distances, weights);
        }

        public double Percentile(double percentile)
        {
            int at = Array.BinarySearch(_areasUpTo, percentile / 100 * TotalArea);
            return _distances[Math.Min(at < 0 ? ~at : at, _distances.Length - 1)];
        }

        public double AreaWithin(double toleranceMm)
        {
            int low = 0, high = _distances.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (_distances[middle] <= toleranceMm) low = middle + 1;
                else high = middle;
            }
            return low == 0 ? 0 : _areasUpTo[low - 1];
        }
    }
}
