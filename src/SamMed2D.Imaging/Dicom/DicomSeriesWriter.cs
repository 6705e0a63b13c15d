using System.Globalization;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Dicom;

/// <summary>What a written series is called. The patient is always <c>PHANTOM</c>: the writer takes no patient data.</summary>
public sealed record DicomSeriesOptions
{
    /// <summary><c>CT</c> or <c>MR</c>; null takes the volume's modality, or CT where it has none.</summary>
    public string? Modality { get; init; }

    /// <summary>The series description, ASCII, at most 64 characters.</summary>
    public string Description { get; init; } = "Synthetic volume";

    /// <summary>The series number.</summary>
    public int SeriesNumber { get; init; } = 1;

    /// <summary>From which all UIDs are derived: the same words give the same UIDs.</summary>
    public string Seed { get; init; } = "SamMed2D";
}

/// <summary>
/// Writes a volume as a classic CT or MR series: one file a slice, explicit little endian, 16 bits, without any patient data. Meant for phantoms and
/// exchange, not for archives.
/// </summary>
public static class DicomSeriesWriter
{
    private const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    private const string MrImageStorage = "1.2.840.10008.5.1.4.1.1.4";

    /// <summary>Writes the files <c>slice-0001.dcm</c> and on; the folder appears when all are complete.</summary>
    /// <param name="volume">Its slices run along k. Whole numbers of up to 16 bits are kept; others are scaled to 16 bits.</param>
    /// <param name="folder">To create; it must not exist or be empty.</param>
    /// <param name="options">Names; null for the defaults.</param>
    /// <param name="cancellation">Stops between slices and leaves nothing behind.</param>
    /// <exception cref="OutputException">The folder is not empty or cannot be written, or the grid's rows and columns are not at right angles.</exception>
    public static void Write(Volume volume, string folder, DicomSeriesOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new DicomSeriesOptions();
        string modality = options.Modality ?? (volume.Info.Modality == "MR" ? "MR" : "CT");
        if (modality is not ("CT" or "MR")) throw new OutputException(folder, $"a series of modality {modality} cannot be written; choose CT or MR");
        Affine affine = volume.Geometry.IndexToRas;
        if (Math.Abs(affine.StepI.ToUnit().Dot(affine.StepJ.ToUnit())) > 1e-3)
            throw new OutputException(folder, "rows and columns of the volume are not at right angles, which DICOM cannot say; resample it first");
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        try
        {
            if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
                throw new OutputException(folder, "is not an empty folder; choose another name or empty it");
            Directory.CreateDirectory(temporary);
            WriteSlices(SixteenBits.Of(volume), volume.Geometry, modality, options, temporary, cancellation);
            if (Directory.Exists(full)) Directory.Delete(full);
            Directory.Move(temporary, full);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, $"cannot be written ({failure.Message}); choose a place with room that you may write to", failure);
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }

    private static void WriteSlices(
        SixteenBits pixels, VolumeGeometry geometry, string modality, DicomSeriesOptions options, string folder, CancellationToken cancellation)
    {
        int perSlice = geometry.SizeI * geometry.SizeJ;
        for (int k = 0; k < geometry.SizeK; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<ushort> slice = pixels.Bits.AsSpan(k * perSlice, perSlice);
            byte[] file = CreateSlice(geometry, k, modality, options, pixels, slice);
            File.WriteAllBytes(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"slice-{k + 1:0000}.dcm")), file);
        }
    }

    private static byte[] CreateSlice(VolumeGeometry geometry, int k, string modality, DicomSeriesOptions options, SixteenBits pixels, ReadOnlySpan<ushort> slice)
    {
        string sopClass = modality == "CT" ? CtImageStorage : MrImageStorage;
        string number = k.ToString(CultureInfo.InvariantCulture), series = options.SeriesNumber.ToString(CultureInfo.InvariantCulture);
        string instance = DicomElements.CreateUid(options.Seed, modality, series, "slice", number);
        Affine affine = geometry.IndexToRas;
        RasVector right = affine.StepI.ToUnit(), down = affine.StepJ.ToUnit();
        LpsPoint position = affine.IndexToRas(new ContinuousIndex(0, 0, k)).ToLps();
        double spacing = geometry.SpacingMm(SliceAxis.K);
        DicomElements elements = new DicomElements()
            .Text(DicomTags.ImageType, "CS", @"DERIVED\SECONDARY\AXIAL")
            .Text(DicomTags.SopClassUid, "UI", sopClass)
            .Text(DicomTags.SopInstanceUid, "UI", instance)
            .Text(0x0008_0020, "DA", "20000101").Text(0x0008_0030, "TM", "000000").Text(0x0008_0050, "SH", "")
            .Text(DicomTags.Modality, "CS", modality)
            .Text(0x0008_0070, "LO", "SamMed2D").Text(0x0008_0090, "PN", "")
            .Text(DicomTags.SeriesDescription, "LO", options.Description)
            .Text(0x0010_0010, "PN", "PHANTOM").Text(0x0010_0020, "LO", "PHANTOM").Text(0x0010_0030, "DA", "").Text(0x0010_0040, "CS", "O")
            .Decimals(0x0018_0050, spacing)
            .Decimals(DicomTags.SpacingBetweenSlices, spacing)
            .Text(0x0020_000D, "UI", DicomElements.CreateUid(options.Seed, "study"))
            .Text(DicomTags.SeriesInstanceUid, "UI", DicomElements.CreateUid(options.Seed, modality, series))
            .Text(0x0020_0010, "SH", "1")
            .Integer(DicomTags.SeriesNumber, options.SeriesNumber)
            .Integer(DicomTags.InstanceNumber, k + 1)
            .Decimals(DicomTags.ImagePositionPatient, position.L, position.P, position.S)
            .Decimals(DicomTags.ImageOrientationPatient, -right.R, -right.A, right.S, -down.R, -down.A, down.S)
            .Text(0x0020_0052, "UI", DicomElements.CreateUid(options.Seed, "frame of reference"))
            .UInt16(DicomTags.SamplesPerPixel, 1)
            .Text(DicomTags.PhotometricInterpretation, "CS", "MONOCHROME2")
            .UInt16(DicomTags.Rows, geometry.SizeJ)
            .UInt16(DicomTags.Columns, geometry.SizeI)
            .Decimals(DicomTags.PixelSpacing, geometry.SpacingMm(SliceAxis.J), geometry.SpacingMm(SliceAxis.I))
            .UInt16(DicomTags.BitsAllocated, 16).UInt16(DicomTags.BitsStored, 16).UInt16(DicomTags.HighBit, 15)
            .UInt16(DicomTags.PixelRepresentation, pixels.IsSigned ? 1 : 0)
            .Bytes(DicomTags.PixelData, "OW", MemoryMarshal.AsBytes(slice).ToArray());
        if (modality == "CT" || pixels.Scale != IntensityScale.Identity)
            elements.Decimals(DicomTags.RescaleIntercept, pixels.Scale.Intercept).Decimals(DicomTags.RescaleSlope, pixels.Scale.Slope)
                .Text(DicomTags.RescaleType, "LO", modality == "CT" ? "HU" : "US");
        return elements.ToFile(sopClass, instance);
    }
}
