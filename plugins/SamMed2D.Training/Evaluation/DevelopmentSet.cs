using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Training.Evaluation;

/// <summary>One mask to find, with what a user might give for it.</summary>
/// <param name="Source">The data set that it comes from.</param>
/// <param name="Name">The mask's name within it.</param>
/// <param name="Image">The slice.</param>
/// <param name="Mask">The truth: the largest 8-connected piece of the structure.</param>
/// <param name="Previous">The next slice of the same scan in the same window, or null for single pictures.</param>
/// <param name="PreviousMask">The structure on it.</param>
internal sealed record DevelopmentMask(string Source, string Name, SliceImage Image, MaskPlane Mask, SliceImage? Previous, MaskPlane? PreviousMask);

/// <summary>
/// The masks on which compact models are compared while they are made. By source, none of which is ever trained on: slices-2d, and of
/// labelled: ct-totalseg-example(-sm), ct-sts002, mr-sts002, mr-pyrad-brain1 and all mr-sct. Of each structure the slice with its largest cut
/// and the one half-way from there to its upper end; of masks in pictures the largest piece. Pieces under 24 pixels are left out.
/// </summary>
internal static class DevelopmentSet
{
    private const int SmallestPiece = 24;

    private static readonly (string Scan, string Labels)[] s_scans =
    [
        ("ct-totalseg-example-sm/image.nii.gz", "label.nii.gz"),
        ("ct-totalseg-example/image.nii.gz", "label-vertebrae.nii.gz"),
        ("ct-sts002/image.nii.gz", "label.nii.gz"),
        ("mr-sts002/image.nii.gz", "label.nii.gz"),
        ("mr-pyrad-brain1/image.nrrd", "label.nrrd"),
        ("mr-sct-t1/image.nii.gz", "label.nii.gz"),
        ("mr-sct-t2/image.nii.gz", "label.nii.gz"),
        ("mr-sct-t2s/image.nii.gz", "label.nii.gz"),
        ("mr-sct-t2s/image.nii.gz", "label-gm.nii.gz"),
        ("mr-sct-mt1/image.nii.gz", "label.nii.gz"),
        ("mr-sct-mt1/image.nii.gz", "label-gm.nii.gz"),
        ("mr-sct-t2-lesion/image.nii.gz", "label.nii.gz"),
        ("mr-sct-t2-lesion/image.nii.gz", "label-lesion.nii.gz"),
        ("mr-sct-t2s-axial/image.nii.gz", "label.nii.gz"),
    ];

    /// <summary>The sources, for the split's check against a recipe.</summary>
    public static IReadOnlyList<string> Sources { get; } = ["slices-2d", .. s_scans.Select(scan => "labelled/" + scan.Scan.Split('/')[0]).Distinct()];

    /// <summary>Reads all masks.</summary>
    /// <param name="data">The folder that holds <c>slices-2d</c> and <c>labelled</c>.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static IReadOnlyList<DevelopmentMask> Read(string data, CancellationToken cancellation)
    {
        List<DevelopmentMask> masks = [.. ReadPictures(Path.Combine(data, "slices-2d"))];
        foreach ((string scan, string labels) in s_scans)
        {
            cancellation.ThrowIfCancellationRequested();
            string path = Path.Combine(data, "labelled", scan);
            masks.AddRange(ReadScan(path, Path.Combine(Path.GetDirectoryName(path)!, labels), cancellation));
        }
        return masks;
    }

