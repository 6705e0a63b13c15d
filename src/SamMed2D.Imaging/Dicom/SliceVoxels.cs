using System.Numerics;
using System.Runtime.ExceptionServices;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Reads the pixels of sorted slices into one array, with padding and MONOCHROME1 set right.</summary>
internal static class SliceVoxels
{
    /// <summary>Reads slice after slice.</summary>
    /// <typeparam name="T">The plan's voxel type.</typeparam>
    public static T[] Read<T>(
        string source, IReadOnlyList<DicomFrame> slices, VoxelPlan plan, List<string> notes, ProgressCallback? progress, CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        int pixels = checked(slices[0].Columns * slices[0].Rows);
        T[] voxels = VoxelMemory.Allocate<T>(source, (long)pixels * slices.Count);
        // Codecs take far longer than the disk, so files that hold one compressed picture each are decoded side by side.
        bool sideBySide = slices.All(slice => slice.Instance.PictureCount == 1 && slice.TileColumn + slice.TileRow == 0 && !TransferSyntaxes.IsNative(slice.Instance.TransferSyntax));
        if (sideBySide) ReadSideBySide(slices, plan, voxels, progress, cancellation);
        else ReadInTurn(slices, plan, voxels, progress, cancellation);
        if (plan.IsPerSlice) notes.Add("Slices differ in rescale slope, intercept or pixel format; voxels are intensities in floating point.");
        else
        {
            long padded = ReplacePadding<T>(slices, voxels);
            if (padded > 0) notes.Add($"{padded} padding voxels were replaced by the smallest other number.");
            if (IsToInvert(slices[0])) Invert<T>(slices[0], voxels);
        }
        if (slices[0].Instance.Format.IsInverted)
            notes.Add(IsToInvert(slices[0])
                ? "MONOCHROME1: numbers were turned round within their bits stored, so that large is bright."
                : "MONOCHROME1: numbers were kept, since they are in physical units.");
        return voxels;
    }

