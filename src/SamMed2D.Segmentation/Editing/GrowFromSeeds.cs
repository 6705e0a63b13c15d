using System.Numerics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Editing;

/// <summary>
/// Grows painted seeds until they meet: every voxel goes to the segment whose seeds are nearest by way of likeness, each step costing the difference of
/// intensities and a little for its length. It is the fixed point of GrowCut (Vezhnevets and Konouchine, 2005) as shortest paths (Zhu et al., 2014),
/// found with Dial's buckets in one pass. Steps go through faces.
/// </summary>
public static class GrowFromSeeds
{
    private const int Levels = 1024;

    /// <summary>Grows.</summary>
    /// <param name="volume">The scan.</param>
    /// <param name="labels">The label map, with the seeds painted; segments that are no seeds stay and are in the way.</param>
    /// <param name="seeds">The segments that grow, two at least; one of them commonly stands for everything else.</param>
    /// <param name="box">Where to grow; null for the box round the seeds, a tenth larger on each side.</param>
    /// <param name="locality">How much more than the least a step costs for its length alone; the more, the less seeds reach far. From 0.</param>
    /// <param name="cancellation">Stops in between.</param>
    /// <exception cref="InvalidEditException">Fewer than two of the segments have voxels there.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static LabelPatch Grow(
        Volume volume, LabelMap labels, IReadOnlyCollection<ushort> seeds, VoxelBox? box = null, double locality = 0, CancellationToken cancellation = default)
    {
        LabelPatch patch = new(labels, box ?? BoxOf(labels, seeds));
        bool[] isSeed = new bool[ushort.MaxValue + 1];
        foreach (ushort seed in seeds) isSeed[seed] = seed != 0;
        HashSet<ushort> present = [];
        foreach (ushort label in patch.Labels)
            if (isSeed[label]) present.Add(label);
        if (present.Count < 2)
            throw new InvalidEditException($"growing needs seeds of two segments at least, but {present.Count} have voxels there; paint some of the object, and some of what is not the object in another segment");
        ushort[] levels = volume.Accept(new LevelReader(patch.Box));
        new Front(patch, levels, isSeed, StepCosts(volume.Geometry, locality)).Run(cancellation);
        return patch;
    }

    /// <summary>What a step costs along each axis for its length: 1 and the locality for the shortest, in levels of 1/1024 of the box's range of intensities.</summary>
    internal static (int I, int J, int K) StepCosts(VolumeGeometry grid, double locality)
    {
        (double i, double j, double k) = (grid.SpacingMm(SliceAxis.I), grid.SpacingMm(SliceAxis.J), grid.SpacingMm(SliceAxis.K));
        double unit = (1 + Math.Max(locality, 0)) / Math.Min(i, Math.Min(j, k));
        return (Cost(i), Cost(j), Cost(k));

        int Cost(double mm) => (int)Math.Clamp(Math.Round(mm * unit), 1, 1 << 16);
    }

    private static VoxelBox BoxOf(LabelMap labels, IReadOnlyCollection<ushort> seeds)
    {
        VoxelBox box = default;
        foreach (ushort seed in seeds) box = box.Union(Session.LabelBounds.Find(labels, seed));
        return box.Grow((box.SizeI + 9) / 10, (box.SizeJ + 9) / 10, (box.SizeK + 9) / 10);
    }

    /// <summary>Reads intensities as levels from 0 to 1023 between the least and the greatest of the box; what is no number counts as the least.</summary>
    internal sealed class LevelReader(VoxelBox box) : IVolumeVisitor<ushort[]>
    {
        public ushort[] Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            double least = double.PositiveInfinity, greatest = double.NegativeInfinity;
            for (int k = box.K0; k < box.K1; k++)
                for (int j = box.J0; j < box.J1; j++)
                    foreach (T voxel in Row(volume, j, k))
                    {
                        double value = double.CreateTruncating(voxel);
                        if (!double.IsFinite(value)) continue;
                        (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
                    }
            double factor = greatest > least ? (Levels - 1) / (greatest - least) : 0;
            ushort[] levels = new ushort[box.VoxelCount];
            int n = 0;
            for (int k = box.K0; k < box.K1; k++)
                for (int j = box.J0; j < box.J1; j++)
                    foreach (T voxel in Row(volume, j, k))
                    {
                        double value = double.CreateTruncating(voxel);
                        levels[n++] = double.IsFinite(value) ? (ushort)Math.Round((value - least) * factor) : (ushort)0;
                    }
            return levels;
        }

        private ReadOnlySpan<T> Row<T>(Volume<T> volume, int j, int k) where T : unmanaged, INumber<T> =>
            volume.Voxels.Slice(checked((int)volume.Geometry.OffsetOf(new(box.I0, j, k))), box.SizeI);
    }

    /// <summary>Dijkstra's front over a box, with one bucket for each cost still open; buckets are doubly linked lists through the voxels.</summary>
    private sealed class Front
    {
        private const int None = -1;
        private readonly LabelPatch _patch;
        private readonly ushort[] _levels;
        private readonly int[] _cost, _next, _previous, _heads;
        private readonly bool[] _isOpen;
        private readonly (int I, int J, int K) _steps;
        private long _waiting;

        public Front(LabelPatch patch, ushort[] levels, bool[] isSeed, (int I, int J, int K) steps)
        {
            (_patch, _levels, _steps) = (patch, levels, steps);
            (_cost, _next, _previous) = (new int[levels.Length], new int[levels.Length], new int[levels.Length]);
            _heads = new int[Levels + Math.Max(steps.I, Math.Max(steps.J, steps.K))];
            _isOpen = new bool[levels.Length];
            Array.Fill(_heads, None);
            for (int n = levels.Length - 1; n >= 0; n--)
            {
                ushort label = patch.Labels[n];
                _isOpen[n] = label == 0 || isSeed[label];
                _cost[n] = int.MaxValue;
                if (label != 0 && isSeed[label]) Put(n, 0);
            }
        }

        public void Run(CancellationToken cancellation)
        {
            VoxelBox box = _patch.Box;
            int row = box.SizeI, plane = box.SizeI * box.SizeJ;
            Span<ushort> labels = _patch.Labels;
            for (int cost = 0; _waiting > 0; cost++)
            {
                if ((cost & 255) == 0) cancellation.ThrowIfCancellationRequested();
                int bucket = cost % _heads.Length;
                while (_heads[bucket] is var at && at != None)
                {
                    Take(at, bucket);
                    _isOpen[at] = false;
                    int i = at % row, j = at % plane / row, k = at / plane;
                    if (i > 0) Reach(at, at - 1, _steps.I, labels);
                    if (i < box.SizeI - 1) Reach(at, at + 1, _steps.I, labels);
                    if (j > 0) Reach(at, at - row, _steps.J, labels);
                    if (j < box.SizeJ - 1) Reach(at, at + row, _steps.J, labels);
                    if (k > 0) Reach(at, at - plane, _steps.K, labels);
                    if (k < box.SizeK - 1) Reach(at, at + plane, _steps.K, labels);
                }
            }
        }

        private void Reach(int from, int to, int step, Span<ushort> labels)
        {
            if (!_isOpen[to]) return;
            int cost = _cost[from] + step + Math.Abs(_levels[from] - _levels[to]);
            if (cost >= _cost[to]) return;
            if (_cost[to] != int.MaxValue) Take(to, _cost[to] % _heads.Length);
            labels[to] = labels[from];
            Put(to, cost);
        }

        private void Put(int voxel, int cost)
        {
            _cost[voxel] = cost;
            int bucket = cost % _heads.Length, head = _heads[bucket];
            (_next[voxel], _previous[voxel], _heads[bucket]) = (head, None, voxel);
            if (head != None) _previous[head] = voxel;
            _waiting++;
        }

        private void Take(int voxel, int bucket)
        {
            (int next, int previous) = (_next[voxel], _previous[voxel]);
            if (previous == None) _heads[bucket] = next;
            else _next[previous] = next;
            if (next != None) _previous[next] = previous;
            _waiting--;
        }
    }
}
