using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// Reads DICOM segmentations (PS3.3, A.51) as label maps: binary ones (1 bit a pixel, packed without gaps between frames) and fractional ones (8 bits; from
/// half of the largest value on). Only slices that show something need to be in the file, so the map's grid reaches from the first to the last of
/// them. Segments that overlap do not fit into a label map and are refused.
/// </summary>
internal static class SegmentationReader
{
    private const string Modality = "SEG", Binary = "BINARY";
    private const int MostSlices = 20_000;
    private const double StepTolerance = 0.05, ShiftTolerance = 0.1;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, or a folder that holds only it.</param>
    /// <param name="cancellation">Stops between frames.</param>
    /// <returns>Null where the file is no segmentation.</returns>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    /// <exception cref="UnsupportedInputException">It is compressed, its segments overlap, or its frames make no grid.</exception>
    public static LabelMap? TryRead(string path, CancellationToken cancellation)
    {
        string file = Directory.Exists(path) && Directory.GetFiles(path) is [string only] ? only : path;
        if (!File.Exists(file) || DicomHeader.TryRead(file, path) is not { PixelData: { } pixels } header || header.DataSet.GetText(DicomTags.Modality) != Modality) return null;
        DicomInstance instance = DicomInstance.TryRead(file, path)!;
        bool isBinary = header.DataSet.GetText(DicomTags.SegmentationType) is null or Binary;
        if (!TransferSyntaxes.IsNative(header.TransferSyntax) || pixels.IsEncapsulated)
            throw new UnsupportedInputException(path, $"is a compressed segmentation ({header.TransferSyntax}); convert it to explicit little endian first, for example with dcmdjpeg or dcmdrle");
        if (instance.Format.BitsAllocated != (isBinary ? 1 : 8))
            throw new UnsupportedInputException(path, $"is a segmentation of {instance.Format.BitsAllocated} bits a pixel; binary (1 bit) and fractional (8 bits) ones can be read");
        Frame[] frames = [.. ReadFrames(header.DataSet, instance, path)];
        if (frames.Length == 0) throw new InvalidFileException(path, "is a segmentation without frames; export it again");
        VolumeGeometry grid = LayGrid(frames, instance.Format, path);
        ushort[] labels = VoxelMemory.Allocate<ushort>(path, grid.VoxelCount);
        Array.Clear(labels);
        using DicomByteSource source = DicomHeader.OpenPixelSource(file, path, header.TransferSyntax, pixels.SizeBytes);
        byte threshold = (byte)((Math.Clamp(header.DataSet.GetUInt16(DicomTags.MaximumFractionalValue) ?? byte.MaxValue, 1, byte.MaxValue) + 1) / 2);
        for (int n = 0; n < frames.Length; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<ushort> slice = labels.AsSpan(frames[n].Slice * grid.SizeI * grid.SizeJ, grid.SizeI * grid.SizeJ);
            ushort other = isBinary ? PaintBits(source, pixels, n, slice, frames[n].Segment, path) : PaintShares(source, pixels, n, slice, frames[n].Segment, threshold, path);
            if (other != 0) throw new UnsupportedInputException(path, $"its segments {other} and {frames[n].Segment} overlap, and a label map holds one label a voxel; export them into files of their own");
        }
        return new(grid, labels, ReadSegments(header.DataSet));
    }

    private sealed record Frame(ushort Segment, PicturePlane Plane)
    {
        public int Slice { get; set; }
    }

    private static IEnumerable<Frame> ReadFrames(DicomDataSet data, DicomInstance instance, string path)
    {
        DicomDataSet? shared = data.FirstItem(DicomTags.SharedFunctionalGroups);
        IReadOnlyList<DicomDataSet> groups = data.Items(DicomTags.PerFrameFunctionalGroups);
        int claimed = data.GetInteger(DicomTags.NumberOfFrames) ?? 1;
        if (claimed < 1 || claimed > groups.Count || instance.Frames.Count < claimed)
            throw new InvalidFileException(path, $"claims {claimed} frames, but describes {groups.Count} and holds the pixels of {instance.Frames.Count}; copy it again from its source");
        for (int n = 0; n < claimed; n++)
        {
            DicomDataSet? identification = new FunctionalGroups(groups[n], shared, data).Find(DicomTags.SegmentIdentificationSequence);
            if (identification?.GetUInt16(DicomTags.ReferencedSegmentNumber) is not (> 0 and int segment))
                throw new InvalidFileException(path, $"its frame {n + 1} names no segment; export it again");
            yield return new((ushort)segment, instance.Frames[n].Plane ?? throw new InvalidFileException(path, $"its frame {n + 1} does not say where it lies; export it again"));
        }
    }

