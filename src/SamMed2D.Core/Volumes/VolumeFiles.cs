namespace SamMed2D.Core.Volumes;

/// <summary>What to pick out of a source that holds more than one volume.</summary>
public sealed record VolumeReadOptions
{
    /// <summary>For DICOM: the series to read, as its number in the listing (from 1), its UID or the start of either; null reads the only one.</summary>
    public string? Series { get; init; }

    /// <summary>For 4D files and multi-phase series: the frame or phase, from 0; null reads frame 0 of a file and the only phase of a series.</summary>
    public int? Frame { get; init; }
}

/// <summary>Reads volumes and label maps in every format that the product knows.</summary>
public interface IVolumeReader
{
    /// <summary>Reads a volume: a NIfTI, NRRD, MetaImage or DICOM file, a DICOMDIR, or a folder of DICOM files.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">What to pick.</param>
    /// <param name="progress">Called with the part done, 0..1, on the calling thread.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <exception cref="Errors.InvalidFileException">The file is damaged, empty, or cannot be a volume.</exception>
    /// <exception cref="Errors.AmbiguousInputException">The source holds several volumes and <paramref name="options"/> chooses none.</exception>
    Volume Read(string path, VolumeReadOptions? options = null, Progress.ProgressCallback? progress = null, CancellationToken cancellation = default);

    /// <summary>Reads a label map with the segment names that the file or its side-car carries.</summary>
    /// <param name="path">A NIfTI, NRRD (also <c>.seg.nrrd</c>) or MetaImage file with whole numbers from 0 to 65535, or a DICOM segmentation.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <exception cref="Errors.InvalidFileException">The file is damaged or its voxels are not labels.</exception>
    LabelMap ReadLabelMap(string path, CancellationToken cancellation = default);
}

/// <summary>Writes volumes and label maps; the ending of the name chooses the format.</summary>
public interface IVolumeWriter
{
    /// <summary>Writes a volume in its own voxel type. A file already there stays whole until the new one is complete.</summary>
    /// <param name="volume">What to write.</param>
    /// <param name="path">Ends in <c>.nii</c>, <c>.nii.gz</c>, <c>.nrrd</c>, <c>.nhdr</c>, <c>.mha</c> or <c>.mhd</c>.</param>
    /// <param name="cancellation">Stops within a block and leaves nothing behind.</param>
    /// <exception cref="Errors.OutputException">The format is unknown or the place cannot be written.</exception>
    void Write(Volume volume, string path, CancellationToken cancellation = default);

    /// <summary>Writes a label map, 8 bits where all labels fit, with names and colours as the format allows
    /// (<c>.seg.nrrd</c> inside the file; otherwise an ITK-SNAP label description beside it).</summary>
    /// <param name="labels">What to write.</param>
    /// <param name="path">As for volumes, or <c>.seg.nrrd</c>.</param>
    /// <param name="cancellation">Stops within a block and leaves nothing behind.</param>
    /// <exception cref="Errors.OutputException">The format is unknown or the place cannot be written.</exception>
    void WriteLabelMap(LabelMap labels, string path, CancellationToken cancellation = default);
}
