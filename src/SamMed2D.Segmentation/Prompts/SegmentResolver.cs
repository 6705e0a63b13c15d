using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>Fits one segment's prompts to a grid: gathers them by slice, in slice pixels, and finds the range.</summary>
internal sealed class SegmentResolver
{
    private readonly SegmentPrompts _given;
    private readonly Segment _segment;
    private readonly VolumeGeometry _geometry;
    private readonly SliceFrame _frame;
    private readonly Func<string, LabelMap> _readMask;
    private readonly SegmentationState? _previous;
    private readonly SegmentOutcome? _before;
    private readonly SortedDictionary<int, PromptSet> _keys = [];
    private readonly HashSet<int> _present = [];
    private SliceRange? _extent; // of what shows the structure whole: 3D boxes and rough label maps

    public SegmentResolver(
        SegmentPrompts given, Segment segment, VolumeGeometry geometry, SliceAxis axis, Func<string, LabelMap> readMask, SegmentationState? previous)
    {
        (_given, _segment, _geometry, _frame, _readMask) = (given, segment, geometry, new SliceFrame(geometry, axis), readMask);
        (_previous, _before) = (previous, previous?.Find(segment.Name));
    }

    public ResolvedSegment Resolve()
    {
        for (int number = 0; number < _given.Prompts.Count; number++)
        {
            string where = $"segment '{_given.Name}', prompt {number + 1}";
            switch (_given.Prompts[number])
            {
                case GivenBox box: AddBox(box, where); break;
                case GivenRegion region: AddRegion(region, where); break;
                case GivenPoints points: AddPoints(points, where); break;
                case GivenMask mask: AddMask(mask, where); break;
                case GivenPresent present: AddPresent(present, where); break;
            }
        }
        SortedDictionary<int, KeySlice> keys = [];
        foreach (int slice in _before?.LockedSlices ?? []) keys[slice] = Locked(slice, _before!.Accepted.Contains(slice));
        foreach (int slice in _given.Accept) keys[slice] = Accept(slice);
        foreach (int slice in _present) keys[slice] = new(slice, TakePresent(slice)) { Role = KeyRole.Given };
        if (_keys.Count == 0 && keys.Count == 0) throw new InvalidPromptException($"segment '{_given.Name}' has no prompts; give it a box, a point or a mask");
        SliceRange range = FindRange();
        foreach ((int slice, PromptSet given) in _keys)
        {
            PromptSet prompts = WithPresentMask(slice, given);
            Check(slice, prompts, range);
            keys[slice] = new(slice, prompts) { Role = keys.TryGetValue(slice, out KeySlice? known) && known.Role == KeyRole.Given ? KeyRole.Given : KeyRole.Prompted };
        }
        return new(_segment, _frame.Axis, range, [.. keys.Values]);
    }

    private void AddPresent(GivenPresent present, string where)
    {
        if (_before is null) throw new InvalidPromptException($"{where}: nothing is present, since no run that had this segment is continued; give a mask instead");
        foreach (int slice in present.Slices)
        {
            if (slice >= _frame.SliceCount)
                throw new InvalidPromptException($"{where}: slice {slice} lies outside the scan, which has slices 0 to {_frame.SliceCount - 1} along {_frame.Axis.ToLetter()}");
            _present.Add(slice);
        }
    }

    /// <summary>What is present on a slice, be it nothing, as the user's own mask.</summary>
    private PromptSet TakePresent(int slice)
    {
        if (_keys.ContainsKey(slice))
            throw new InvalidPromptException($"segment '{_given.Name}': slice {slice} is taken as it is present, but has prompts too, which would change it; remove one");
        if (_given.Range is { } range && !range.Contains(slice))
            throw new InvalidPromptException($"segment '{_given.Name}': slice {slice} is taken as it is present, but lies outside its range {range}; widen its \"range\"");
        return new() { Mask = CutMask(_previous!.Labels, slice, _segment.Label, _frame) ?? new(_frame.Width, _frame.Height, new float[_frame.Width * _frame.Height]) };
    }

