namespace SamMed2D.Imaging.Dicom;

/// <summary>How the elements of a data set are written.</summary>
/// <param name="ExplicitVr">Each element names its type.</param>
/// <param name="BigEndian">Numbers have their most significant byte first.</param>
internal readonly record struct DicomEncoding(bool ExplicitVr, bool BigEndian)
{
    public static DicomEncoding ImplicitLittle { get; } = new(false, false);

    public static DicomEncoding ExplicitLittle { get; } = new(true, false);

    public static DicomEncoding ExplicitBig { get; } = new(true, true);
}

/// <summary>The transfer syntaxes that need care (PS3.5, annex A).</summary>
internal static class TransferSyntaxes
{
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    public const string Deflated = "1.2.840.10008.1.2.1.99";
    public const string ExplicitBigEndian = "1.2.840.10008.1.2.2";
    public const string Rle = "1.2.840.10008.1.2.5";

    /// <summary>The encoding of the data set under a transfer syntax; compressed ones are explicit little endian.</summary>
    public static DicomEncoding EncodingOf(string transferSyntax) => transferSyntax switch
    {
        ImplicitLittleEndian => DicomEncoding.ImplicitLittle,
        ExplicitBigEndian => DicomEncoding.ExplicitBig,
        _ => DicomEncoding.ExplicitLittle,
    };

    /// <summary>True where pixels lie in the file as plain numbers.</summary>
    public static bool IsNative(string transferSyntax) =>
        transferSyntax is ImplicitLittleEndian or ExplicitLittleEndian or Deflated or ExplicitBigEndian;
}
