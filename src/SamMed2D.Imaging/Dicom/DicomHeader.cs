using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Where the pixel data lie in a file.</summary>
/// <param name="Tag">Which of the pixel data elements it is.</param>
/// <param name="Offset">First byte of the value; in the inflated bytes for the deflated transfer syntax.</param>
/// <param name="SizeBytes">Bytes claimed; -1 for encapsulated data, whose fragments tell their own sizes.</param>
internal readonly record struct PixelDataLocation(uint Tag, long Offset, long SizeBytes)
{
    public bool IsEncapsulated => SizeBytes < 0;
}

/// <summary>The kept part of a DICOM file up to its pixels.</summary>
/// <param name="TransferSyntax">UID of the transfer syntax, from the file or inferred.</param>
/// <param name="DataSet">The kept elements.</param>
/// <param name="PixelData">Where the pixels are; null where there are none.</param>
internal sealed record DicomHeader(string TransferSyntax, DicomDataSet DataSet, PixelDataLocation? PixelData)
{
    private const int PreambleBytes = 128;
    private static ReadOnlySpan<byte> Magic => "DICM"u8;

    /// <summary>Reads a header; stops before the pixels.</summary>
    /// <param name="path">The file to open.</param>
    /// <param name="name">The file as messages show it.</param>
    /// <returns>Null where the file is not DICOM.</returns>
    /// <exception cref="InvalidFileException">The file is DICOM, and damaged or not readable.</exception>
    public static DicomHeader? TryRead(string path, string name)
    {
        try
        {
            using DicomFileSource file = new(path);
            return TryRead(file, name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(name, "cannot be read; check that it exists and that you may read it", failure);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidFileException(name, "is a damaged DICOM file: its deflated data cannot be inflated; copy it again from its source", failure);
        }
    }

    /// <summary>Opens the bytes in which <see cref="PixelDataLocation.Offset"/> counts. The caller disposes them.</summary>
    /// <param name="path">The file to open.</param>
    /// <param name="name">The file as messages show it.</param>
    /// <param name="transferSyntax">From its header.</param>
    /// <param name="pixelBytesExpected">Bytes of pixel data that the header announces.</param>
    public static DicomByteSource OpenPixelSource(string path, string name, string transferSyntax, long pixelBytesExpected)
    {
        DicomFileSource file = new(path);
        if (transferSyntax != TransferSyntaxes.Deflated) return file;
        InflatedSource inflated = new(file, PreambleBytes + 4 + ReadMetaInformation(file, PreambleBytes + 4, name).SizeBytes);
        inflated.LargestLength += pixelBytesExpected;
        return inflated;
    }

    private static DicomHeader? TryRead(DicomFileSource file, string name)
    {
        bool hasPreamble = file.Has(PreambleBytes, 4) && file.Peek(PreambleBytes, 4).SequenceEqual(Magic);
        if (hasPreamble) return ReadDataSet(file, PreambleBytes + 4, name);
        if (!LooksLikeDataSet(file)) return null;
        try
        {
            DicomHeader header = ReadDataSet(file, 0, name);
            return header.DataSet.Has(DicomTags.SopClassUid) || header.DataSet.Has(DicomTags.Modality) ? header : null;
        }
        catch (InvalidFileException)
        {
            // Without the magic, and without a sound data set, nothing says that this is DICOM.
            return null;
        }
    }

    private static DicomHeader ReadDataSet(DicomFileSource file, long metaStart, string name)
    {
        (string? transferSyntax, long metaBytes) = ReadMetaInformation(file, metaStart, name);
        long start = metaStart + metaBytes;
        DicomEncoding encoding = transferSyntax is null ? GuessEncoding(file, start) : TransferSyntaxes.EncodingOf(transferSyntax);
        if (transferSyntax == TransferSyntaxes.Deflated)
        {
            using InflatedSource inflated = new(file, start);
            return Parse(inflated, 0, encoding, transferSyntax, name);
        }
        transferSyntax ??= encoding == DicomEncoding.ImplicitLittle ? TransferSyntaxes.ImplicitLittleEndian
            : encoding.BigEndian ? TransferSyntaxes.ExplicitBigEndian : TransferSyntaxes.ExplicitLittleEndian;
        return Parse(file, start, encoding, transferSyntax, name);
    }

    private static DicomHeader Parse(DicomByteSource source, long start, DicomEncoding encoding, string transferSyntax, string name)
    {
        DicomParser parser = new(source, start, name);
        DicomDataSet dataSet = parser.ReadDataSet(encoding);
        return new DicomHeader(transferSyntax, dataSet, parser.PixelData);
    }

    private static (string? TransferSyntax, long SizeBytes) ReadMetaInformation(DicomFileSource file, long start, string name)
    {
        DicomParser meta = new(file, start, name);
        string? transferSyntax = meta.ReadMetaInformation().GetText(DicomTags.TransferSyntaxUid);
        return (transferSyntax, meta.Position - start);
    }

    /// <summary>Files without preamble begin with a low group and a sensible element; text and images do not.</summary>
    private static bool LooksLikeDataSet(DicomFileSource file)
    {
        if (!file.Has(0, 12)) return false;
        ReadOnlySpan<byte> head = file.Peek(0, 12);
        int littleGroup = head[0] | head[1] << 8, bigGroup = head[0] << 8 | head[1];
        bool explicitVr = DicomParser.IsKnownVr(head[4], head[5]);
        if (littleGroup is 2 or 8) return explicitVr || (head[6] == 0 && head[7] == 0 && head[3] < 0x20);
        return bigGroup is 2 or 8 && explicitVr;
    }

    private static DicomEncoding GuessEncoding(DicomFileSource file, long start)
    {
        if (!file.Has(start, 8)) return DicomEncoding.ImplicitLittle;
        ReadOnlySpan<byte> head = file.Peek(start, 8);
        if (!DicomParser.IsKnownVr(head[4], head[5])) return DicomEncoding.ImplicitLittle;
        return head[0] == 0 && head[1] != 0 ? DicomEncoding.ExplicitBig : DicomEncoding.ExplicitLittle;
    }
}