    private static KeySlice Locked(int slice, bool isAccepted) => new(slice, new()) { Role = KeyRole.Locked, IsAccepted = isAccepted };

    private KeySlice Accept(int slice)
    {
        string where = $"segment '{_given.Name}': accepted slice {slice}";
        if (slice >= _frame.SliceCount)
            throw new InvalidPromptException($"{where} lies outside the scan, which has slices 0 to {_frame.SliceCount - 1} along {_frame.Axis.ToLetter()}");
        if (_keys.TryGetValue(slice, out PromptSet prompts))
            return prompts is { Mask: not null, Box: null, Points.Count: 0 }
                ? new KeySlice(slice, prompts) { Role = KeyRole.Given }
                : throw new InvalidPromptException($"{where} has a box or points too, which would change it; remove them, or do not accept it");
        return _before is not null ? Locked(slice, isAccepted: true) : throw new InvalidPromptException(
            $"{where} has not been segmented; give a mask on it, or continue the run that did");
    }

    /// <summary>Points alone refine what an earlier run left on the slice; a box or a mask starts it anew.</summary>
    private PromptSet WithPresentMask(int slice, PromptSet prompts) => _before is not null && prompts is { Box: null, Mask: null }
        ? prompts with { Mask = CutMask(_previous!.Labels, slice, _segment.Label, _frame) }
        : prompts;

    private void AddBox(GivenBox box, string where)
    {
        VoxelIndex first = VoxelAt(box.First, box.Space, $"{where}: the box corner"), second = VoxelAt(box.Second, box.Space, $"{where}: the box corner");
        AddVoxelBox(
            new(Math.Min(first.I, second.I), Math.Min(first.J, second.J), Math.Min(first.K, second.K)),
            new(Math.Max(first.I, second.I), Math.Max(first.J, second.J), Math.Max(first.K, second.K)), where);
    }

    private void AddRegion(GivenRegion region, string where)
    {
        Span<double> low = [double.MaxValue, double.MaxValue, double.MaxValue], high = [double.MinValue, double.MinValue, double.MinValue];
        foreach (GivenPosition corner in region.Corners)
        {
            ContinuousIndex index = ToIndex(corner, region.Space);
            for (int axis = 0; axis < 3; axis++)
            {
                low[axis] = Math.Min(low[axis], index[(SliceAxis)axis]);
                high[axis] = Math.Max(high[axis], index[(SliceAxis)axis]);
            }
        }
        Span<int> first = stackalloc int[3], last = stackalloc int[3];
        for (int axis = 0; axis < 3; axis++)
        {
            int size = _geometry.Size((SliceAxis)axis);
            // The voxels with their centres inside; one thinner than a voxel keeps the voxel that it lies in. What hangs over the edge is cut off.
            const double rounding = 1e-6;
            (first[axis], last[axis]) = ((int)Math.Ceiling(low[axis] - rounding), (int)Math.Floor(high[axis] + rounding));
            if (first[axis] > last[axis]) first[axis] = last[axis] = (int)Math.Floor((low[axis] + high[axis]) / 2 + 0.5);
            if (last[axis] < 0 || first[axis] >= size)
                throw new InvalidPromptException($"{where}: the ROI lies outside the scan ({Letter(axis)} {low[axis]:0.#} to {high[axis]:0.#}, the scan has 0 to {size - 1}); is it of another scan?");
            (first[axis], last[axis]) = (Math.Max(first[axis], 0), Math.Min(last[axis], size - 1));
        }
        AddVoxelBox(new(first[0], first[1], first[2]), new(last[0], last[1], last[2]), where);
    }

