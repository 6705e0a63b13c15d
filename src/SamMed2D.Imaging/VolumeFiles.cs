using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Imaging.ItkSharp;
using SamMed2D.Imaging.Labels;
using SamMed2D.Imaging.Nifti;
using SamMed2D.Imaging.Nrrd;

namespace SamMed2D.Imaging;

/// <summary>
/// Reads and writes volumes and label maps in every format of the product. What a file is, its content decides; its name only where
/// the content has no mark of its own. Voxels that are NaN or infinite are kept: statistics leave them out, and a window shows
/// NaN and negative infinity as black and positive infinity as white. Safe for concurrent calls.
/// </summary>
public sealed class VolumeFiles : IVolumeReader, IVolumeWriter
{
    /// <inheritdoc/>
    public Volume Read(string path, VolumeReadOptions? options = null, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        options ??= new VolumeReadOptions();
        return FileFormats.Identify(path) switch
        {
            FileFormat.Nifti => NiftiReader.Read(NiftiReader.FindHeader(path) ?? path, options.Frame, progress, cancellation),
            FileFormat.Nrrd => ItkVolumeReader.ReadNrrd(path, options.Frame, progress, cancellation),
            FileFormat.Dicom => DicomVolumeReader.Read(path, options, progress, cancellation),
            FileFormat.MetaImage => ItkVolumeReader.ReadMetaImage(path, options.Frame, progress, cancellation),
            _ => throw FileFormats.Unknown(path),
        };
    }

    /// <summary>The DICOM series behind a path; empty where it is no DICOM.</summary>
    /// <param name="path">As for <see cref="Read"/>.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="InvalidFileException">The path does not exist, or a folder holds no DICOM.</exception>
    public static IReadOnlyList<DicomSeries> ListSeries(string path, CancellationToken cancellation = default) =>
        FileFormats.Identify(path) == FileFormat.Dicom ? DicomSeriesCatalog.Scan(path, cancellation: cancellation).Series : [];

    /// <inheritdoc/>
    public LabelMap ReadLabelMap(string path, CancellationToken cancellation = default) => ReadLabelMap(path, new VolumeReadOptions(), cancellation);

    /// <summary>Reads one frame of a label map that has several.</summary>
    /// <param name="path">As for <see cref="ReadLabelMap(string, CancellationToken)"/>.</param>
    /// <param name="options">The frame; null where there must be only one.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <exception cref="InvalidFileException">The file is damaged or its voxels are not labels.</exception>
    /// <exception cref="AmbiguousInputException">There are several frames and none is chosen.</exception>
    public LabelMap ReadLabelMap(string path, VolumeReadOptions options, CancellationToken cancellation = default)
    {
        LabelMap? segmentation = options.Frame is not null ? null : FileFormats.Identify(path) switch
        {
            FileFormat.Nrrd => SegNrrdReader.Read(path, cancellation),
            FileFormat.Dicom => SegmentationReader.TryRead(path, cancellation),
            _ => null,
        };
        if (segmentation is not null) return segmentation;
        Volume volume = Read(path, options, cancellation: cancellation);
        if (options.Frame is null && volume.Info.FrameCount > 1)
            throw new AmbiguousInputException(path, $"holds {volume.Info.FrameCount} frames, numbered from 0, and a label map has one; choose it with: sammed2d convert IN OUT --labels --frame N");
        return new LabelMap(volume.Geometry, volume.Accept(new LabelsOfVolume(path)), LabelDescription.Find(path));
    }

    /// <inheritdoc/>
    public void Write(Volume volume, string path, CancellationToken cancellation = default) => VolumeOutput.ForEnding(path).Write(volume, path, cancellation);

    /// <inheritdoc/>
    public void WriteLabelMap(LabelMap labels, string path, CancellationToken cancellation = default) => VolumeOutput.ForEnding(path).Write(labels, path, cancellation);

    /// <summary>The files that writing a label map to a place creates or replaces: itself, and what goes beside it.</summary>
    /// <param name="path">As for <see cref="WriteLabelMap"/>.</param>
    /// <exception cref="OutputException">The ending names no format.</exception>
    public static IReadOnlyList<string> LabelMapFiles(string path) => VolumeOutput.ForEnding(path).LabelMapFiles(path);
}
