using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Notices;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>Notices as cards over the views, the newest at the bottom; each stays until it is closed.</summary>
internal sealed class NoticePanel(Workspace workspace)
{
    private const int MostCards = 4;

    /// <summary>Draws the cards, upwards from a place.</summary>
    public void Draw(Vector2 lowerRight, float scale)
    {
        float bottom = lowerRight.Y, width = 400 * scale;
        Notice[] shown = [.. workspace.Notices.Open.Reverse().Take(MostCards)];
        for (int n = 0; n < shown.Length; n++)
        {
            Notice notice = shown[n];
            Ui.PlaceNextWindow(lowerRight.X, bottom, width, 0, Condition.Always, 1, 1);
            Ui.LimitNextWindow(width, 0, width, 260 * scale);
            Ui.PushColor(ColorPart.WindowBackground, Theme.Rgb(0x2A3038));
            Ui.PushColor(ColorPart.Border, ColorOf(notice.Kind));
            Ui.PushStyle(StylePart.WindowPadding, 12 * scale, 10 * scale);
            if (Ui.BeginWindow($"##notice{n}", 0, WindowFlags.NoTitleBar | WindowFlags.NoResize | WindowFlags.NoMove | WindowFlags.NoSavedSettings | WindowFlags.AlwaysAutoResize | WindowFlags.NoFocusOnAppearing | WindowFlags.NoNav))
                DrawCard(notice, width, scale);
            Ui.GetWindowHeight(out float height);
            Ui.EndWindow();
            Ui.PopStyle();
            Ui.PopColor(2);
            bottom -= height + 8 * scale;
        }
    }

    private void DrawCard(Notice notice, float width, float scale)
    {
        Ui.PushColor(ColorPart.Text, ColorOf(notice.Kind));
        Ui.Text(notice.Kind switch { NoticeKind.Error => Icons.Error, NoticeKind.Warning => Icons.Warning, _ => Icons.Information });
        Ui.PopColor();
        Ui.SameLine();
        Ui.PushFont(FontKind.Strong);
        Ui.Text(notice.Title);
        Ui.PopFont();
        Ui.SameLine(width - 36 * scale);
        Ui.PushColor(ColorPart.Button, 0);
        Ui.PushStyle(StylePart.FramePadding, 4 * scale, 1 * scale);
        if (Ui.Button($"{Icons.Times}##close")) workspace.Notices.Close(notice);
        Ui.PopStyle();
        Ui.PopColor();
        Ui.Wrapped(notice.Text);
        for (int n = 0; n < notice.Choices.Count; n++)
        {
            NoticeChoice choice = notice.Choices[n];
            if (n > 0) Ui.SameLine();
            if (!Ui.Button($"{choice.Label}##{n}")) continue;
            workspace.Notices.Close(notice);
            workspace.Commands.Invoke(choice.Command, choice.Arguments?.DeepClone().AsObject());
        }
    }

    private static uint ColorOf(NoticeKind kind) => kind switch { NoticeKind.Error => Theme.Bad, NoticeKind.Warning => Theme.Warning, _ => Theme.Accent };
}