    private void AddVoxelBox(VoxelIndex first, VoxelIndex last, string where)
    {
        (int firstSlice, int lastSlice) = (first[_frame.Axis], last[_frame.Axis]);
        if (lastSlice > firstSlice)
        {
            foreach (SliceAxis other in (ReadOnlySpan<SliceAxis>)[SliceAxis.I, SliceAxis.J, SliceAxis.K])
                if (other != _frame.Axis && first[other] == last[other])
                    throw new InvalidPromptException(
                        $"{where}: the box is flat along {other.ToLetter()}, but slices run along {_frame.Axis.ToLetter()}; choose axis {other.ToLetter()}, or give the box an extent");
            Extend(firstSlice, lastSlice);
        }
        (double x0, double y0, _) = _frame.IndexToPixel(first.ToContinuous());
        (double x1, double y1, _) = _frame.IndexToPixel(last.ToContinuous());
        PromptBox pixels = new(Math.Min(x0, x1), Math.Min(y0, y1), Math.Max(x0, x1) + 1, Math.Max(y0, y1) + 1);
        int slice = firstSlice + (lastSlice - firstSlice) / 2;
        PromptSet there = At(slice);
        if (there.Box is not null)
            throw new InvalidPromptException($"{where}: slice {slice} has a box of this segment already; give one box a slice, and points for the rest");
        _keys[slice] = there with { Box = pixels };
    }

    private void Extend(int first, int last) => _extent = new(Math.Min(_extent?.First ?? first, first), Math.Max(_extent?.Last ?? last, last));

    private void AddPoints(GivenPoints points, string where)
    {
        foreach ((GivenPosition position, bool isForeground) in points.Points)
        {
            VoxelIndex voxel = VoxelAt(position, points.Space, $"{where}: the point");
            (double x, double y, _) = _frame.IndexToPixel(ToIndex(position, points.Space));
            // Within half a pixel of the edge is still on the edge's pixel, but models want coordinates on the picture.
            PromptPoint point = new(Math.Clamp(x, 0, _frame.Width - 1), Math.Clamp(y, 0, _frame.Height - 1), isForeground);
            int slice = voxel[_frame.Axis];
            PromptSet there = At(slice);
            foreach (PromptPoint other in there.Points)
                if (other.IsForeground != isForeground && Math.Abs(other.X - point.X) < 0.5 && Math.Abs(other.Y - point.Y) < 0.5)
                    throw new InvalidPromptException($"{where}: the point {position} is marked both on the object and off it; remove one");
            _keys[slice] = there with { Points = [.. there.Points, point] };
        }
    }

    private void AddMask(GivenMask mask, string where)
    {
        LabelMap given = _readMask(mask.File);
        LabelMap labels = given.ReorientTo(_geometry) ?? throw new InvalidPromptException(
            $"{where}: the mask {mask.File} has another grid ({given.Geometry}) than the scan ({_geometry}), or lies elsewhere; resample it to the scan first");
        ushort? only = LabelToTake(labels, mask.File, where);
        List<int> marked = [];
        for (int slice = 0; slice < _frame.SliceCount; slice++)
            if (CutMask(labels, slice, only, _frame) is not null) marked.Add(slice);
        if (mask.IsWhole && marked.Count > 0) Extend(marked[0], marked[^1]);
        foreach (int slice in marked)
        {
            if ((slice - marked[0]) % mask.Every != 0 && slice != marked[^1]) continue;
            MaskPrompt prompt = CutMask(labels, slice, only, _frame)!;
            PromptSet there = At(slice);
            if (there.Mask is not null) throw new InvalidPromptException($"{where}: slice {slice} has a mask of this segment already; join the two files");
            _keys[slice] = there with { Mask = prompt };
        }
    }

    /// <summary>
    /// The label value that means this segment: the file's only one, else the one of its name there, else the label that the prompts give it.
    /// A label that the segment merely got for want of another means nothing in the file.
    /// </summary>
    private ushort? LabelToTake(LabelMap labels, string file, string where)
    {
        HashSet<ushort> values = [];
        ushort last = 0;
        foreach (ushort label in labels.Labels)
            if (label != last && label != 0)
            {
                values.Add(label);
                last = label;
            }
        if (values.Count == 0) throw new InvalidPromptException($"{where}: the mask {file} is empty; expected at least one voxel that is not 0");
        if (values.Count == 1) return values.First();
        if (labels.Segments.FirstOrDefault(s => s.Name == _given.Name && values.Contains(s.Label)) is { } named) return named.Label;
        if (_given.Label is { } own && values.Contains(own)) return own;
        string wanted = $"named '{_given.Name}'{(_given.Label is { } given ? $" or {given}" : "")}";
        throw new InvalidPromptException($"{where}: the mask {file} holds {values.Count} labels, none of them {wanted}; give the segment the name or the \"label\" that it has there");
    }