    private static void ReadInTurn<T>(IReadOnlyList<DicomFrame> slices, VoxelPlan plan, T[] voxels, ProgressCallback? progress, CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        int pixels = voxels.Length / slices.Count;
        PictureReader? reader = null;
        DicomInstance? open = null;
        try
        {
            for (int n = 0; n < slices.Count; n++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (slices[n].Instance != open)
                {
                    reader?.Dispose();
                    (reader, open) = (new PictureReader(slices[n].Instance), slices[n].Instance);
                }
                ReadSlice(reader!, slices[n], plan, voxels.AsSpan(n * pixels, pixels));
                progress?.Invoke(n + 1, slices.Count);
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    /// <summary>As many slices at a time as there are processors; progress is told in between, on the caller's thread.</summary>
    private static void ReadSideBySide<T>(IReadOnlyList<DicomFrame> slices, VoxelPlan plan, T[] voxels, ProgressCallback? progress, CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        int pixels = voxels.Length / slices.Count, atOnce = 2 * Environment.ProcessorCount;
        for (int first = 0; first < slices.Count; first += atOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(slices.Count, first + atOnce);
            SamMed2DException?[] failures = new SamMed2DException?[end - first];
            int start = first;
            Parallel.For(first, end, n =>
            {
                try
                {
                    using PictureReader reader = new(slices[n].Instance);
                    ReadSlice(reader, slices[n], plan, voxels.AsSpan(n * pixels, pixels));
                }
                catch (SamMed2DException failure)
                {
                    failures[n - start] = failure;
                }
            });
            if (failures.FirstOrDefault(failure => failure is not null) is SamMed2DException firstFailure) ExceptionDispatchInfo.Throw(firstFailure);
            progress?.Invoke(end, slices.Count);
        }
    }

    private static void ReadSlice<T>(PictureReader reader, DicomFrame frame, VoxelPlan plan, Span<T> target) where T : unmanaged, INumber<T>
    {
        if (plan.IsPerSlice) ReadRescaled(reader, frame, target);
        else reader.Read(frame, target);
    }

    private static void ReadRescaled<T>(PictureReader reader, DicomFrame frame, Span<T> target) where T : unmanaged, INumber<T>
    {
        switch (VoxelPlan.TypeOf(frame.Instance.Format))
        {
            case VoxelType.UInt8: ReadRescaled<byte, T>(reader, frame, target); break;
            case VoxelType.Int8: ReadRescaled<sbyte, T>(reader, frame, target); break;
            case VoxelType.UInt16: ReadRescaled<ushort, T>(reader, frame, target); break;
            case VoxelType.Int16: ReadRescaled<short, T>(reader, frame, target); break;
            case VoxelType.UInt32: ReadRescaled<uint, T>(reader, frame, target); break;
            default: ReadRescaled<int, T>(reader, frame, target); break;
        }
    }

    private static void ReadRescaled<TStored, T>(PictureReader reader, DicomFrame frame, Span<T> target)
        where TStored : unmanaged, INumber<TStored> where T : unmanaged, INumber<T>
    {
        TStored[] stored = new TStored[target.Length];
        reader.Read(frame, stored.AsSpan());
        ReplacePadding<TStored>([frame], stored);
        if (IsToInvert(frame)) Invert<TStored>(frame, stored);
        for (int n = 0; n < target.Length; n++)
            target[n] = T.CreateTruncating(frame.Slope * double.CreateTruncating(stored[n]) + frame.Intercept);
    }

    /// <summary>Padding means "nothing was measured": it becomes the background, unless it already is darker than all the rest.</summary>
    /// <returns>The voxels replaced.</returns>
    private static long ReplacePadding<T>(IReadOnlyList<DicomFrame> slices, Span<T> voxels) where T : unmanaged, INumber<T>
    {
        int pixels = voxels.Length / slices.Count;
        if (!slices.Any(slice => slice.Instance.Padding is not null)) return 0;
        T smallest = T.Zero, largest = T.Zero;
        bool any = false;
        for (int n = 0; n < slices.Count; n++)
        {
            (T low, T high) = PaddingOf<T>(slices[n].Instance);
            foreach (T voxel in voxels.Slice(n * pixels, pixels))
            {
                if (voxel >= low && voxel <= high) continue;
                if (!any) (smallest, largest, any) = (voxel, voxel, true);
                else if (voxel < smallest) smallest = voxel;
                else if (voxel > largest) largest = voxel;
            }
        }
        if (!any) return 0;
        // In MONOCHROME1 the largest number is black.
        bool inverted = slices[0].Instance.Format.IsInverted;
        T background = inverted ? largest : smallest;
        long replaced = 0;
        for (int n = 0; n < slices.Count; n++)
        {
            (T low, T high) = PaddingOf<T>(slices[n].Instance);
            foreach (ref T voxel in voxels.Slice(n * pixels, pixels))
            {
                if (voxel < low || voxel > high || (inverted ? voxel > background : voxel < background)) continue;
                voxel = background;
                replaced++;
            }
        }
        return replaced;
    }

    /// <summary>The padding range among masked numbers; an empty one where there is no padding.</summary>
    private static (T Low, T High) PaddingOf<T>(DicomInstance instance) where T : unmanaged, INumber<T>
    {
        if (instance.Padding is not { } padding || instance.Format.BitsAllocated > 16) return (T.One, T.Zero);
        Span<T> ends = [T.CreateTruncating(padding.Low), T.CreateTruncating(padding.High)];
        PixelFormat format = instance.Format;
        StoredBits.Extract(ends, format.BitsAllocated, format.BitsStored, format.BitsStored - 1, format.IsSigned);
        return ends[0] <= ends[1] ? (ends[0], ends[1]) : (ends[1], ends[0]);
    }

    /// <summary>MONOCHROME1 shows small numbers white. Hounsfield units and uptake keep their meaning, and so their numbers; other grey values are turned round.</summary>
    private static bool IsToInvert(DicomFrame frame) => frame.Instance.Format.IsInverted && !HasPhysicalUnit(frame.Instance);

    private static bool HasPhysicalUnit(DicomInstance instance) =>
        instance.Modality is "CT" or "PT" || instance.RescaleType.Equals("HU", StringComparison.OrdinalIgnoreCase);

    /// <summary>Turns numbers round within their bits stored: the largest becomes the smallest.</summary>
    private static void Invert<T>(DicomFrame frame, Span<T> voxels) where T : unmanaged, INumber<T>
    {
        PixelFormat format = frame.Instance.Format;
        T sum = format.IsSigned ? T.Zero - T.One : T.CreateTruncating((1L << format.BitsStored) - 1);
        foreach (ref T voxel in voxels) voxel = sum - voxel;
    }
}
