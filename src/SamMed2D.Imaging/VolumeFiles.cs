using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Imaging.Labels;
using SamMed2D.Imaging.Nifti;
using SamMed2D.Imaging.Voxels;

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
        switch (FileFormats.Identify(path))
        {
            case FileFormat.Nifti:
                return NiftiReader.Read(NiftiReader.FindHeader(path) ?? path, options.Frame, progress, cancellation);
            case FileFormat.Dicom:
                return DicomVolumeReader.Read(path, options, progress, cancellation);
            default:
                throw FileFormats.Unknown(path);
        }
    }

    /// <inheritdoc/>
    public LabelMap ReadLabelMap(string path, CancellationToken cancellation = default)
    {
        Volume volume = Read(path, cancellation: cancellation);
        if (volume.Info.FrameCount > 1)
            throw new AmbiguousInputException(path, $"holds {volume.Info.FrameCount} frames, and a label map has one; pick it first: sammed2d convert {path} OUT --frame 0");
        return new LabelMap(volume.Geometry, volume.Accept(new LabelsOfVolume(path)), []);
    }

    /// <inheritdoc/>
    public void Write(Volume volume, string path, CancellationToken cancellation = default) => WriteVoxels(VoxelSource.Of(volume), path, cancellation);

    /// <inheritdoc/>
    public void WriteLabelMap(LabelMap labels, string path, CancellationToken cancellation = default) => WriteVoxels(VoxelSource.Of(labels), path, cancellation);

    private static void WriteVoxels(VoxelSource source, string path, CancellationToken cancellation)
    {
        bool isCompressed = path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase);
        if (!isCompressed && !path.EndsWith(".nii", StringComparison.OrdinalIgnoreCase))
            throw new OutputException(path, "has no ending that names a volume format; end it in .nii.gz, .nii, .nrrd, .nhdr, .mha or .mhd");
        AtomicFile.Write(path, target => NiftiWriter.Write(source, target, isCompressed, cancellation));
    }
}
