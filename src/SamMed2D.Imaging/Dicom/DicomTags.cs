using System.Collections.Frozen;

namespace SamMed2D.Imaging.Dicom;

/// <summary>The DICOM elements that the reader looks at, as <c>group · 65536 + element</c> (DICOM PS3.6). No element here names a patient.</summary>
internal static class DicomTags
{
    public const uint TransferSyntaxUid = 0x0002_0010;
    public const uint DirectoryRecordSequence = 0x0004_1220;
    public const uint ReferencedFileId = 0x0004_1500;
    public const uint DirectoryRecordType = 0x0004_1430;
    public const uint SpecificCharacterSet = 0x0008_0005;
    public const uint ImageType = 0x0008_0008;
    public const uint SopClassUid = 0x0008_0016;
    public const uint SopInstanceUid = 0x0008_0018;
    public const uint AcquisitionTime = 0x0008_0032;
    public const uint Modality = 0x0008_0060;
    public const uint SeriesDescription = 0x0008_103E;
    public const uint EchoTime = 0x0018_0081;
    public const uint SpacingBetweenSlices = 0x0018_0088;
    public const uint TriggerTime = 0x0018_1060;
    public const uint EffectiveEchoTime = 0x0018_9082;
    public const uint DiffusionBValue = 0x0018_9087;
    public const uint MrEchoSequence = 0x0018_9114;
    public const uint MrDiffusionSequence = 0x0018_9117;
    public const uint CardiacSynchronizationSequence = 0x0018_9118;
    public const uint MosaicImageCount = 0x0019_100A;
    public const uint SeriesInstanceUid = 0x0020_000E;
    public const uint SeriesNumber = 0x0020_0011;
    public const uint AcquisitionNumber = 0x0020_0012;
    public const uint InstanceNumber = 0x0020_0013;
    public const uint ImagePositionPatient = 0x0020_0032;
    public const uint ImageOrientationPatient = 0x0020_0037;
    public const uint TemporalPositionIdentifier = 0x0020_0100;
    public const uint StackId = 0x0020_9056;
    public const uint FrameContentSequence = 0x0020_9111;
    public const uint PlanePositionSequence = 0x0020_9113;
    public const uint PlaneOrientationSequence = 0x0020_9116;
    public const uint TemporalPositionIndex = 0x0020_9128;
    public const uint NominalCardiacTriggerDelayTime = 0x0020_9153;
    public const uint FrameAcquisitionNumber = 0x0020_9156;
    public const uint SamplesPerPixel = 0x0028_0002;
    public const uint PhotometricInterpretation = 0x0028_0004;
    public const uint NumberOfFrames = 0x0028_0008;
    public const uint Rows = 0x0028_0010;
    public const uint Columns = 0x0028_0011;
    public const uint PixelSpacing = 0x0028_0030;
    public const uint BitsAllocated = 0x0028_0100;
    public const uint BitsStored = 0x0028_0101;
    public const uint HighBit = 0x0028_0102;
    public const uint PixelRepresentation = 0x0028_0103;
    public const uint PixelPaddingValue = 0x0028_0120;
    public const uint PixelPaddingRangeLimit = 0x0028_0121;
    public const uint RescaleIntercept = 0x0028_1052;
    public const uint RescaleSlope = 0x0028_1053;
    public const uint RescaleType = 0x0028_1054;
    public const uint PixelMeasuresSequence = 0x0028_9110;
    public const uint PixelValueTransformationSequence = 0x0028_9145;
    public const uint SiemensCsaImageHeader = 0x0029_1010;
    public const uint SegmentationType = 0x0062_0001;
    public const uint SegmentSequence = 0x0062_0002;
    public const uint SegmentNumber = 0x0062_0004;
    public const uint SegmentLabel = 0x0062_0005;
    public const uint SegmentIdentificationSequence = 0x0062_000A;
    public const uint ReferencedSegmentNumber = 0x0062_000B;
    public const uint MaximumFractionalValue = 0x0062_000E;
    public const uint SharedFunctionalGroups = 0x5200_9229;
    public const uint PerFrameFunctionalGroups = 0x5200_9230;
    public const uint FloatPixelData = 0x7FE0_0008;
    public const uint DoublePixelData = 0x7FE0_0009;
    public const uint PixelData = 0x7FE0_0010;
    public const uint Item = 0xFFFE_E000;
    public const uint ItemDelimiter = 0xFFFE_E00D;
    public const uint SequenceDelimiter = 0xFFFE_E0DD;

    /// <summary>Sequences whose items are kept.</summary>
    public static FrozenSet<uint> Sequences { get; } = FrozenSet.ToFrozenSet<uint>(
    [
        DirectoryRecordSequence, MrEchoSequence, MrDiffusionSequence, CardiacSynchronizationSequence, FrameContentSequence,
        PlanePositionSequence, PlaneOrientationSequence, PixelMeasuresSequence, PixelValueTransformationSequence,
        SharedFunctionalGroups, PerFrameFunctionalGroups, SegmentSequence, SegmentIdentificationSequence,
    ]);

    /// <summary>Elements whose values are kept; everything else is stepped over and never held.</summary>
    public static FrozenSet<uint> Values { get; } = FrozenSet.ToFrozenSet<uint>(
    [
        TransferSyntaxUid, ReferencedFileId, DirectoryRecordType, SpecificCharacterSet, ImageType, SopClassUid, SopInstanceUid,
        AcquisitionTime, Modality, SeriesDescription, EchoTime, SpacingBetweenSlices, TriggerTime, EffectiveEchoTime, DiffusionBValue,
        MosaicImageCount, SeriesInstanceUid, SeriesNumber, AcquisitionNumber, InstanceNumber, ImagePositionPatient,
        ImageOrientationPatient, TemporalPositionIdentifier, StackId, TemporalPositionIndex, NominalCardiacTriggerDelayTime,
        FrameAcquisitionNumber, SamplesPerPixel, PhotometricInterpretation, NumberOfFrames, Rows, Columns, PixelSpacing, BitsAllocated,
        BitsStored, HighBit, PixelRepresentation, PixelPaddingValue, PixelPaddingRangeLimit, RescaleIntercept, RescaleSlope, RescaleType,
        SiemensCsaImageHeader, SegmentationType, SegmentNumber, SegmentLabel, ReferencedSegmentNumber, MaximumFractionalValue,
    ]);

    /// <summary>A tag as DICOM writes it: <c>(0028,0010)</c>.</summary>
    public static string Format(uint tag) => $"({tag >> 16:X4},{tag & 0xFFFF:X4})";
}
