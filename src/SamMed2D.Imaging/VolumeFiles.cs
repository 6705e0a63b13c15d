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
            FileFormat.Nrrd => ItkVolumeReader.ReadNrrd(path, options.Frame, cancellation),
            FileFormat.Dicom => DicomVolumeReader.Read(path, options, progress, cancellation),
            FileFormat.MetaImage => ItkVolumeReader.ReadMetaImage(path, options.Frame, cancellation),
            _ => throw FileFormats.Unknown(path),
        };
    }

    /// <inheritdoc/>
    public LabelMap ReadLabelMap(string path, CancellationToken cancellation = default)
    {
        if (FileFormats.Identify(path) == FileFormat.Nrrd && SegNrrdReader.Read(path, cancellation) is LabelMap segmentation) return segmentation;
        Volume volume = Read(path, cancellation: cancellation);
        if (volume.Info.FrameCount > 1)
            throw new AmbiguousInputException(path, $"holds {volume.Info.FrameCount} frames, and a label map has one; pick it first: sammed2d convert {path} OUT --frame 0");
        return new LabelMap(volume.Geometry, volume.Accept(new LabelsOfVolume(path)), LabelDescription.Find(path));
    }

    /// <inheritdoc/>
    public void Write(Volume volume, string path, CancellationToken cancellation = default) => VolumeOutput.ForEnding(path).Write(volume, path, cancellation);

    /// <inheritdoc/>
    public void WriteLabelMap(LabelMap labels, string path, CancellationToken cancellation = default) => VolumeOutput.ForEnding(path).Write(labels, path, cancellation);
}
