using gdcm;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Decodes one compressed picture with GDCM's codecs (IJG JPEG, CharLS, OpenJPEG).</summary>
internal static class GdcmDecoder
{
    /// <summary>Decodes a picture.</summary>
    /// <param name="transferSyntax">How it is compressed.</param>
    /// <param name="format">What the DICOM header says.</param>
    /// <param name="compressed">The bytes of the picture.</param>
    /// <returns>The pixels, row by row, little endian, and the bits that each number carries.</returns>
    /// <exception cref="InvalidDataException">The bytes cannot be decoded, or disagree with the header. The message is the problem alone.</exception>
    /// <exception cref="Core.Errors.MissingComponentException">GDCM's bindings are not installed.</exception>
    public static DecodedPicture Decode(string transferSyntax, PixelFormat format, byte[] compressed)
    {
        GdcmLibrary.Ensure();
        TransferSyntax.TSType type = TransferSyntax.GetTSType(transferSyntax);
        using TransferSyntax syntax = new(type == TransferSyntax.TSType.TS_END ? TransferSyntax.TSType.ImplicitVRLittleEndian : type);
        using ImageCodec codec = CreateCodec(syntax) ?? throw new InvalidDataException($"its transfer syntax {transferSyntax} cannot be decoded; convert it to explicit little endian first");
        int bits = CheckCodestream(codec, format, ref compressed);
        byte[] pixels = Run(codec, format, bits, compressed);
        long pixelCount = (long)format.Columns * format.Rows;
        int bytesPerPixel = (int)(pixels.LongLength / pixelCount);
        if (bytesPerPixel is not (1 or 2 or 4) || pixels.LongLength != bytesPerPixel * pixelCount)
            throw new InvalidDataException($"its compressed image gives {pixels.LongLength} bytes where {format.PictureBytes} are expected");
        return new(pixels, bytesPerPixel, codec is JPEG2000Codec ? bits : format.BitsStored);
    }

    private static ImageCodec? CreateCodec(TransferSyntax syntax)
    {
        Func<ImageCodec>[] makers = [() => new JPEGCodec(), () => new JPEGLSCodec(), () => new JPEG2000Codec()];
        foreach (Func<ImageCodec> make in makers)
        {
            ImageCodec codec = make();
            if (codec.CanDecode(syntax)) return codec;
            codec.Dispose();
        }
        return null;
    }

    /// <summary>The bits a number carries in the stream; takes from a JPEG stream what only endangers the decoder.</summary>
    private static int CheckCodestream(ImageCodec codec, PixelFormat format, ref byte[] compressed)
    {
        Codestream? stream = codec is JPEG2000Codec ? Codestream.ReadJpeg2000(compressed) : Codestream.ReadJpeg(compressed, out compressed);
        if (stream is not { } told) throw new InvalidDataException("its compressed image has no head; the file is cut off or damaged");
        if (told.Columns != format.Columns || told.Rows != format.Rows || told.Components != 1)
            throw new InvalidDataException($"its compressed image is {told.Columns}×{told.Rows} with {told.Components} colours where the header says {format.Columns}×{format.Rows} grey");
        if (told.Precision < 1 || told.Precision > format.BitsAllocated)
            throw new InvalidDataException($"its compressed image has {told.Precision} bits per pixel where the header allows {format.BitsAllocated}");
        return told.Precision;
    }

    private static byte[] Run(ImageCodec codec, PixelFormat format, int bits, byte[] compressed)
    {
        using UIntArrayType dimensions = new([(uint)format.Columns, (uint)format.Rows]);
        // JPEG takes its 8, 12 or 16-bit library by the bits allocated; told the stream's own, it need not try and complain on the console.
        int allocated = codec is not JPEGCodec ? format.BitsAllocated : bits <= 8 ? 8 : bits <= 12 ? 12 : 16;
        int stored = codec is JPEGCodec ? bits : Math.Max(bits, format.BitsStored);
        using gdcm.PixelFormat pixels = new(1, (ushort)allocated, (ushort)stored, (ushort)(stored - 1), (ushort)(format.IsSigned ? 1 : 0));
        using PhotometricInterpretation grey = new(PhotometricInterpretation.PIType.MONOCHROME2);
        codec.SetNumberOfDimensions(2);
        codec.SetDimensions(dimensions);
        codec.SetPixelFormat(pixels);
        codec.SetPhotometricInterpretation(grey);
        codec.SetPlanarConfiguration(0);
        if (codec is JPEGLSCodec ls) ls.SetBufferLength((uint)format.PictureBytes);
        using VL length = new((uint)compressed.Length);
        using Fragment fragment = new();
        fragment.SetByteValue(compressed, length);
        using SmartPtrFrag fragments = SequenceOfFragments.New();
        fragments.AddFragment(fragment);
        using Tag tag = new(0x7FE0, 0x0010);
        using DataElement input = new(tag), output = new(tag);
        input.SetValue(fragments.GetPointer());
        if (!codec.Decode(input, output)) throw new InvalidDataException("its compressed image cannot be decoded; the file is cut off or damaged");
        using ByteValue? value = output.GetByteValue();
        if (value is null) throw new InvalidDataException("its compressed image decodes to nothing");
        using VL decodedLength = value.GetLength();
        byte[] bytes = new byte[decodedLength.GetValueLength()];
        if (!value.GetBuffer(bytes, (uint)bytes.Length)) throw new InvalidDataException("its compressed image decodes to nothing");
        return bytes;
    }
}

/// <summary>A decoded picture.</summary>
/// <param name="Pixels">Row by row, little endian.</param>
/// <param name="BytesPerPixel">1, 2 or 4.</param>
/// <param name="Bits">The bits that each number carries, from bit 0.</param>
internal readonly record struct DecodedPicture(byte[] Pixels, int BytesPerPixel, int Bits);
