using SamMed2D.Core.Geometry;

namespace SamMed2D.Imaging.Dicom;

/// <summary>What tells the phases of a series apart, in the order in which it is tried.</summary>
internal enum PhaseKey
{
    TemporalPosition,
    AcquisitionNumber,
    TriggerTime,
    EchoTime,
    DiffusionBValue,
    AcquisitionTime,
}

/// <summary>Where a picture lies in patient space. LPS ends here: DICOM's numbers are turned to RAS as they are read.</summary>
/// <param name="Position">Centre of the first pixel.</param>
/// <param name="Right">Unit vector along a row (growing column index).</param>
/// <param name="Down">Unit vector along a column (growing row index).</param>
/// <param name="ColumnSpacingMm">Distance between neighbours in a row.</param>
/// <param name="RowSpacingMm">Distance between neighbours in a column.</param>
internal sealed record PicturePlane(RasPoint Position, RasVector Right, RasVector Down, double ColumnSpacingMm, double RowSpacingMm)
{
    /// <summary>The direction in which slices are counted: row × column, as DICOM has it.</summary>
    public RasVector Normal => Right.Cross(Down).ToUnit();
}

/// <summary>One grey picture of a series: a file, a frame of a multi-frame file, or a tile of a Siemens mosaic.</summary>
/// <param name="Instance">The file.</param>
/// <param name="Picture">Which picture of the file, from 0.</param>
/// <param name="TileColumn">First column of it that belongs to this slice.</param>
/// <param name="TileRow">First row of it that belongs to this slice.</param>
/// <param name="Columns">Width of the slice in pixels.</param>
/// <param name="Rows">Height of the slice in pixels.</param>
/// <param name="Plane">Where it lies; null where the file does not say.</param>
/// <param name="Slope">Rescale slope.</param>
/// <param name="Intercept">Rescale intercept.</param>
/// <param name="StackId">Stack of an enhanced file; else empty.</param>
/// <param name="PhaseKeys">By <see cref="PhaseKey"/>; NaN where not told.</param>
internal sealed record DicomFrame(
    DicomInstance Instance, int Picture, int TileColumn, int TileRow, int Columns, int Rows, PicturePlane? Plane,
    double Slope, double Intercept, string StackId, double[] PhaseKeys);
