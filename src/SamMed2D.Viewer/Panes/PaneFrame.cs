using System.Numerics;
using SamMed2D.Application.Views;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panes;

/// <summary>What all panes look like: a bar in the view's colour on top.</summary>
internal static class PaneFrame
{
    /// <summary>Set in a frame where the pointer should be a cross.</summary>
    public static bool IsCrossWanted { get; set; }

    /// <summary>Height of the bar.</summary>
    public static float BarHeight(float scale) => MathF.Round(24 * scale);

    /// <summary>Room for the title in the bar.</summary>
    public static float TitleWidth(float scale) => MathF.Round(118 * scale);

    /// <summary>Draws the bar with its title.</summary>
    public static void DrawBar(ViewId view, Vector2 corner, float width, float scale, string title)
    {
        float height = BarHeight(scale);
        uint color = Theme.Of(ViewNames.ColorOf(view));
        Ui.Fill(corner.X, corner.Y, corner.X + width, corner.Y + height, Theme.Rgb(0x1B1E23));
        Ui.Fill(corner.X, corner.Y, corner.X + 3 * scale, corner.Y + height, color);
        Ui.PushFont(FontKind.Small);
        Ui.GetTextSize(title, -1, out Vector2 text);
        Ui.DrawText(MathF.Round(corner.X + 10 * scale), MathF.Round(corner.Y + (height - text.Y) / 2), Theme.TextSoft, title);
        Ui.PopFont();
    }
}
