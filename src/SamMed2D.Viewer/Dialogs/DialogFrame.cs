using System.Numerics;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Dialogs;

/// <summary>A dialog in the middle of the window; everything behind it is dimmed and waits.</summary>
internal static class DialogFrame
{
    private static string? s_open, s_drawn;

    /// <summary>True while a dialog is open: keys then belong to it.</summary>
    public static bool IsAnyOpen => s_open is not null;

    /// <summary>Begins a dialog; <see cref="End"/> follows where it answers true.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="screen">The window's size.</param>
    /// <param name="size">The size that it would like.</param>
    /// <param name="scale">The display's scale.</param>
    public static bool Begin(string title, Vector2 screen, Vector2 size, float scale)
    {
        s_drawn = s_open = title;
        Vector2 fitting = Vector2.Min(size, screen - new Vector2(40 * scale));
        if (!Ui.IsPopupOpen(title)) Ui.OpenPopup(title);
        Ui.PlaceNextWindow(screen.X / 2, screen.Y / 2, fitting.X, fitting.Y, Condition.Always, 0.5f, 0.5f);
        Ui.PushStyle(StylePart.WindowPadding, 16 * scale, 14 * scale);
        bool isOpen = Ui.BeginModal(title, 0, WindowFlags.NoTitleBar | WindowFlags.NoResize | WindowFlags.NoMove | WindowFlags.NoCollapse | WindowFlags.NoSavedSettings);
        Ui.PopStyle();
        if (!isOpen) return false;
        Ui.PushFont(FontKind.Large);
        Ui.Text(title);
        Ui.PopFont();
        Ui.Spacing();
        return true;
    }

    /// <summary>Ends a dialog.</summary>
    public static void End() => Ui.EndPopup();

    /// <summary>Ends a frame: a dialog that was not drawn any more is closed for Dear ImGui too.</summary>
    public static void FinishFrame()
    {
        if (s_open is { } title && s_drawn is null)
        {
            Ui.PushStyle(StylePart.Alpha, 0);
            if (Ui.BeginModal(title, 0, WindowFlags.NoTitleBar))
            {
                Ui.ClosePopup();
                Ui.EndPopup();
            }
            Ui.PopStyle();
            s_open = null;
        }
        s_drawn = null;
    }
}