    private static IEnumerable<DevelopmentMask> ReadPictures(string folder)
    {
        if (!Directory.Exists(folder)) throw new InvalidFileException(folder, "does not exist; give the data folder that holds slices-2d and labelled");
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, "images")).Order(StringComparer.Ordinal))
        {
            SliceImage image = PngFile.Read(path);
            string stem = Path.GetFileNameWithoutExtension(path);
            foreach (string maskPath in Directory.EnumerateFiles(Path.Combine(folder, "masks"), stem + "_*.png").Order(StringComparer.Ordinal))
            {
                SliceImage drawn = PngFile.Read(maskPath);
                MaskPlane mask = new(drawn.Width, drawn.Height);
                for (int n = 0; n < mask.Pixels.Length; n++) mask.Pixels[n] = drawn.Pixels.Span[n * drawn.Channels] > 127 ? (byte)1 : (byte)0;
                if (LargestPiece(mask) is { } piece) yield return new("slices-2d", Path.GetFileNameWithoutExtension(maskPath), image, piece, null, null);
            }
        }
    }

    private static IEnumerable<DevelopmentMask> ReadScan(string path, string labelPath, CancellationToken cancellation)
    {
        VolumeFiles files = new();
        Volume volume = files.Read(path, cancellation: cancellation);
        LabelMap labels = files.ReadLabelMap(labelPath, cancellation);
        SliceFrame frame = new(volume.Geometry, volume.Geometry.NaturalSliceAxis);
        SliceSampler sampler = SliceSampler.Create(volume, frame, IntensityWindowChoice.Auto.Resolve(volume));
        string source = Path.GetFileName(Path.GetDirectoryName(path))!;
        string structure = Path.GetFileName(labelPath) is "label.nii.gz" or "label.nrrd" ? "" : Path.GetFileName(labelPath).Replace(".nii.gz", "") + "-";
        foreach ((ushort label, int[] areas) in AreasBySlice(labels, frame))
        {
            int largest = Array.IndexOf(areas, areas.Max()), top = Array.FindLastIndex(areas, area => area > 0), halfWay = (largest + top + 1) / 2;
            foreach (int slice in (int[])(halfWay == largest ? [largest] : [largest, halfWay]))
            {
                if (LargestPiece(Cut(labels, frame, slice, label)) is not { } piece) continue;
                int neighbour = slice + (slice > 0 && areas[slice - 1] > 0 ? -1 : 1);
                bool hasNeighbour = neighbour < areas.Length && areas[neighbour] > 0;
                yield return new(source, $"{structure}{label}@{slice}", Picture(sampler, slice), piece,
                    hasNeighbour ? Picture(sampler, neighbour) : null, hasNeighbour ? Cut(labels, frame, neighbour, label) : null);
            }
        }
    }

    private static SliceImage Picture(SliceSampler sampler, int slice) => sampler.Sample(slice, new byte[sampler.PixelCount].AsMemory());

    private static SortedDictionary<ushort, int[]> AreasBySlice(LabelMap labels, SliceFrame frame)
    {
        SortedDictionary<ushort, int[]> areas = [];
        for (int slice = 0; slice < frame.SliceCount; slice++)
            for (int y = 0; y < frame.Height; y++)
                for (int x = 0; x < frame.Width; x++)
                {
                    ushort label = labels.Labels[(int)OffsetOf(frame, x, y, slice)];
                    if (label == 0) continue;
                    if (!areas.TryGetValue(label, out int[]? counts)) areas[label] = counts = new int[frame.SliceCount];
                    counts[slice]++;
                }
        return areas;
    }

    private static MaskPlane Cut(LabelMap labels, SliceFrame frame, int slice, ushort label)
    {
        MaskPlane mask = new(frame.Width, frame.Height);
        for (int y = 0; y < frame.Height; y++)
            for (int x = 0; x < frame.Width; x++)
                if (labels.Labels[(int)OffsetOf(frame, x, y, slice)] == label) mask.Pixels[y * frame.Width + x] = 1;
        return mask;
    }

    private static long OffsetOf(SliceFrame frame, int x, int y, int slice) =>
        frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY + x * frame.StrideX;

    /// <summary>The largest 8-connected piece, or null where even that is too small to be asked for.</summary>
    internal static MaskPlane? LargestPiece(MaskPlane mask)
    {
        byte[] left = mask.Pixels.ToArray();
        List<int> best = [];
        Stack<int> open = new();
        for (int seed = 0; seed < left.Length; seed++)
        {
            if (left[seed] == 0) continue;
            List<int> piece = [];
            open.Push(seed);
            left[seed] = 0;
            while (open.TryPop(out int at))
            {
                piece.Add(at);
                (int y, int x) = Math.DivRem(at, mask.Width);
                for (int ny = Math.Max(0, y - 1); ny <= Math.Min(mask.Height - 1, y + 1); ny++)
                    for (int nx = Math.Max(0, x - 1); nx <= Math.Min(mask.Width - 1, x + 1); nx++)
                    {
                        int next = ny * mask.Width + nx;
                        if (left[next] == 0) continue;
                        left[next] = 0;
                        open.Push(next);
                    }
            }
            if (piece.Count > best.Count) best = piece;
        }
        if (best.Count < SmallestPiece) return null;
        MaskPlane result = new(mask.Width, mask.Height);
        foreach (int at in best) result.Pixels[at] = 1;
        return result;
    }
}
