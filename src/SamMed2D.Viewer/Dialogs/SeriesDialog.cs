using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Series;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Dialogs;

/// <summary>The series of a DICOM folder, with small pictures and tags, to choose from.</summary>
internal sealed class SeriesDialog(Workspace workspace) : IDisposable
{
    private readonly Dictionary<SliceImage, uint> _pictures = [];
    private SeriesChoice? _shown;
    private SeriesEntry? _chosen;

    /// <summary>Draws the dialog where there is a choice.</summary>
    public void Draw(Vector2 size, float scale)
    {
        if (workspace.SeriesChoice is not { } choice)
        {
            Forget();
            return;
        }
        if (choice != _shown)
        {
            Forget();
            (_shown, _chosen) = (choice, choice.Series.FirstOrDefault(series => series.Problem is null));
        }
        if (!DialogFrame.Begin("Choose a series", size, new(760 * scale, 560 * scale), scale)) return;
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text(choice.Path);
        Ui.PopColor();
        Ui.GetAvailable(out Vector2 room);
        float foot = Ui.FrameHeight() + 14 * scale;
        Ui.BeginChild("series", room.X * 0.6f, room.Y - foot, 1, 0);
        foreach (SeriesEntry series in choice.Series) DrawSeries(choice, series, scale);
        Ui.EndChild();
        Ui.SameLine();
        Ui.BeginChild("tags", 0, room.Y - foot, 1, 0);
        if (_chosen is not null) DrawTags(_chosen);
        Ui.EndChild();
        DrawButtons(choice, scale);
        DialogFrame.End();
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private void DrawSeries(SeriesChoice choice, SeriesEntry series, float scale)
    {
        float side = 72 * scale;
        Ui.GetCursor(out Vector2 at);
        Ui.PushId(series.Selector);
        if (Ui.Selectable("##row", series == _chosen ? 1 : 0, SelectableFlags.AllowDoubleClick | SelectableFlags.DontClosePopups, 0, side + 8 * scale))
        {
            _chosen = series;
            if (Ui.IsMouseDoubleClicked(0) && series.Problem is null) Open(choice, series);
        }
        Ui.GetCursor(out Vector2 next);
        Ui.Fill(at.X + 4 * scale, at.Y + 4 * scale, at.X + 4 * scale + side, at.Y + 4 * scale + side, Theme.Rgb(0x000000), 3 * scale);
        if (choice.Thumbnail(series) is { } picture) DrawPicture(picture, at + new Vector2(4 * scale), side);
        float left = at.X + side + 18 * scale, line = Ui.LineHeight() + 3 * scale, top = at.Y + 10 * scale;
        Ui.PushFont(FontKind.Strong);
        Ui.DrawText(left, top, series.Problem is null ? Theme.Text : Theme.TextFaint, series.Title.Length > 0 ? series.Title : "(no description)");
        Ui.PopFont();
        string phases = series.PhaseCount > 1 ? $", {series.PhaseCount} phases" : "";
        Ui.DrawText(left, top + line, Theme.TextSoft, string.Create(CultureInfo.InvariantCulture, $"{series.Modality}  {series.Columns} × {series.Rows} × {series.SliceCount}{phases}"));
        if (series.Problem is { } problem) Ui.DrawText(left, top + 2 * line, Theme.Warning, problem);
        Ui.PopId();
        Ui.SetCursor(next.X, next.Y);
    }

    private void DrawPicture(SliceImage picture, Vector2 corner, float side)
    {
        if (!_pictures.TryGetValue(picture, out uint texture)) _pictures[picture] = texture = GuiFrames.CreateTexture(ToRgb(picture), new ImageSize(picture.Width, picture.Height));
        float factor = side / Math.Max(picture.Width, picture.Height);
        Vector2 size = new(picture.Width * factor, picture.Height * factor), from = corner + (new Vector2(side) - size) / 2;
        Ui.DrawImage(texture, from.X, from.Y, from.X + size.X, from.Y + size.Y);
    }

    private static byte[] ToRgb(SliceImage picture)
    {
        ReadOnlySpan<byte> pixels = picture.Pixels.Span;
        if (picture.Channels == 3) return pixels.ToArray();
        byte[] rgb = new byte[picture.Width * picture.Height * 3];
        for (int n = 0; n < rgb.Length; n++) rgb[n] = pixels[n / 3];
        return rgb;
    }

    private static void DrawTags(SeriesEntry series)
    {
        if (!Ui.BeginTable("tags", 2, TableFlags.StretchColumns | TableFlags.RowBackground)) return;
        foreach ((string name, string value) in series.Tags)
        {
            Ui.NextRow();
            Ui.NextColumn();
            Ui.PushColor(ColorPart.Text, Theme.TextSoft);
            Ui.Wrapped(name);
            Ui.PopColor();
            Ui.NextColumn();
            Ui.Wrapped(value);
        }
        Ui.EndTable();
    }

    private void DrawButtons(SeriesChoice choice, float scale)
    {
        Ui.GetAvailable(out Vector2 room);
        float width = 110 * scale;
        Ui.GetCursor(out Vector2 at);
        Ui.SetCursor(at.X + room.X - 2 * width - 8 * scale, at.Y + 4 * scale);
        if (Ui.Button("Cancel", width)) workspace.Commands.Invoke("scan.dismiss-series");
        Ui.SameLine();
        Ui.BeginDisabled(_chosen is null || _chosen.Problem is not null ? 1 : 0);
        Ui.PushColor(ColorPart.Button, Theme.Rgb(0x2F6FB5));
        if (Ui.Button("Open", width) && _chosen is { } series) Open(choice, series);
        Ui.PopColor();
        Ui.EndDisabled();
    }

    private void Open(SeriesChoice choice, SeriesEntry series) =>
        workspace.Commands.Invoke("scan.open", new JsonObject { ["path"] = choice.Path, ["series"] = series.Selector });

    private void Forget()
    {
        foreach (uint texture in _pictures.Values) GuiFrames.DeleteTexture(texture);
        _pictures.Clear();
        (_shown, _chosen) = (null, null);
    }
}
