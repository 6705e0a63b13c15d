using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Slices;
using SkiaSharp;

namespace SamMed2D.Imaging.Png;

/// <summary>Reads PNG and JPEG pictures and writes PNG ones.</summary>
public static class PngFile
{
    private const long MaxPixels = 1L << 28;

    /// <summary>Reads a picture as 8 bits a channel: 1 channel where every pixel is grey, else 3. Transparency is laid over black.</summary>
    /// <param name="path">A PNG or JPEG file.</param>
    /// <exception cref="InvalidFileException">The file is missing, empty, damaged, too large, or not a PNG or JPEG.</exception>
    public static SliceImage Read(string path)
    {
        byte[] rgba = ReadRgba(path, out int width, out int height);
        return IsGrey(rgba)
            ? new(width, height, 1, KeepChannels(rgba, 1))
            : new(width, height, 3, KeepChannels(rgba, 3));
    }

    /// <summary>Writes a grey or colour picture. A file already there stays whole until the new one is complete.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="image">1 or 3 channels.</param>
    /// <exception cref="OutputException">The place cannot be written.</exception>
    /// <exception cref="ArgumentException">The pixels do not fill the picture.</exception>
    public static void Write(string path, SliceImage image)
    {
        using SKBitmap bitmap = ToBitmap(image);
        WriteBitmap(path, bitmap);
    }

    /// <summary>Writes a mask as black (0) and white (255).</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="mask">The mask.</param>
    /// <exception cref="OutputException">The place cannot be written.</exception>
    public static void WriteMask(string path, MaskPlane mask)
    {
        byte[] pixels = new byte[mask.Width * mask.Height];
        for (int n = 0; n < pixels.Length; n++) pixels[n] = mask.Pixels[n] != 0 ? (byte)255 : (byte)0;
        Write(path, new SliceImage(mask.Width, mask.Height, 1, pixels));
    }

    /// <summary>Writes a drawing.</summary>
    internal static void WriteBitmap(string path, SKBitmap bitmap)
    {
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData encoded = pixels.Encode(SKPngEncoderOptions.Default)
            ?? throw new OutputException(path, $"a picture of {bitmap.Width}×{bitmap.Height} pixels cannot be stored as PNG; make it smaller");
        AtomicFile.Write(path, encoded.SaveTo);
    }

    /// <summary>The picture as a Skia bitmap; the caller disposes it.</summary>
    internal static SKBitmap ToBitmap(SliceImage image)
    {
        if (image.Channels is not (1 or 3)) throw new ArgumentException($"A picture has 1 or 3 channels, not {image.Channels}.", nameof(image));
        if (image.Pixels.Length != checked(image.Width * image.Height * image.Channels))
            throw new ArgumentException($"{image.Pixels.Length} bytes do not fill {image.Width}×{image.Height}×{image.Channels}.", nameof(image));
        bool grey = image.Channels == 1;
        SKBitmap bitmap = new(image.Width, image.Height, grey ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        Span<byte> target = bitmap.GetPixelSpan();
        ReadOnlySpan<byte> source = image.Pixels.Span;
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = target[(y * bitmap.RowBytes)..];
            ReadOnlySpan<byte> from = source.Slice(y * image.Width * image.Channels, image.Width * image.Channels);
            if (grey) from.CopyTo(row);
            else
                for (int x = 0; x < image.Width; x++)
                    (row[4 * x], row[4 * x + 1], row[4 * x + 2], row[4 * x + 3]) = (from[3 * x], from[3 * x + 1], from[3 * x + 2], 255);
        }
        return bitmap;
    }

    private static byte[] ReadRgba(string path, out int width, out int height)
    {
        using SKData data = SKData.CreateCopy(ReadBytes(path));
        using SKCodec? codec = data.Size == 0 ? null : SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg))
            throw new InvalidFileException(path, "is not a PNG or JPEG picture; convert it first");
        (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MaxPixels)
            throw new InvalidFileException(path, $"claims {width}×{height} pixels, more than {MaxPixels}; make it smaller");
        byte[] rgba = new byte[4L * width * height];
        // Premultiplied is what transparency over black comes to. No colour space: the stored numbers are wanted, not their look.
        SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, null);
        SKCodecResult result;
        unsafe
        {
            fixed (byte* pixels = rgba) result = codec.GetPixels(info, (nint)pixels);
        }
        if (result != SKCodecResult.Success)
            throw new InvalidFileException(path, $"is damaged ({result}, {width}×{height} pixels were expected); fetch or export it again");
        return rgba;
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidFileException(path, "there is no such file; check the name", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, "cannot be read as a file; check that it is one and that you may read it", failure);
        }
    }

    private static bool IsGrey(ReadOnlySpan<byte> rgba)
    {
        for (int n = 0; n < rgba.Length; n += 4)
            if (rgba[n] != rgba[n + 1] || rgba[n] != rgba[n + 2]) return false;
        return true;
    }

    private static byte[] KeepChannels(ReadOnlySpan<byte> rgba, int channels)
    {
        byte[] kept = new byte[rgba.Length / 4 * channels];
        for (int n = 0, to = 0; n < rgba.Length; n += 4)
            for (int channel = 0; channel < channels; channel++) kept[to++] = rgba[n + channel];
        return kept;
    }
}
