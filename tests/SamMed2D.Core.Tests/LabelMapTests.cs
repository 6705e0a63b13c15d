using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Tests;

public class LabelMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(64)]
    [InlineData(101)]
    public void MaxLabel_WhereverItLies_IsFound(int count)
    {
        for (int at = 0; at < count; at++)
        {
            LabelMap labels = new(new VolumeGeometry(count, 1, 1, Affine.Identity), []);
            labels.MutableLabels.Fill(7);
            labels.MutableLabels[at] = 40000;
            Assert.Equal(40000, labels.MaxLabel());
        }
    }

    [Fact]
    public void AllSegments_ValuesWithoutAName_ComeLastByNumber()
    {
        LabelMap labels = new(new VolumeGeometry(2, 2, 2, Affine.Identity), [new(5, "spleen", default), new(3, "absent", default)]);
        (labels.MutableLabels[0], labels.MutableLabels[3], labels.MutableLabels[4]) = (65535, 5, 2);
        Assert.Equal([(5, "spleen"), (3, "absent"), (2, "label 2"), (65535, "label 65535")], labels.AllSegments().Select(s => ((int)s.Label, s.Name)));
    }

    [Fact]
    public void MaxLabel_NamedButAbsent_Counts() =>
        Assert.Equal(300, new LabelMap(new VolumeGeometry(2, 2, 2, Affine.Identity), [new Segment(300, "liver", default)]).MaxLabel());
}