    // The smallest step between frames is the spacing; frames in between that show nothing are left out of such files.
    private static VolumeGeometry LayGrid(Frame[] frames, PixelFormat format, string path)
    {
        PicturePlane first = frames.MinBy(frame => DepthOf(frame.Plane, frames[0].Plane))!.Plane;
        double[] depths = [.. frames.Select(frame => DepthOf(frame.Plane, first)).Order()];
        double step = depths.Zip(depths.Skip(1), (a, b) => b - a).Where(gap => gap > 0.01).DefaultIfEmpty(1).Min();
        foreach (Frame frame in frames)
        {
            double place = DepthOf(frame.Plane, first) / step;
            RasVector shift = OffsetOf(frame.Plane, first);
            bool isTurned = frame.Plane.Right.Dot(first.Right) < 0.9999 || frame.Plane.Down.Dot(first.Down) < 0.9999;
            bool isShifted = Math.Abs(shift.Dot(first.Right)) > ShiftTolerance * first.ColumnSpacingMm || Math.Abs(shift.Dot(first.Down)) > ShiftTolerance * first.RowSpacingMm;
            if (isTurned || isShifted || Math.Abs(place - Math.Round(place)) > StepTolerance * Math.Max(1, place / 10) || place > MostSlices)
                throw new UnsupportedInputException(path, "its frames do not lie on one even grid; export the segmentation on the scan's own slices");
            frame.Slice = (int)Math.Round(place);
        }
        int slices = frames.Max(frame => frame.Slice) + 1;
        return new(format.Columns, format.Rows, slices, Affine.FromColumns(
            first.Right * first.ColumnSpacingMm, first.Down * first.RowSpacingMm, first.Normal * (slices > 1 ? depths[^1] / (slices - 1) : step), first.Position));
    }

    private static double DepthOf(PicturePlane plane, PicturePlane from) => OffsetOf(plane, from).Dot(from.Normal);

    private static RasVector OffsetOf(PicturePlane plane, PicturePlane from) =>
        new(plane.Position.R - from.Position.R, plane.Position.A - from.Position.A, plane.Position.S - from.Position.S);

    // Both paint a frame's pixels and return the label that was there already, if any.
    private static ushort PaintBits(DicomByteSource source, PixelDataLocation pixels, int frame, Span<ushort> slice, ushort segment, string path)
    {
        long firstBit = (long)frame * slice.Length;
        int skipped = (int)(firstBit % 8);
        byte[] bytes = ReadBytes(source, pixels, firstBit / 8, (skipped + slice.Length + 7) / 8, path);
        ushort other = 0;
        for (int n = 0, bit = skipped; n < slice.Length; n++, bit++)
            if ((bytes[bit >> 3] >> (bit & 7) & 1) != 0) Paint(ref slice[n], segment, ref other);
        return other;
    }

    private static ushort PaintShares(DicomByteSource source, PixelDataLocation pixels, int frame, Span<ushort> slice, ushort segment, byte threshold, string path)
    {
        byte[] bytes = ReadBytes(source, pixels, (long)frame * slice.Length, slice.Length, path);
        ushort other = 0;
        for (int n = 0; n < slice.Length; n++)
            if (bytes[n] >= threshold) Paint(ref slice[n], segment, ref other);
        return other;
    }

    private static void Paint(ref ushort voxel, ushort segment, ref ushort other)
    {
        if (voxel != 0 && voxel != segment) other = voxel;
        voxel = segment;
    }

    private static byte[] ReadBytes(DicomByteSource source, PixelDataLocation pixels, long at, int count, string path)
    {
        if (at + count > pixels.SizeBytes || !source.Has(pixels.Offset + at, count))
            throw new InvalidFileException(path, "is cut off within its pixels; copy it again from its source");
        byte[] bytes = new byte[count];
        source.Read(pixels.Offset + at, bytes);
        return bytes;
    }

    private static List<Segment> ReadSegments(DicomDataSet data)
    {
        SortedDictionary<ushort, Segment> segments = [];
        foreach (DicomDataSet item in data.Items(DicomTags.SegmentSequence))
            if (item.GetUInt16(DicomTags.SegmentNumber) is > 0 and int number)
            {
                string name = item.GetLabel(DicomTags.SegmentLabel);
                segments[(ushort)number] = new((ushort)number, name.Length > 0 ? name : $"segment {number}", RgbColor.ForLabel(number));
            }
        return [.. segments.Values];
    }
}
