using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Metrics;

/// <summary>
/// How well a structure of a prediction agrees with the reference. Empty structures: where both are empty there is nothing to agree on and every
/// score is NaN (as in google-deepmind/surface-distance); where one is, Dice, IoU and NSD are 0 and distances infinite.
/// </summary>
/// <param name="Dice">Twice the common volume over the sum of volumes, 0 to 1.</param>
/// <param name="Iou">Common volume over the volume of the union, 0 to 1.</param>
/// <param name="Hd95Mm">95th percentile Hausdorff distance in millimetres; see <see cref="SurfaceDistances.HausdorffMm"/>.</param>
/// <param name="Nsd">Normalised surface Dice at the tolerance asked for, 0 to 1; see <see cref="SurfaceDistances.Nsd"/>.</param>
/// <param name="MeanSurfaceDistanceMm">Mean surface distance in millimetres; see <see cref="SurfaceDistances.MeanMm"/>.</param>
/// <param name="ReferenceMl">Volume in the reference, millilitres.</param>
/// <param name="PredictionMl">Volume in the prediction, millilitres.</param>
public sealed record SegmentScore(double Dice, double Iou, double Hd95Mm, double Nsd, double MeanSurfaceDistanceMm, double ReferenceMl, double PredictionMl)
{
    /// <summary>Prediction minus reference over reference, in per cent; NaN or infinite where the reference is empty.</summary>
    public double VolumeErrorPercent => 100 * (PredictionMl - ReferenceMl) / ReferenceMl;

    /// <summary>Compares one structure.</summary>
    /// <param name="reference">The truth.</param>
    /// <param name="referenceLabel">Its label of the structure.</param>
    /// <param name="prediction">What is judged, on the same grid.</param>
    /// <param name="predictionLabel">Its label of the structure.</param>
    /// <param name="toleranceMm">Tolerance of the NSD.</param>
    /// <param name="cancellation">Stops within the structure.</param>
    /// <exception cref="ArgumentException">The grids differ in size.</exception>
    public static SegmentScore Of(LabelMap reference, ushort referenceLabel, LabelMap prediction, ushort predictionLabel,
        double toleranceMm = 2, CancellationToken cancellation = default)
    {
        if (reference.Labels.Length != prediction.Labels.Length) throw new ArgumentException($"{prediction.Geometry} is another grid than {reference.Geometry}.");
        MaskPair pair = MaskPair.Create(reference, referenceLabel, prediction, predictionLabel);
        long inReference = 0, inPrediction = 0, inBoth = 0;
        for (int n = 0; n < pair.Reference.Length; n++)
        {
            inReference += pair.Reference[n];
            inPrediction += pair.Prediction[n];
            inBoth += pair.Reference[n] & pair.Prediction[n];
        }
        SurfaceDistances surfaces = SurfaceDistances.Measure(pair, cancellation);
        double voxelMl = reference.Geometry.VoxelVolumeMm3 / 1000;
        return new(
            2.0 * inBoth / (inReference + inPrediction), (double)inBoth / (inReference + inPrediction - inBoth),
            surfaces.HausdorffMm(95), surfaces.Nsd(toleranceMm), surfaces.MeanMm, inReference * voxelMl, inPrediction * voxelMl);
    }
}
