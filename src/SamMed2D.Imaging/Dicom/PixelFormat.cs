namespace SamMed2D.Imaging.Dicom;

/// <summary>How one picture's numbers are stored (PS3.3, section C.7.6.3).</summary>
/// <param name="Columns">Pixels in a row.</param>
/// <param name="Rows">Rows.</param>
/// <param name="SamplesPerPixel">1 for grey.</param>
/// <param name="BitsAllocated">Bits a number takes in the file.</param>
/// <param name="BitsStored">Bits of it that count.</param>
/// <param name="HighBit">The most significant of them.</param>
/// <param name="IsSigned">Two's complement.</param>
/// <param name="IsInverted">MONOCHROME1: the smallest number is white.</param>
internal readonly record struct PixelFormat(
    int Columns, int Rows, int SamplesPerPixel, int BitsAllocated, int BitsStored, int HighBit, bool IsSigned, bool IsInverted)
{
    public int BytesPerPixel => BitsAllocated / 8;

    public long PictureBytes => (long)Columns * Rows * SamplesPerPixel * BitsAllocated / 8;

    /// <summary>Why pixels like these cannot be read; null where they can.</summary>
    public string? Problem
    {
        get
        {
            if (Columns < 1 || Rows < 1) return "its images have no rows or columns";
            if (SamplesPerPixel != 1) return "its images are in colour; only grey images make a volume";
            if (BitsAllocated is not (8 or 16 or 32)) return $"its images have {BitsAllocated} bits per pixel; 8, 16 and 32 can be read";
            if (BitsStored < 1 || BitsStored > BitsAllocated || HighBit < BitsStored - 1 || HighBit >= BitsAllocated)
                return $"its images claim {BitsStored} bits stored up to bit {HighBit} of {BitsAllocated}, which is impossible";
            return null;
        }
    }
}