    /// <summary>The voxels of one value on a slice, as a mask prompt; null where there are none.</summary>
    internal static MaskPrompt? CutMask(LabelMap labels, int slice, ushort? value, SliceFrame frame)
    {
        float[]? probabilities = null;
        ReadOnlySpan<ushort> voxels = labels.Labels;
        for (int y = 0; y < frame.Height; y++)
        {
            long at = frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY;
            for (int x = 0; x < frame.Width; x++, at += frame.StrideX)
                if (voxels[checked((int)at)] == value)
                    (probabilities ??= new float[frame.Width * frame.Height])[y * frame.Width + x] = 1;
        }
        return probabilities is null ? null : new(frame.Width, frame.Height, probabilities);
    }

    private SliceRange FindRange()
    {
        SliceRange all = new(0, _frame.SliceCount - 1);
        if (_given.Range is { } given)
            return all.Contains(given.Last) ? given : throw new InvalidPromptException(
                $"segment '{_given.Name}': range {given} leaves the scan, which has slices 0 to {all.Last} along {_frame.Axis.ToLetter()}");
        if (_extent is not { } extent) return all;
        int[] slices = [.. _keys.Keys, .. _present]; // what has an extent has a key slice
        return new(Math.Min(extent.First, slices.Min()), Math.Max(extent.Last, slices.Max()));
    }

    private void Check(int slice, PromptSet prompts, SliceRange range)
    {
        if (!range.Contains(slice))
            throw new InvalidPromptException($"segment '{_given.Name}': a prompt is on slice {slice}, outside its range {range}; widen its \"range\" in a prompt file, or remove the prompt");
        if (prompts.Box is null && prompts.Mask is null && !prompts.Points.Any(p => p.IsForeground))
            throw new InvalidPromptException($"segment '{_given.Name}': slice {slice} has only points off the object, and nothing there to take them from; add one on it, or a box");
    }

    private PromptSet At(int slice) => _keys.GetValueOrDefault(slice);

    private VoxelIndex VoxelAt(GivenPosition position, PromptSpace space, string what)
    {
        ContinuousIndex index = ToIndex(position, space);
        // Far-away millimetres overflow an integer index, so the comparison is made before rounding.
        if (IsOn(index.I, _geometry.SizeI) && IsOn(index.J, _geometry.SizeJ) && IsOn(index.K, _geometry.SizeK)) return index.ToNearest();
        string inVoxels = space == PromptSpace.Ijk ? "" : FormattableString.Invariant($" mm, voxel ({index.I:0.#}, {index.J:0.#}, {index.K:0.#}),");
        throw new InvalidPromptException(
            $"{what} {position}{inVoxels} lies outside the scan of {_geometry.SizeI}×{_geometry.SizeJ}×{_geometry.SizeK} voxels, whose indices run from 0 to ({_geometry.SizeI - 1}, {_geometry.SizeJ - 1}, {_geometry.SizeK - 1})");
    }

    private static bool IsOn(double index, int size) => index >= -0.5 && index < size - 0.5;

    private ContinuousIndex ToIndex(GivenPosition position, PromptSpace space) => space switch
    {
        PromptSpace.Ras => _geometry.IndexToRas.RasToIndex(new RasPoint(position.X, position.Y, position.Z)),
        PromptSpace.Lps => _geometry.IndexToRas.RasToIndex(new LpsPoint(position.X, position.Y, position.Z).ToRas()),
        _ => new(position.X, position.Y, position.Z),
    };

    private static string Letter(int axis) => ((SliceAxis)axis).ToLetter();
}
