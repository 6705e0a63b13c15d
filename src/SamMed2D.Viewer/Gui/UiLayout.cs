using System.Numerics;
using System.Runtime.InteropServices;

namespace SamMed2D.Viewer.Gui;

/// <summary>Dear ImGui: windows, layout and style. Lengths are framebuffer pixels, colours have red in the lowest byte.</summary>
internal static partial class Ui
{
    /// <summary>Begins a window; <see cref="EndWindow"/> must follow, whatever it answers.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginWindow(string name, nint isOpen, WindowFlags flags);

    /// <summary>Ends a window.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end")]
    public static partial void EndWindow();

    /// <summary>Begins a part of a window with its own scrolling; <see cref="EndChild"/> must follow. Sizes of 0 take what is left, negative ones leave so much.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_child", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginChild(string id, float width, float height, int hasBorder, WindowFlags flags);

    /// <summary>Ends such a part.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_child")]
    public static partial void EndChild();

    /// <summary>Places the next window.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_next_window")]
    public static partial void PlaceNextWindow(float x, float y, float width, float height, Condition condition = Condition.Always, float pivotX = 0, float pivotY = 0);

    /// <summary>Limits the next window's size.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_next_window_limits")]
    public static partial void LimitNextWindow(float minWidth, float minHeight, float maxWidth, float maxHeight);

    /// <summary>Whether the pointer is over the window and nothing covers it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_window_hovered")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsWindowHovered(HoverFlags flags = 0);

    /// <summary>The current window's height.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_window_height")]
    public static partial void GetWindowHeight(out float height);

    /// <summary>Whether the window was not there a frame ago.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_window_appearing")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsWindowAppearing();

    /// <summary>Goes on in the same line.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_same_line")]
    public static partial void SameLine(float offset = 0, float spacing = -1);

    /// <summary>A line across.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_separator")]
    public static partial void Separator();

    /// <summary>A little room.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_spacing")]
    public static partial void Spacing();

    /// <summary>Empty room of a size.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_dummy")]
    public static partial void Dummy(float width, float height);

    /// <summary>Moves what follows to the right; negative, back.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_indent")]
    public static partial void Indent(float width);

    /// <summary>Begins what counts as one item.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_group")]
    public static partial void BeginGroup();

    /// <summary>Ends it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_group")]
    public static partial void EndGroup();

    /// <summary>Lowers the text that follows to the middle of buttons beside it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_align_text")]
    public static partial void AlignText();

    /// <summary>The next item's width; negative leaves so much on the right.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_next_width")]
    public static partial void NextWidth(float width);

    /// <summary>Where the next item goes, on the screen.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_get_cursor")]
    public static partial void GetCursor(out Vector2 at);

    /// <summary>Moves the next item.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_set_cursor_position")]
    public static partial void SetCursor(float x, float y);

    /// <summary>The room that is left.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_available")]
    public static partial void GetAvailable(out Vector2 size);

    /// <summary>The height of buttons and fields.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_frame_height")]
    public static partial float FrameHeight();

    /// <summary>The height of a line of text.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_line_height")]
    public static partial float LineHeight();

    /// <summary>Scrolls so that the next item is seen.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_scroll_here")]
    public static partial void ScrollHere();

    /// <summary>Writes with another font until <see cref="PopFont"/>.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_push_font")]
    public static partial void PushFont(FontKind font);

    /// <summary>Goes back to the font before.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_pop_font")]
    public static partial void PopFont();

    /// <summary>Changes a colour until <see cref="PopColor"/>.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_push_color")]
    public static partial void PushColor(ColorPart part, uint color);

    /// <summary>Goes back to the colours before.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_pop_color")]
    public static partial void PopColor(int count = 1);

    /// <summary>Changes a size until <see cref="PopStyle"/>.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_push_number")]
    public static partial void PushStyle(StylePart part, float value);

    /// <summary>Changes a pair of sizes until <see cref="PopStyle"/>.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_push_pair")]
    public static partial void PushStyle(StylePart part, float x, float y);

    /// <summary>Goes back to the sizes before.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_pop_style")]
    public static partial void PopStyle(int count = 1);

    /// <summary>Greys out what follows where told so.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_disabled")]
    public static partial void BeginDisabled(int isDisabled);

    /// <summary>Ends that.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_disabled")]
    public static partial void EndDisabled();

    /// <summary>Tells items of the same label apart.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_push_id", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void PushId(string id);

    /// <summary>Tells items of the same label apart.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_push_number_id")]
    public static partial void PushId(int id);

    /// <summary>Ends that.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_pop_id")]
    public static partial void PopId();
}
