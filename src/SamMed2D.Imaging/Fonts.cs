namespace SamMed2D.Imaging;

/// <summary>The font of captions and plots, which Debian's <c>fonts-inter</c> brings.</summary>
internal static class Fonts
{
    private static readonly string[] s_files = ["/usr/share/fonts/opentype/inter/Inter-Regular.otf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"];

    /// <summary>The first font file that this machine has; null where it has none, and text is left out.</summary>
    public static string? Find() => s_files.FirstOrDefault(File.Exists);
}
