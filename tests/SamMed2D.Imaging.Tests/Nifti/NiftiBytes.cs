using System.IO.Compression;

namespace SamMed2D.Imaging.Tests.Nifti;

/// <summary>Builds NIfTI files byte by byte, straight from the published layout, so that reading is tested against that and not against our writer.</summary>
internal sealed class NiftiBytes
{
    public int Version { get; init; } = 1;
    public bool BigEndian { get; init; }
    public bool Pair { get; init; }
    public long[] Dim { get; init; } = [3, 2, 3, 4, 1, 1, 1, 1];
    public double[] PixDim { get; init; } = [1, 1, 1, 1, 1, 1, 1, 1];
    public short DataType { get; init; } = 4;
    public double VoxelOffset { get; init; } = double.NaN;
    public double Slope { get; init; }
    public double Intercept { get; init; }
    public int Units { get; init; } = 2;
    public int QFormCode { get; init; }
    public int SFormCode { get; init; }
    public double[] QForm { get; init; } = new double[6];
    public double[] SForm { get; init; } = new double[12];
    public byte[] Data { get; init; } = [];

    public byte[] Header()
    {
        byte[] b = new byte[Version == 1 ? 352 : 544];
        double offset = double.IsNaN(VoxelOffset) ? (Pair ? 0 : b.Length) : VoxelOffset;
        if (Version == 1)
        {
            Int(b, 0, 348, 4);
            for (int n = 0; n < 8; n++) Int(b, 40 + 2 * n, Dim[n], 2);
            Int(b, 70, DataType, 2);
            for (int n = 0; n < 8; n++) Real(b, 76 + 4 * n, PixDim[n], 4);
            Real(b, 108, offset, 4);
            Real(b, 112, Slope, 4);
            Real(b, 116, Intercept, 4);
            b[123] = (byte)Units;
            Int(b, 252, QFormCode, 2);
            Int(b, 254, SFormCode, 2);
            for (int n = 0; n < 6; n++) Real(b, 256 + 4 * n, QForm[n], 4);
            for (int n = 0; n < 12; n++) Real(b, 280 + 4 * n, SForm[n], 4);
            (Pair ? "ni1\0"u8 : "n+1\0"u8).CopyTo(b.AsSpan(344));
        }
        else
        {
            Int(b, 0, 540, 4);
            (Pair ? "ni2\0\r\n\x1a\n"u8 : "n+2\0\r\n\x1a\n"u8).CopyTo(b.AsSpan(4));
            Int(b, 12, DataType, 2);
            for (int n = 0; n < 8; n++) Int(b, 16 + 8 * n, Dim[n], 8);
            for (int n = 0; n < 8; n++) Real(b, 104 + 8 * n, PixDim[n], 8);
            Int(b, 168, (long)offset, 8);
            Real(b, 176, Slope, 8);
            Real(b, 184, Intercept, 8);
            Int(b, 344, QFormCode, 4);
            Int(b, 348, SFormCode, 4);
            for (int n = 0; n < 6; n++) Real(b, 352 + 8 * n, QForm[n], 8);
            for (int n = 0; n < 12; n++) Real(b, 400 + 8 * n, SForm[n], 8);
            Int(b, 500, Units, 4);
        }
        return b;
    }

    public byte[] File() => [.. Header(), .. Data];

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Optimal)) stream.Write(content);
        return packed.ToArray();
    }

    /// <summary>Numbers as the file stores them.</summary>
    public byte[] Shorts(params short[] values)
    {
        byte[] bytes = new byte[2 * values.Length];
        for (int n = 0; n < values.Length; n++) Int(bytes, 2 * n, values[n], 2);
        return bytes;
    }

    private void Int(byte[] b, int at, long value, int size)
    {
        for (int n = 0; n < size; n++) b[at + (BigEndian ? size - 1 - n : n)] = (byte)(value >> (8 * n));
    }

    private void Real(byte[] b, int at, double value, int size) =>
        Int(b, at, size == 4 ? BitConverter.SingleToInt32Bits((float)value) : BitConverter.DoubleToInt64Bits(value), size);
}
