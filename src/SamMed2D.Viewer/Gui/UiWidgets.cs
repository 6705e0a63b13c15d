using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace SamMed2D.Viewer.Gui;

/// <summary>Dear ImGui: widgets, menus, popups and tables.</summary>
internal static partial class Ui
{
    /// <summary>A line of text.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_text", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Text(string text);

    /// <summary>Text in as many lines as it takes.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_wrapped", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Wrapped(string text);

    /// <summary>How large a text is; wrapped at a width above 0.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_text_size", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void GetTextSize(string text, float wrap, out Vector2 size);

    /// <summary>A button; true when it was pressed. Sizes of 0 fit the label.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_button", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Button(string label, float width = 0, float height = 0);

    /// <summary>A part that takes all mouse buttons and shows nothing.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_area", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Area(string id, float width, float height);

    /// <summary>One of several choices; true when it was chosen.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_radio", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Radio(string label, int isChosen);

    /// <summary>A row that can be chosen; true when it was.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_selectable", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Selectable(string label, int isChosen, SelectableFlags flags = 0, float width = 0, float height = 0);

    /// <summary>A slider; true while it changes the value.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_slider", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Slider(string label, ref float value, float low, float high, string format, SliderFlags flags = SliderFlags.Clamped);

    /// <summary>A slider of whole numbers; true while it changes the value.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_slider_whole", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Slider(string label, ref int value, int low, int high, string format = "%d");

    /// <summary>A number that is dragged or typed; true while it changes.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_drag", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Drag(string label, ref float value, float speed, float low, float high, string format);

    /// <summary>A field filled with a colour; true when it was pressed.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_color_button", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ColorButton(string id, uint color, float width, float height);

    /// <summary>Picks a colour: red, green and blue from 0 to 1.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_color_picker", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ColorPicker(string id, ref Vector3 rgb);

    /// <summary>A bar that is filled in part.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_progress", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ProgressBar(float share, float width, float height, string? text);

    /// <summary>Begins a list that drops down; <see cref="EndCombo"/> follows where it answers true.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_combo", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginCombo(string label, string shown, int flags = 0);

    /// <summary>Ends it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_combo")]
    public static partial void EndCombo();

    /// <summary>A heading that opens and closes what follows it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_header", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Header(string label, HeaderFlags flags);

    /// <summary>A picture.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_image")]
    public static partial void Image(uint texture, float width, float height);

    /// <summary>Begins the window's menu bar; <see cref="EndMainMenu"/> follows where it answers true.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_main_menu")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginMainMenu();

    /// <summary>Ends it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_main_menu")]
    public static partial void EndMainMenu();

    /// <summary>Begins a menu; <see cref="EndMenu"/> follows where it answers true.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_menu", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginMenu(string label, int isEnabled = 1);

    /// <summary>Ends it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_menu")]
    public static partial void EndMenu();

    /// <summary>An item of a menu; true when it was chosen.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_menu_item", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool MenuItem(string label, string? shortcut, int isChecked, int isEnabled);

    /// <summary>Opens a popup.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_open_popup", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void OpenPopup(string id);

    /// <summary>Begins a popup; <see cref="EndPopup"/> follows where it answers true.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_popup", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginPopup(string id, WindowFlags flags = 0);

    /// <summary>Begins a dialog that everything else waits for; <see cref="EndPopup"/> follows where it answers true.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_modal", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginModal(string title, nint isOpen, WindowFlags flags);

    /// <summary>Ends a popup or dialog.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_popup")]
    public static partial void EndPopup();

    /// <summary>Closes the popup that is being drawn.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_close_popup")]
    public static partial void ClosePopup();

    /// <summary>Whether a popup is open; null asks for any.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_is_popup_open", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsPopupOpen(string? id = null);

    /// <summary>Begins what is shown at the pointer.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_tooltip")]
    public static partial void BeginTooltip();

    /// <summary>Ends it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_tooltip")]
    public static partial void EndTooltip();

    /// <summary>Begins a table; <see cref="EndTable"/> follows where it answers true.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_begin_table", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool BeginTable(string id, int columns, TableFlags flags, float width = 0, float height = 0);

    /// <summary>Ends it.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_end_table")]
    public static partial void EndTable();

    /// <summary>Names a column.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_column", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Column(string label, ColumnFlags flags = 0, float width = 0);

    /// <summary>Keeps the first columns and rows in sight.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_freeze")]
    public static partial void Freeze(int columns, int rows);

    /// <summary>The row of column names.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_headers")]
    public static partial void Headers();

    /// <summary>Begins a row.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_next_row")]
    public static partial void NextRow(float height = 0);

    /// <summary>Goes to the next column.</summary>
    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_next_column")]
    public static partial void NextColumn();

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_checkbox", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CheckboxNative(string label, ref int value);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_input_text", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool InputText(string label, string hint, ref byte buffer, int bytes, InputTextFlags flags);

    /// <summary>A box to tick; true when it changed.</summary>
    public static bool Checkbox(string label, ref bool value)
    {
        int number = value ? 1 : 0;
        bool hasChanged = CheckboxNative(label, ref number);
        value = number != 0;
        return hasChanged;
    }

    /// <summary>A field for text; true when it changed, or with <see cref="InputTextFlags.EnterReturnsTrue"/> when Enter was pressed.</summary>
    public static bool InputText(string label, string hint, ref string text, InputTextFlags flags = 0, int maxBytes = 1024)
    {
        byte[] buffer = new byte[maxBytes];
        Encoding.UTF8.TryGetBytes(text, buffer.AsSpan(0, maxBytes - 1), out _);
        bool answer = InputText(label, hint, ref buffer[0], maxBytes, flags);
        string typed = Encoding.UTF8.GetString(buffer, 0, Math.Max(Array.IndexOf(buffer, (byte)0), 0));
        if (typed != text) text = typed;
        return answer;
    }

    /// <summary>How wide a text is.</summary>
    public static float TextWidth(string text)
    {
        GetTextSize(text, -1, out Vector2 size);
        return size.X;
    }
}
