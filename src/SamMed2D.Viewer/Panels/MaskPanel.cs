using System.Globalization;
using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Prompting;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The mask that the model offers: how sure it is, which of its masks this is, and what to do with it.</summary>
internal sealed class MaskPanel(Workspace workspace)
{
    /// <summary>Draws the panel where the cursor is; nothing where no mask is offered.</summary>
    public void Draw(float scale)
    {
        if (workspace.Model.IsLoading) Say("Loading the model…");
        else if (workspace.Prompting.Preview is { } preview) DrawOffer(preview, scale);
        else if (workspace.Prompting.IsWaiting) Say("The model looks at the slice…");
    }

    private static void DrawOffer(MaskPreview preview, float scale)
    {
        Ui.PushFont(FontKind.Small);
        Ui.Text(string.Create(CultureInfo.InvariantCulture,
            $"Mask {preview.Candidate + 1} of {preview.CandidateCount} on slice {preview.Slice},  {preview.Elapsed.TotalMilliseconds:0} ms"));
        Ui.GetCursor(out Vector2 at);
        Ui.GetAvailable(out Vector2 room);
        float share = Math.Clamp(preview.PredictedIou, 0, 1), height = 16 * scale;
        Ui.Fill(at.X, at.Y, at.X + room.X, at.Y + height, Theme.Rgb(0x2C323A), 3 * scale);
        Ui.Fill(at.X, at.Y, at.X + room.X * share, at.Y + height, Theme.Fade(share > 0.75f ? Theme.Good : share > 0.5f ? Theme.Warning : Theme.Bad, 0.75), 3 * scale);
        string words = string.Create(CultureInfo.InvariantCulture, $"predicted overlap {share:0.00}");
        Ui.DrawText(at.X + 8 * scale, MathF.Round(at.Y + (height - Ui.LineHeight()) / 2), Theme.Text, words);
        Ui.Dummy(room.X, height);
        Ui.PopFont();
    }

    private static void Say(string text)
    {
        Ui.PushFont(FontKind.Small);
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text(text);
        Ui.PopColor();
        Ui.PopFont();
    }
}
