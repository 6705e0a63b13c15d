using System.Numerics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// Reads a DICOM series as one volume: slices sorted along their normal, in RAS, at even steps. What had to be done to the slices is told in
/// <see cref="VolumeInfo.Notes"/>.
/// </summary>
public static class DicomVolumeReader
{
    /// <summary>A compressed picture is not believed to be more than this many times its bytes.</summary>
    private const long LargestCompression = 2000;

    /// <summary>Reads the series that the options choose.</summary>
    /// <param name="path">A folder (with all below it), a file or a DICOMDIR.</param>
    /// <param name="options">The series and the phase.</param>
    /// <param name="progress">Slices done and in all.</param>
    /// <param name="cancellation">Stops between slices.</param>
    /// <exception cref="InvalidFileException">A file is damaged; the message names it.</exception>
    /// <exception cref="AmbiguousInputException">There are several series or phases and none is chosen.</exception>
    /// <exception cref="UnsupportedInputException">What is there cannot be a volume.</exception>
    public static Volume Read(string path, VolumeReadOptions? options = null, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        DicomSeriesCatalog catalog = DicomSeriesCatalog.Scan(path, cancellation: cancellation);
        DicomSeries series = catalog.Choose(options?.Series);
        return Read(catalog, series, options?.Frame, progress, cancellation);
    }

    /// <summary>Reads one series of a catalog.</summary>
    /// <param name="catalog">From which the series comes.</param>
    /// <param name="series">One without a <see cref="DicomSeries.Problem"/>.</param>
    /// <param name="phase">From 0; null reads the only one.</param>
    /// <param name="progress">Slices done and in all.</param>
    /// <param name="cancellation">Stops between slices.</param>
    /// <exception cref="InvalidFileException">A file is damaged; the message names it.</exception>
    /// <exception cref="AmbiguousInputException">There are several phases and none is chosen.</exception>
    /// <exception cref="UnsupportedInputException">The slices make no volume.</exception>
    public static Volume Read(DicomSeriesCatalog catalog, DicomSeries series, int? phase, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<DicomFrame> slices = ChoosePhase(catalog.Source, series, phase);
        CheckFormats(slices);
        SliceGrid grid = SliceGrid.Create(slices, catalog.Source);
        CheckSizes(slices);
        VolumeInfo info = new()
        {
            Source = catalog.Source,
            Format = "DICOM",
            Modality = series.Modality,
            Frame = phase ?? 0,
            FrameCount = series.PhaseCount,
            Notes = [.. CatalogNotes(catalog, series), .. series.Stack!.Notes, .. grid.Notes],
        };
        VoxelPlan plan = VoxelPlan.Create(slices);
        return plan.VoxelType switch
        {
            VoxelType.UInt8 => Assemble<byte>(slices, grid, plan, info, progress, cancellation),
            VoxelType.Int8 => Assemble<sbyte>(slices, grid, plan, info, progress, cancellation),
            VoxelType.UInt16 => Assemble<ushort>(slices, grid, plan, info, progress, cancellation),
            VoxelType.Int16 => Assemble<short>(slices, grid, plan, info, progress, cancellation),
            VoxelType.UInt32 => Assemble<uint>(slices, grid, plan, info, progress, cancellation),
            VoxelType.Int32 => Assemble<int>(slices, grid, plan, info, progress, cancellation),
            _ => Assemble<float>(slices, grid, plan, info, progress, cancellation),
        };
    }

    private static IReadOnlyList<DicomFrame> ChoosePhase(string source, DicomSeries series, int? phase)
    {
        if (series.Stack is null || series.Problem is not null) throw new UnsupportedInputException(source, $"series {series} cannot be a volume: {series.Problem}");
        if (phase is null && series.PhaseCount > 1)
            throw new AmbiguousInputException(source, $"series {series} holds {series.PhaseCount} phases, ordered by {series.PhaseRule}; choose one with --frame 0 to {series.PhaseCount - 1}");
        int chosen = phase ?? 0;
        if (chosen < 0 || chosen >= series.PhaseCount)
            throw new AmbiguousInputException(source, $"has no frame {chosen}; series {series} has frames 0 to {series.PhaseCount - 1}");
        if (series.Stack.Phases[chosen].Count < 2)
            throw new UnsupportedInputException(source, $"frame {chosen} of series {series} is a single slice; a volume needs at least two");
        return series.Stack.Phases[chosen];
    }

    private static IEnumerable<string> CatalogNotes(DicomSeriesCatalog catalog, DicomSeries series)
    {
        if (catalog.Damaged.Count > 0)
            yield return $"{catalog.Damaged.Count} damaged {(catalog.Damaged.Count == 1 ? "file was" : "files were")} left out, the first: {catalog.Damaged[0].Path}.";
        int besides = catalog.Series.Count(other => other.Number != series.Number && other.Uid == series.Uid);
        if (besides > 0) yield return $"The series also holds images of another size or orientation, which were left out; the listing shows them.";
    }

    private static void CheckFormats(IReadOnlyList<DicomFrame> slices)
    {
        foreach (DicomFrame slice in slices)
            if (slice.Instance.Format.Problem is string problem) throw new UnsupportedInputException(slice.Instance.Name, problem);
    }

    /// <summary>Refuses sizes that the files cannot hold, before anything is allocated.</summary>
    internal static void CheckSizes(IReadOnlyList<DicomFrame> slices)
    {
        foreach (DicomFrame slice in slices)
        {
            DicomInstance instance = slice.Instance;
            bool plain = TransferSyntaxes.IsNative(instance.TransferSyntax) && instance.TransferSyntax != TransferSyntaxes.Deflated;
            long needed = checked(instance.Format.PictureBytes * instance.PictureCount), there = new FileInfo(instance.Path) is { Exists: true } file ? file.Length : 0;
            if (plain && instance.PixelData is { IsEncapsulated: false } pixels) there = Math.Min(there, pixels.SizeBytes);
            if (needed > (plain ? there : Math.Max(64L << 20, LargestCompression * there)))
                throw new InvalidFileException(instance.Name, $"is cut off: its header announces at least {needed} bytes of pixels and there are {there}; copy it again from its source");
        }
    }

    private static Volume<T> Assemble<T>(
        IReadOnlyList<DicomFrame> slices, SliceGrid grid, VoxelPlan plan, VolumeInfo info, ProgressCallback? progress, CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        List<string> notes = [.. info.Notes];
        T[] voxels = SliceVoxels.Read<T>(info.Source, slices, plan, notes, progress, cancellation);
        if (grid.Places is not null) voxels = SliceResampler.Resample(voxels, slices[0].Columns, slices[0].Rows, grid, info.Source, cancellation);
        return new Volume<T>(grid.Geometry, voxels, plan.Scale, info with { Notes = notes });
    }
}
