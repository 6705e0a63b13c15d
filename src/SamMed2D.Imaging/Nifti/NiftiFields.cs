using System.Buffers.Binary;

namespace SamMed2D.Imaging.Nifti;

/// <summary>The raw fields of a NIfTI header, wherever its version keeps them and in whichever byte order. No field is trusted.</summary>
internal readonly ref struct NiftiFields
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Wraps the header's bytes.</summary>
    /// <param name="bytes">At least the whole header.</param>
    /// <param name="version">1 or 2.</param>
    public NiftiFields(ReadOnlySpan<byte> bytes, int version)
    {
        _bytes = bytes;
        Version = version;
        // The rank is 1 to 7, so only the right byte order makes sense of it; the header's own size decides where it does not.
        long asLittle = version == 1 ? BinaryPrimitives.ReadInt16LittleEndian(bytes[40..]) : BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        long asBig = version == 1 ? BinaryPrimitives.ReadInt16BigEndian(bytes[40..]) : BinaryPrimitives.ReadInt64BigEndian(bytes[16..]);
        IsSwapped = asLittle is < 1 or > 7 && asBig is >= 1 and <= 7;
    }

    /// <summary>1 or 2.</summary>
    public int Version { get; }

    /// <summary>True when the header is big endian.</summary>
    public bool IsSwapped { get; }

    public bool IsPair => _bytes[Version == 1 ? 345 : 5] == (byte)'i';

    public long Dim(int index) => Version == 1 ? Int16(40 + 2 * index) : Int64(16 + 8 * index);

    public double PixDim(int index) => Version == 1 ? Float32(76 + 4 * index) : Float64(104 + 8 * index);

    public int DataType => Int16(Version == 1 ? 70 : 12);

    public int IntentCode => Version == 1 ? Int16(68) : Int32(504);

    public double VoxelOffset => Version == 1 ? Float32(108) : Int64(168);

    public double Slope => Version == 1 ? Float32(112) : Float64(176);

    public double Intercept => Version == 1 ? Float32(116) : Float64(184);

    public int Units => Version == 1 ? _bytes[123] : Int32(500);

    public int QFormCode => Version == 1 ? Int16(252) : Int32(344);

    public int SFormCode => Version == 1 ? Int16(254) : Int32(348);

    /// <summary>The quaternion's b, c, d (0 to 2) and the offsets x, y, z (3 to 5).</summary>
    public double QForm(int index) => Version == 1 ? Float32(256 + 4 * index) : Float64(352 + 8 * index);

    /// <summary>The three rows of the affine, one after the other.</summary>
    public double SForm(int index) => Version == 1 ? Float32(280 + 4 * index) : Float64(400 + 8 * index);

    private short Int16(int offset) =>
        IsSwapped ? BinaryPrimitives.ReadInt16BigEndian(_bytes[offset..]) : BinaryPrimitives.ReadInt16LittleEndian(_bytes[offset..]);

    private int Int32(int offset) =>
        IsSwapped ? BinaryPrimitives.ReadInt32BigEndian(_bytes[offset..]) : BinaryPrimitives.ReadInt32LittleEndian(_bytes[offset..]);

    private long Int64(int offset) =>
        IsSwapped ? BinaryPrimitives.ReadInt64BigEndian(_bytes[offset..]) : BinaryPrimitives.ReadInt64LittleEndian(_bytes[offset..]);

    private float Float32(int offset) =>
        IsSwapped ? BinaryPrimitives.ReadSingleBigEndian(_bytes[offset..]) : BinaryPrimitives.ReadSingleLittleEndian(_bytes[offset..]);

    private double Float64(int offset) =>
        IsSwapped ? BinaryPrimitives.ReadDoubleBigEndian(_bytes[offset..]) : BinaryPrimitives.ReadDoubleLittleEndian(_bytes[offset..]);
}
