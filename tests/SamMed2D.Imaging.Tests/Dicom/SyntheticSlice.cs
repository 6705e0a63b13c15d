using System.Runtime.InteropServices;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>One hand-made DICOM file; every field that a test needs can be bent. Positions and directions are DICOM's own, LPS.</summary>
internal sealed record SyntheticSlice
{
    public const string CtImage = "1.2.840.10008.5.1.4.1.1.2";

    public double[]? Position { get; init; } = [0, 0, 0];

    public double[] Orientation { get; init; } = [1, 0, 0, 0, 1, 0];

    public double[] Spacing { get; init; } = [1, 1];

    public int Columns { get; init; } = 4;

    public int Rows { get; init; } = 3;

    public ushort[] Pixels { get; init; } = new ushort[12];

    public int InstanceNumber { get; init; } = 1;

    public string Series { get; init; } = "A";

    public int SeriesNumber { get; init; } = 1;

    public string Modality { get; init; } = "MR";

    public string Photometric { get; init; } = "MONOCHROME2";

    public bool IsSigned { get; init; }

    public int BitsStored { get; init; } = 16;

    public int? HighBit { get; init; }

    public double Slope { get; init; } = 1;

    public double Intercept { get; init; }

    public string ImageType { get; init; } = @"ORIGINAL\PRIMARY\AXIAL";

    /// <summary>Makes instance UIDs differ where position and number do not.</summary>
    public string Salt { get; init; } = "";

    public Action<DicomElements>? Extra { get; init; }

    public byte[] ToFile()
    {
        string instance = DicomElements.CreateUid(Series, Salt, InstanceNumber.ToString(), string.Join(',', Position ?? []));
        DicomElements elements = new DicomElements()
            .Text(DicomTags.ImageType, "CS", ImageType).Text(DicomTags.SopClassUid, "UI", CtImage).Text(DicomTags.SopInstanceUid, "UI", instance)
            .Text(DicomTags.Modality, "CS", Modality).Text(DicomTags.SeriesDescription, "LO", "series " + Series)
            .Text(DicomTags.SeriesInstanceUid, "UI", DicomElements.CreateUid("series", Series))
            .Integer(DicomTags.SeriesNumber, SeriesNumber).Integer(DicomTags.InstanceNumber, InstanceNumber)
            .Decimals(DicomTags.ImageOrientationPatient, Orientation).Decimals(DicomTags.PixelSpacing, Spacing)
            .UInt16(DicomTags.SamplesPerPixel, Photometric == "RGB" ? 3 : 1).Text(DicomTags.PhotometricInterpretation, "CS", Photometric)
            .UInt16(DicomTags.Rows, Rows).UInt16(DicomTags.Columns, Columns)
            .UInt16(DicomTags.BitsAllocated, 16).UInt16(DicomTags.BitsStored, BitsStored).UInt16(DicomTags.HighBit, HighBit ?? BitsStored - 1)
            .UInt16(DicomTags.PixelRepresentation, IsSigned ? 1 : 0)
            .Decimals(DicomTags.RescaleIntercept, Intercept).Decimals(DicomTags.RescaleSlope, Slope)
            .Bytes(DicomTags.PixelData, "OW", MemoryMarshal.AsBytes(Pixels.AsSpan()).ToArray());
        if (Position is not null) elements.Decimals(DicomTags.ImagePositionPatient, Position);
        Extra?.Invoke(elements);
        return elements.ToFile(CtImage, instance);
    }

    /// <summary>Slices at these heights along S; each holds its own height times ten, so that sorting and interpolation show.</summary>
    public static SyntheticSlice[] AtHeights(params double[] heights) =>
    [
        .. heights.Select((height, n) => new SyntheticSlice
        {
            Position = [0, 0, height],
            InstanceNumber = n + 1,
            Pixels = [.. Enumerable.Repeat((ushort)Math.Round(height * 10), 12)],
        }),
    ];
}

/// <summary>Ways to put slices on the disk.</summary>
internal static class SyntheticSeries
{
    public static void WriteSlices(this TemporaryFolder folder, IEnumerable<SyntheticSlice> slices, string prefix = "f")
    {
        int n = 0;
        foreach (SyntheticSlice slice in slices) folder.Write($"{prefix}{n++:000}", slice.ToFile());
    }
}
