using System.Globalization;
using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Jobs;
using SamMed2D.Application.Views;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The row at the bottom: what lies under the pointer, what just happened, and work under way with its way to stop it.</summary>
internal sealed class StatusBar(Workspace workspace)
{
    /// <summary>Draws the row into a box of the screen.</summary>
    public void Draw(Vector2 corner, Vector2 size, float scale)
    {
        Ui.Fill(corner.X, corner.Y, corner.X + size.X, corner.Y + size.Y, Theme.Rgb(0x1A1D22));
        Ui.Line(corner.X, corner.Y, corner.X + size.X, corner.Y, Theme.Line, 1);
        Ui.PushFont(FontKind.Small);
        float right = corner.X + size.X - 10 * scale;
        Job[] jobs = [.. workspace.Jobs.Running.Where(job => !job.IsQuiet)];
        if (jobs.Length > 0) right = DrawJob(jobs[0], jobs.Length, corner, size, scale) - 14 * scale;
        float middle = MathF.Round(corner.Y + (size.Y - Ui.LineHeight()) / 2), x = corner.X + 12 * scale;
        Ui.PushClip(corner.X, corner.Y, Math.Max(right, corner.X), corner.Y + size.Y);
        string readout = PointerReadout()?.ToString() ?? "";
        if (readout.Length > 0)
        {
            Ui.DrawText(x, middle, Theme.Text, readout);
            x += Math.Max(Ui.TextWidth(readout) + 28 * scale, 470 * scale);
        }
        string status = workspace.Status.Length > 0 ? workspace.Status : readout.Length > 0 ? "" : workspace.Tools.Active.Help;
        Ui.DrawText(x, middle, Theme.TextSoft, status);
        Ui.PopClip();
        Ui.PopFont();
    }

    private Readout? PointerReadout()
    {
        foreach (SliceViewModel view in workspace.SliceViews)
            if (view.Pointer is { } at) return view.Read(at);
        return null;
    }

    private float DrawJob(Job job, int count, Vector2 corner, Vector2 size, float scale)
    {
        float barWidth = 150 * scale, height = 16 * scale, button = 22 * scale;
        string title = count > 1 ? $"{job.Title} (and {count - 1} more)" : job.Title;
        float titleWidth = Ui.TextWidth(title), left = corner.X + size.X - button - barWidth - titleWidth - 30 * scale, top = MathF.Round(corner.Y + (size.Y - height) / 2);
        Ui.DrawText(left, MathF.Round(corner.Y + (size.Y - Ui.LineHeight()) / 2), Theme.Text, title);
        float barLeft = left + titleWidth + 10 * scale;
        Ui.Fill(barLeft, top, barLeft + barWidth, top + height, Theme.Rgb(0x2C323A), 3 * scale);
        if (job.Progress is { } share)
        {
            Ui.Fill(barLeft, top, barLeft + barWidth * (float)share, top + height, Theme.Accent, 3 * scale);
            string percent = string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");
            Ui.DrawText(MathF.Round(barLeft + (barWidth - Ui.TextWidth(percent)) / 2), MathF.Round(corner.Y + (size.Y - Ui.LineHeight()) / 2), Theme.Text, percent);
        }
        else
        {
            // Nobody knows how far it is: something moves, so that it is seen to live.
            float at = (Environment.TickCount64 % 1400) / 1400f * 1.3f - 0.3f, from = Math.Clamp(at, 0, 1), to = Math.Clamp(at + 0.3f, 0, 1);
            Ui.Fill(barLeft + barWidth * from, top, barLeft + barWidth * to, top + height, Theme.Accent, 3 * scale);
        }
        Ui.SetCursor(barLeft + barWidth + 6 * scale, top - 2 * scale);
        Ui.PushStyle(StylePart.FramePadding, 0, 0);
        Ui.PushColor(ColorPart.Button, 0);
        if (Ui.Button($"{Icons.Times}##stop", button, height + 4 * scale)) job.Cancel();
        Ui.PopColor();
        Ui.PopStyle();
        Hints.OfItem("Stop", "Escape");
        return left;
    }
}
