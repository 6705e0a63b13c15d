namespace SamMed2D.Core.Slices;

/// <summary>
/// A picture as a model sees it: 8 bits a channel after window/level, row by row, channels interleaved.
/// Immutable once made; its buffer may be pooled by whoever made it.
/// </summary>
/// <param name="Width">Pixels in a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Pixels">Width × Height × Channels bytes.</param>
/// <param name="PixelWidthMm">Pixel width; only the ratio to the height matters to models.</param>
/// <param name="PixelHeightMm">Pixel height.</param>
public readonly record struct SliceImage(int Width, int Height, int Channels, ReadOnlyMemory<byte> Pixels, double PixelWidthMm = 1, double PixelHeightMm = 1);
