namespace SamMed2D.Imaging.Dicom;

/// <summary>The facts of one DICOM file that a volume needs; nothing of the patient.</summary>
internal sealed class DicomInstance
{
    private const int MostPictures = 100_000;

    private DicomInstance(string path, string name, DicomHeader header)
    {
        DicomDataSet data = header.DataSet;
        (Path, Name, TransferSyntax, PixelData) = (path, name, header.TransferSyntax, header.PixelData);
        SopClassUid = data.GetText(DicomTags.SopClassUid) ?? "";
        SopInstanceUid = data.GetText(DicomTags.SopInstanceUid) ?? "";
        SeriesUid = data.GetText(DicomTags.SeriesInstanceUid) ?? "";
        SeriesNumber = data.GetInteger(DicomTags.SeriesNumber);
        InstanceNumber = data.GetInteger(DicomTags.InstanceNumber) ?? 0;
        Modality = data.GetLabel(DicomTags.Modality).ToUpperInvariant();
        SeriesDescription = data.GetLabel(DicomTags.SeriesDescription);
        ImageType = (data.GetText(DicomTags.ImageType) ?? "").ToUpperInvariant();
        RescaleType = data.GetText(DicomTags.RescaleType) ?? "";
        string photometric = data.GetText(DicomTags.PhotometricInterpretation) ?? "MONOCHROME2";
        int allocated = data.GetUInt16(DicomTags.BitsAllocated) ?? 16;
        int stored = data.GetUInt16(DicomTags.BitsStored) ?? allocated;
        bool grey = photometric.StartsWith("MONOCHROME", StringComparison.OrdinalIgnoreCase);
        Format = new PixelFormat(
            data.GetUInt16(DicomTags.Columns) ?? 0, data.GetUInt16(DicomTags.Rows) ?? 0,
            grey ? data.GetUInt16(DicomTags.SamplesPerPixel) ?? 1 : 3,
            allocated, stored, data.GetUInt16(DicomTags.HighBit) ?? stored - 1,
            (data.GetUInt16(DicomTags.PixelRepresentation) ?? 0) == 1,
            photometric.Equals("MONOCHROME1", StringComparison.OrdinalIgnoreCase));
        Padding = PaddingOf(data, Format.IsSigned);
        int claimed = Math.Clamp(data.GetInteger(DicomTags.NumberOfFrames) ?? 1, 1, MostPictures);
        // One picture more than the plain pixels can hold is enough to find that the file is cut off.
        PictureCount = PixelData is { IsEncapsulated: false } plain ? (int)Math.Min(claimed, plain.SizeBytes / Math.Max(1, Format.PictureBytes) + 1) : claimed;
        Frames = SiemensMosaic.TryCreateFrames(this, data) ?? FrameReader.CreateFrames(this, data);
    }

    /// <summary>The file to open.</summary>
    public string Path { get; }

    /// <summary>The file as the user named it, for messages.</summary>
    public string Name { get; }

    public string TransferSyntax { get; }

    /// <summary>Where the pixels are; null for reports, plans and structure sets.</summary>
    public PixelDataLocation? PixelData { get; }

    public string SopClassUid { get; }

    public string SopInstanceUid { get; }

    public string SeriesUid { get; }

    public int? SeriesNumber { get; }

    public int InstanceNumber { get; }

    public string Modality { get; }

    public string SeriesDescription { get; }

    public string ImageType { get; }

    public string RescaleType { get; }

    public PixelFormat Format { get; }

    /// <summary>The stored numbers that mean "nothing was measured here", or null.</summary>
    public (long Low, long High)? Padding { get; }

    public int PictureCount { get; }

    public IReadOnlyList<DicomFrame> Frames { get; }

    /// <summary>True for images that could be slices; false for segmentations, structure sets, reports and the like.</summary>
    public bool IsPicture => PixelData is { Tag: DicomTags.PixelData } && Modality is not ("SEG" or "RTSTRUCT" or "RTPLAN" or "RTDOSE" or "SR" or "PR" or "KO");

    public bool IsLocaliser => ImageType.Contains("LOCALIZER", StringComparison.Ordinal) || ImageType.Contains("SCOUT", StringComparison.Ordinal)
        || ImageType.Contains("TOPOGRAM", StringComparison.Ordinal);

    /// <summary>Reads the facts of a file.</summary>
    /// <param name="path">The file to open.</param>
    /// <param name="name">The file as messages show it.</param>
    /// <returns>Null where the file is not DICOM.</returns>
    /// <exception cref="Core.Errors.InvalidFileException">The file is DICOM and damaged.</exception>
    public static DicomInstance? TryRead(string path, string name) =>
        DicomHeader.TryRead(path, name) is DicomHeader header ? new DicomInstance(path, name, header) : null;

    private static (long Low, long High)? PaddingOf(DicomDataSet data, bool signed)
    {
        if (data.GetUInt16(DicomTags.PixelPaddingValue) is not int value) return null;
        int limit = data.GetUInt16(DicomTags.PixelPaddingRangeLimit) ?? value;
        long first = signed ? (short)value : value, last = signed ? (short)limit : limit;
        return (Math.Min(first, last), Math.Max(first, last));
    }
}
