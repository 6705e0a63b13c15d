using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Viewer.Gui;

/// <summary>The fonts, in the order in which they are loaded.</summary>
internal enum FontKind
{
    /// <summary>For nearly everything; holds the icons too.</summary>
    Regular,

    /// <summary>For headings and what is chosen; holds the icons too.</summary>
    Strong,

    /// <summary>For what stands in views and beside other things.</summary>
    Small,

    /// <summary>For titles of dialogs.</summary>
    Large,

    /// <summary>Icons alone, for tools.</summary>
    Icons,
}

/// <summary>Loads Inter and the icons of Font Awesome 4, drawn for the display's scale.</summary>
internal static unsafe partial class GuiFonts
{
    private const float RegularPixels = 16;

    private static readonly string[] s_folders = ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/fonts")];

    // Latin, Greek, Cyrillic (names of patients and series), punctuation, sub- and superscripts, currency, arrows, operators.
    private static readonly ushort* s_letters = Keep(0x20, 0x24F, 0x370, 0x3FF, 0x400, 0x45F, 0x2010, 0x205E, 0x2070, 0x20BF, 0x2190, 0x21FF, 0x2200, 0x226F, 0x25A0, 0x25CF);
    private static readonly ushort* s_latin = Keep(0x20, 0x17F, 0x2010, 0x2044, 0x2190, 0x2193, 0x2212, 0x2265);
    private static readonly ushort* s_icons = Keep(0xF000, 0xF2E0);

    /// <summary>The file of the usual font.</summary>
    /// <exception cref="MissingComponentException">It is not installed.</exception>
    public static string RegularPath => Find("Inter-Regular.otf", "Inter-Regular.ttf", "fonts-inter");

    /// <summary>Loads all fonts for a display scale, in place of those loaded before.</summary>
    /// <exception cref="MissingComponentException">A font is not installed.</exception>
    public static void Load(float scale)
    {
        string regular = RegularPath, strong = Find("Inter-SemiBold.otf", "Inter-SemiBold.ttf", "fonts-inter");
        string icons = Find("fontawesome-webfont.ttf", "FontAwesome.otf", "fonts-font-awesome");
        float size = MathF.Round(RegularPixels * scale), small = MathF.Round(14 * scale), large = MathF.Round(20 * scale);
        Span<FontEntry> fonts =
        [
            Entry(regular, size, s_letters), Icon(icons, size), Entry(strong, size, s_latin), Icon(icons, size), Entry(regular, small, s_letters), Icon(icons, small),
            Entry(strong, large, s_latin), Entry(icons, MathF.Round(17 * scale), s_icons),
        ];
        GuiMessage message = default;
        GuiStatus status;
        fixed (FontEntry* first = fonts) status = LoadFonts(first, fonts.Length, message, GuiLibrary.MessageBytes);
        foreach (FontEntry font in fonts) Marshal.FreeCoTaskMem(font.Path);
        GuiLibrary.Check(status, message);
    }

    private static FontEntry Entry(string path, float pixels, ushort* ranges) => new() { Path = Marshal.StringToCoTaskMemUTF8(path), Pixels = pixels, Ranges = ranges };

    // Icons sit a little lower and have one width, so that lists of them line up.
    private static FontEntry Icon(string path, float pixels) =>
        new() { Path = Marshal.StringToCoTaskMemUTF8(path), Pixels = MathF.Round(pixels * 0.94f), Ranges = s_icons, IsMerged = 1, OffsetY = MathF.Round(pixels * 0.04f), Advance = MathF.Round(pixels * 1.1f) };

    private static string Find(string name, string otherName, string package)
    {
        EnumerationOptions everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (string folder in s_folders.Where(Directory.Exists))
            foreach (string wanted in (ReadOnlySpan<string>)[name, otherName])
                foreach (string path in Directory.EnumerateFiles(folder, wanted, everywhere)) return path;
        throw new MissingComponentException($"the font {name} is not installed; run: apt-get install {package}");
    }

    // Dear ImGui reads the ranges as long as the fonts live, which is as long as the process.
    private static ushort* Keep(params ReadOnlySpan<ushort> pairs)
    {
        ushort* kept = (ushort*)NativeMemory.Alloc((nuint)(pairs.Length + 1), sizeof(ushort));
        pairs.CopyTo(new Span<ushort>(kept, pairs.Length));
        kept[pairs.Length] = 0;
        return kept;
    }

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_load_fonts")]
    private static partial GuiStatus LoadFonts(FontEntry* fonts, int count, Span<byte> message, int messageBytes);

    [StructLayout(LayoutKind.Sequential)]
    private struct FontEntry
    {
        public nint Path;
        public float Pixels;
        public ushort* Ranges;
        public int IsMerged;
        public float OffsetY;
        public float Advance;
    }
}
