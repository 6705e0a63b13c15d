using SamMed2D.Core.Geometry;
using SamMed2D.Core.Metrics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Tests.Metrics;

public class SegmentationComparisonTests
{
    [Fact]
    public void Compare_BothNamed_MatchesByNameAndListsTheRest()
    {
        LabelMap reference = Map([1, 1, 2, 2, 3, 0], new(1, "Liver", default), new(2, "spleen", default), new(3, "aorta", default));
        LabelMap prediction = Map([7, 7, 1, 0, 0, 9], new(7, "liver", default), new(1, "Spleen", default), new(9, "tumour", default));
        SegmentationComparison comparison = SegmentationComparison.Compare(reference, prediction);
        Assert.Equal([("spleen", 2, 1), ("Liver", 1, 7)], comparison.Segments.Select(s => (s.Name, (int)s.ReferenceLabel, (int)s.PredictionLabel)));
        Assert.Equal(["tumour"], comparison.OnlyInPrediction);
        Assert.Equal(["aorta"], comparison.OnlyInReference);
        Assert.Equal((2.0 / 3 + 1) / 2, comparison.Mean(s => s.Dice), 1e-12);
    }

    [Fact]
    public void Compare_OneUnnamed_MatchesByValue()
    {
        LabelMap reference = Map([1, 2, 2, 5, 0, 0]);
        LabelMap prediction = Map([2, 2, 2, 0, 0, 0], new(2, "spleen", default), new(5, "aorta", default));
        SegmentationComparison comparison = SegmentationComparison.Compare(reference, prediction);
        Assert.Equal([("spleen", 0.8), ("aorta", 0.0)], comparison.Segments.Select(s => (s.Name, Math.Round(s.Score.Dice, 12))));
        Assert.Equal(["label 1"], comparison.OnlyInReference);
        // The missed structure has an infinite distance, which means leave out.
        Assert.True(double.IsFinite(comparison.Mean(s => s.Hd95Mm)));
    }

    private static LabelMap Map(ushort[] labels, params Segment[] segments) => new(new(labels.Length, 1, 1, Affine.Identity), labels, segments);
}
