using System.Runtime.InteropServices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Viewer.Gui;

/// <summary>The dark theme: calm greys about the pictures, one blue for what is chosen.</summary>
internal static partial class Theme
{
    public static readonly uint Background = Rgb(0x15171B), Panel = Rgb(0x1F2329), PanelRaised = Rgb(0x272C33), Line = Rgb(0x343A43);
    public static readonly uint Text = Rgb(0xE6E9ED), TextSoft = Rgb(0x9AA3AE), TextFaint = Rgb(0x6D7682);
    public static readonly uint Accent = Rgb(0x4C9BF0), AccentSoft = Rgb(0x4C9BF0, 0.28f), AccentStrong = Rgb(0x6FB1FA);
    public static readonly uint Good = Rgb(0x5FBF77), Warning = Rgb(0xE5B454), Bad = Rgb(0xEE6A5F);

    /// <summary>A colour for drawing, from 0xRRGGBB.</summary>
    public static uint Rgb(uint rgb, float opacity = 1) =>
        (rgb >> 16 & 0xFF) | (rgb & 0xFF00) | (rgb & 0xFF) << 16 | (uint)Math.Round(255 * Math.Clamp(opacity, 0, 1)) << 24;

    /// <summary>A colour for drawing.</summary>
    public static uint Of(RgbColor color, double opacity = 1) => Rgb((uint)(color.R << 16 | color.G << 8 | color.B), (float)opacity);

    /// <summary>The same colour with another opacity.</summary>
    public static uint Fade(uint color, double opacity) => color & 0xFFFFFF | (uint)Math.Round(255 * Math.Clamp(opacity, 0, 1)) << 24;

    /// <summary>Sets colours and sizes.</summary>
    /// <param name="scale">The display's scale.</param>
    public static void Apply(float scale)
    {
        foreach ((ColorPart part, uint color) in Colors()) SetColor(part, color);
        SetSizes(scale);
    }

    private static (ColorPart, uint)[] Colors()
    {
        uint field = Rgb(0x2C323A), fieldHovered = Rgb(0x363D47), fieldActive = Rgb(0x404854), clear = 0;
        return
        [
            (ColorPart.Text, Text), (ColorPart.TextDisabled, TextFaint), (ColorPart.WindowBackground, Panel), (ColorPart.ChildBackground, clear),
            (ColorPart.PopupBackground, Rgb(0x252A31)), (ColorPart.Border, Line), (ColorPart.BorderShadow, clear),
            (ColorPart.FrameBackground, field), (ColorPart.FrameBackgroundHovered, fieldHovered), (ColorPart.FrameBackgroundActive, fieldActive),
            (ColorPart.TitleBackground, Rgb(0x1B1F24)), (ColorPart.TitleBackgroundActive, Rgb(0x22272E)), (ColorPart.TitleBackgroundCollapsed, Rgb(0x1B1F24)),
            (ColorPart.MenuBarBackground, Rgb(0x1A1D22)), (ColorPart.ScrollbarBackground, clear), (ColorPart.ScrollbarGrab, Rgb(0x454D58)),
            (ColorPart.ScrollbarGrabHovered, Rgb(0x566070)), (ColorPart.ScrollbarGrabActive, Rgb(0x66717F)), (ColorPart.CheckMark, AccentStrong),
            (ColorPart.SliderGrab, Accent), (ColorPart.SliderGrabActive, AccentStrong), (ColorPart.Button, field), (ColorPart.ButtonHovered, fieldHovered),
            (ColorPart.ButtonActive, fieldActive), (ColorPart.Header, AccentSoft), (ColorPart.HeaderHovered, Rgb(0x4C9BF0, 0.2f)), (ColorPart.HeaderActive, Rgb(0x4C9BF0, 0.38f)),
            (ColorPart.Separator, Line), (ColorPart.SeparatorHovered, Accent), (ColorPart.SeparatorActive, AccentStrong), (ColorPart.ResizeGrip, clear),
            (ColorPart.ResizeGripHovered, AccentSoft), (ColorPart.ResizeGripActive, Accent), (ColorPart.Tab, Panel), (ColorPart.TabHovered, fieldHovered),
            (ColorPart.TabActive, field), (ColorPart.TabUnfocused, Panel), (ColorPart.TabUnfocusedActive, field), (ColorPart.PlotLines, TextSoft),
            (ColorPart.PlotLinesHovered, Accent), (ColorPart.PlotHistogram, Accent), (ColorPart.PlotHistogramHovered, AccentStrong),
            (ColorPart.TableHeaderBackground, Rgb(0x242930)), (ColorPart.TableBorderStrong, Line), (ColorPart.TableBorderLight, Rgb(0x2B3038)),
            (ColorPart.TableRowBackground, clear), (ColorPart.TableRowBackgroundAlternate, Rgb(0xFFFFFF, 0.02f)), (ColorPart.TextSelectedBackground, Rgb(0x4C9BF0, 0.4f)),
            (ColorPart.DragDropTarget, Accent), (ColorPart.NavigationHighlight, Accent), (ColorPart.NavigationWindowingHighlight, Accent),
            (ColorPart.NavigationWindowingDim, Rgb(0x000000, 0.4f)), (ColorPart.ModalWindowDim, Rgb(0x000000, 0.55f)),
        ];
    }

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_set_color")]
    private static partial void SetColor(ColorPart part, uint color);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_set_sizes")]
    private static partial void SetSizes(float scale);
}
