using System.Numerics;
using System.Runtime.InteropServices;

namespace SamMed2D.Viewer.Gui;

/// <summary>Dear ImGui: the last item, mouse and keyboard, and drawing into the current window.</summary>
internal static partial class Ui
{
    /// <summary>Whether the pointer is over the last item.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_item_hovered")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsItemHovered(HoverFlags flags = 0);

    /// <summary>Whether the last item is held.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_item_active")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsItemActive();

    /// <summary>Whether the last item was let go after a change.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_item_edited")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsItemEdited();

    /// <summary>Whether the last item was let go.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_item_released")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsItemReleased();

    /// <summary>Whether the last item was clicked.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_item_clicked")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsItemClicked(int button = 0);

    /// <summary>The last item's corners.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_item_box")]
    public static partial void GetItemBox(out Vector4 box);

    /// <summary>Lets items that follow lie over the last one.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_allow_overlap")]
    public static partial void AllowOverlap();

    /// <summary>Gives the next item the keyboard.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_focus_next")]
    public static partial void FocusNext();

    /// <summary>Where the pointer is.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_mouse")]
    public static partial void GetMouse(out Vector2 at);

    /// <summary>How far the wheel turned: to the right and up.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_wheel")]
    public static partial void GetWheel(out Vector2 steps);

    /// <summary>Whether a mouse button went down.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_mouse_clicked")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsMouseClicked(int button);

    /// <summary>Whether it went down for the second time.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_mouse_double_clicked")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsMouseDoubleClicked(int button);

    /// <summary>Whether it is down.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_mouse_down")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsMouseDown(int button);

    /// <summary>Whether it went up.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_mouse_released")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsMouseReleased(int button);

    /// <summary>The modifier keys that are held.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_modifiers")]
    public static partial int Modifiers();

    /// <summary>Whether a key went down, or repeats.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_key_pressed")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsKeyPressed(int key);

    /// <summary>Whether typed letters belong to a field.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_wants_text")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WantsText();

    /// <summary>Whether any item is held or typed into.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_any_item_active")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsAnyItemActive();

    /// <summary>Asks for a shape of the pointer: Dear ImGui's numbers.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_set_mouse_cursor")]
    public static partial void SetMouseCursor(MouseCursor shape);

    /// <summary>The shape that was asked for.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_mouse_cursor")]
    public static partial MouseCursor GetMouseCursor();

    /// <summary>Draws over everything, until told otherwise.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_draw_over")]
    public static partial void DrawOver(int isOverEverything);

    /// <summary>Draws only within a box until <see cref="PopClip"/>.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_push_clip")]
    public static partial void PushClip(float x0, float y0, float x1, float y1);

    /// <summary>Ends that.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_pop_clip")]
    public static partial void PopClip();

    /// <summary>A line.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_line")]
    public static partial void Line(float x0, float y0, float x1, float y1, uint color, float width);

    /// <summary>A box's outline.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_box")]
    public static partial void Box(float x0, float y0, float x1, float y1, uint color, float rounding, float width);

    /// <summary>A filled box.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_fill")]
    public static partial void Fill(float x0, float y0, float x1, float y1, uint color, float rounding = 0);

    /// <summary>A circle.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_circle")]
    public static partial void Circle(float x, float y, float radius, uint color, float width);

    /// <summary>A filled circle.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_disc")]
    public static partial void Disc(float x, float y, float radius, uint color);

    /// <summary>A filled triangle.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_triangle")]
    public static partial void Triangle(float x0, float y0, float x1, float y1, float x2, float y2, uint color);

    /// <summary>Lines through points.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_polyline")]
    public static partial void Polyline(ReadOnlySpan<Vector2> points, int count, uint color, int isClosed, float width);

    /// <summary>Text at a place.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_draw_text", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void DrawText(float x, float y, uint color, string text);

    /// <summary>An opaque picture between two corners.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_draw_image")]
    public static partial void DrawImage(uint texture, float x0, float y0, float x1, float y1);

    /// <summary>A picture between four corners (x and y of each, clockwise from the upper left), its colours multiplied by one.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_draw_quad")]
    public static partial void DrawQuad(uint texture, ReadOnlySpan<Vector2> corners, uint color);
}
