using SamMed2D.Core.Geometry;

namespace SamMed2D.Rendering.Scene;

/// <summary>
/// Which voxels of a label map changed lately, so that a stroke costs no more than its own voxels. The owner of the labels records a
/// box after each edit, from whatever thread; renderers ask what they have missed.
/// </summary>
public sealed class LabelChanges
{
    // A viewer draws many times a second; who has missed more than this uploads everything anew.
    private const int KeptChanges = 256;
    private readonly VoxelBox[] _boxes = new VoxelBox[KeptChanges];
    private readonly Lock _gate = new();
    private long _revision;

    /// <summary>The number of changes so far: what <see cref="LabelLayer.Revision"/> is set to.</summary>
    public long Revision
    {
        get
        {
            lock (_gate) return _revision;
        }
    }

    /// <summary>Records that voxels of a box have changed.</summary>
    /// <returns>The new <see cref="Revision"/>.</returns>
    public long Record(VoxelBox box)
    {
        lock (_gate)
        {
            _boxes[_revision % KeptChanges] = box;
            return ++_revision;
        }
    }

    /// <summary>The boxes recorded after a revision, those inside another left out; null where that is too long ago to tell.</summary>
    public IReadOnlyList<VoxelBox>? Since(long revision)
    {
        lock (_gate)
        {
            if (revision < 0 || revision > _revision || _revision - revision > KeptChanges) return null;
            List<VoxelBox> boxes = [];
            // The latest first: a stroke often covers its own beginning.
            for (long n = _revision - 1; n >= revision; n--)
            {
                VoxelBox box = _boxes[n % KeptChanges];
                if (!box.IsEmpty && !boxes.Exists(known => known.Intersect(box) == box)) boxes.Add(box);
            }
            return boxes;
        }
    }
}
