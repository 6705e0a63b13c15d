using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.Scene;

public class LabelChangesTests
{
    private static VoxelBox Box(int first, int last) => new(new(first, first, first), new(last, last, last));

    [Fact]
    public void Since_SomeRevision_GivesWhatCameAfterIt()
    {
        LabelChanges changes = new();
        Assert.Equal(1, changes.Record(Box(0, 1)));
        Assert.Equal(2, changes.Record(Box(5, 6)));
        Assert.Equal(3, changes.Record(Box(8, 9)));
        Assert.Equal([Box(8, 9), Box(5, 6)], changes.Since(1));
        Assert.Empty(changes.Since(3)!);
    }

    [Fact]
    public void Since_BoxInsideALaterOne_IsLeftOut()
    {
        LabelChanges changes = new();
        changes.Record(Box(2, 3));
        changes.Record(Box(0, 4));
        Assert.Equal([Box(0, 4)], changes.Since(0));
    }

    [Fact]
    public void Since_TooLongAgo_IsNotKnown()
    {
        LabelChanges changes = new();
        for (int n = 0; n < 300; n++) changes.Record(Box(n, n));
        Assert.Null(changes.Since(10));
        Assert.Null(changes.Since(long.MinValue));
        Assert.Null(changes.Since(301));
        Assert.Equal(200, changes.Since(100)!.Count);
    }
}
