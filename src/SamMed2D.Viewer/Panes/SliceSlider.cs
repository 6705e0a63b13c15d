using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Segments;
using SamMed2D.Application.Views;
using SamMed2D.Segmentation.Session;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panes;

/// <summary>The slider of a slice view, with how sure each slice of each segment is, and the range that propagation may touch.</summary>
internal sealed class SliceSlider(Workspace workspace, SliceViewModel view)
{
    private const int MostStrips = 4;
    private string _held = "";
    private int _low, _high;

    /// <summary>Draws the slider into a box of the screen.</summary>
    public void Draw(Vector2 corner, Vector2 size, float scale)
    {
        if (view.SliceCount < 2) return;
        Track track = new(corner.X + 12 * scale, size.X - 24 * scale, view.SliceCount);
        IReadOnlyList<ConfidenceStrip> strips = StripsInOrder();
        float groove = (strips.Count > 0 ? corner.Y + size.Y * 0.36f : corner.Y + size.Y / 2), half = 2 * scale;
        Ui.SetCursor(corner.X, corner.Y);
        Ui.Area($"##slider{view.Id}", Math.Max(size.X, 1), size.Y);
        bool isHovered = Ui.IsItemHovered(), isHeld = Ui.IsItemActive() && Ui.IsMouseDown(0);
        Ui.GetMouse(out Vector2 mouse);
        Use(track, mouse, isHovered, isHeld, scale);
        Ui.Fill(track.Left, groove - half, track.Left + track.Width, groove + half, Theme.Rgb(0x353B44), half);
        DrawRange(track, groove, scale);
        DrawStrips(strips, track, corner.Y + size.Y * 0.64f, corner.Y + size.Y - 2 * scale, scale);
        float at = track.CenterOf(view.Slice), radius = (isHeld || isHovered ? 6 : 5) * scale;
        Ui.Disc(at, groove, radius, isHeld || isHovered ? Theme.AccentStrong : Theme.Rgb(0xB8C0CA));
        if (isHovered && !isHeld) Explain(strips, track.SliceAt(mouse.X));
    }

    // The segment in hand lies lowest and so has its colours in sight first.
    private IReadOnlyList<ConfidenceStrip> StripsInOrder() =>
        [.. ConfidenceStrip.For(workspace, view).OrderByDescending(strip => strip.Segment.Label == workspace.Segments.ActiveLabel).Take(MostStrips)];

    private void Use(Track track, Vector2 mouse, bool isHovered, bool isHeld, float scale)
    {
        if (isHovered && Ui.IsMouseClicked(0)) _held = HandleAt(track, mouse, scale);
        Ui.GetWheel(out Vector2 wheel);
        if (isHovered && wheel.Y != 0) ShowSlice(view.Slice + (int)MathF.Round(wheel.Y));
        if (!isHeld)
        {
            if (_held is "low" or "high") workspace.Commands.Invoke("propagate.range", new JsonObject { ["first"] = _low, ["last"] = _high });
            _held = "";
            return;
        }
        int slice = track.SliceAt(mouse.X);
        if (_held == "low") _low = Math.Min(slice, _high);
        else if (_held == "high") _high = Math.Max(slice, _low);
        else ShowSlice(slice);
    }

    private string HandleAt(Track track, Vector2 mouse, float scale)
    {
        if (Segment() is null) return "slice";
        (_low, _high) = RangeOf();
        float reach = 5 * scale;
        if (Math.Abs(mouse.X - track.CenterOf(view.Slice)) < reach) return "slice";
        if (Math.Abs(mouse.X - track.StartOf(_low)) < reach) return "low";
        return Math.Abs(mouse.X - track.StartOf(_high + 1)) < reach ? "high" : "slice";
    }

    // The segment in hand where it runs along these slices; propagation is about it.
    private SessionSegment? Segment() => workspace.Segments.Active is { } active && active.Axis == view.LabelFrame?.Axis ? active : null;

    private (int Low, int High) RangeOf() => workspace.Propagation.Range is { } range ? (range.First, range.Last) : (0, view.SliceCount - 1);

    private void DrawRange(Track track, float groove, float scale)
    {
        if (Segment() is not { } segment) return;
        (int low, int high) = _held is "low" or "high" ? (_low, _high) : RangeOf();
        float left = track.StartOf(low), right = track.StartOf(high + 1), half = 2 * scale, tall = 6 * scale;
        Ui.Fill(left, groove - half, right, groove + half, Theme.Of(segment.Segment.Color, 0.55), half);
        Ui.Fill(left - half, groove - tall, left + half, groove + tall, Theme.Of(segment.Segment.Color), scale);
        Ui.Fill(right - half, groove - tall, right + half, groove + tall, Theme.Of(segment.Segment.Color), scale);
    }

    private void DrawStrips(IReadOnlyList<ConfidenceStrip> strips, Track track, float top, float bottom, float scale)
    {
        if (strips.Count == 0) return;
        float height = (bottom - top) / strips.Count;
        for (int n = 0; n < strips.Count; n++)
        {
            float y0 = top + n * height, y1 = y0 + Math.Max(height - scale, 1);
            double opacity = strips[n].Segment.Label == workspace.Segments.ActiveLabel ? 1 : 0.55;
            foreach (StripCell cell in strips[n].Cells)
            {
                float left = track.StartOf(cell.Slice), right = track.StartOf(cell.Slice + 1);
                Ui.Fill(left, y0, Math.Max(right - (right - left > 3 ? scale : 0), left + 1), y1, Theme.Of(cell.Color, opacity));
                if (cell.IsPrompted) Ui.Fill((left + right) / 2 - scale, y0, (left + right) / 2 + scale, y1, Theme.Rgb(0xFFFFFF, 0.9f));
                if (cell.NeedsReview) Ui.Triangle((left + right) / 2 - 3 * scale, top - 4 * scale, (left + right) / 2 + 3 * scale, top - 4 * scale, (left + right) / 2, top, Theme.Warning);
            }
        }
    }

    private static void Explain(IReadOnlyList<ConfidenceStrip> strips, int slice)
    {
        string[] lines = [.. strips.SelectMany(strip => strip.Cells.Where(cell => cell.Slice == slice).Select(cell => $"{strip.Segment.Name}: {Words(cell)}"))];
        if (lines.Length > 0) Hints.OfItem(FormattableString.Invariant($"Slice {slice}"), "", string.Join(";  ", lines));
    }

    private static string Words(StripCell cell) => cell.IsLocked ? "locked"
        : cell.Confidence is { } confidence ? FormattableString.Invariant($"confidence {confidence:0.00}{(cell.NeedsReview ? ", deserves a look" : "")}") : "drawn by hand";

    private void ShowSlice(int slice)
    {
        slice = Math.Clamp(slice, 0, view.SliceCount - 1);
        if (slice != view.Slice) workspace.Commands.Invoke("view.slice", new JsonObject { ["view"] = view.Id.ToString().ToLowerInvariant(), ["slice"] = slice });
    }

    /// <summary>Where slices lie along the slider.</summary>
    private readonly record struct Track(float Left, float Width, int Count)
    {
        public float StartOf(int slice) => Left + Width * slice / Count;

        public float CenterOf(int slice) => Left + Width * (slice + 0.5f) / Count;

        public int SliceAt(float x) => Math.Clamp((int)MathF.Floor((x - Left) / Width * Count), 0, Count - 1);
    }
}
