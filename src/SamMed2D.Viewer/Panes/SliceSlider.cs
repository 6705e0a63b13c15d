using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Views;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panes;

/// <summary>The slider of a slice view.</summary>
internal sealed class SliceSlider(Workspace workspace, SliceViewModel view)
{
    /// <summary>Draws the slider into a box of the screen.</summary>
    public void Draw(Vector2 corner, Vector2 size, float scale)
    {
        if (view.SliceCount < 2) return;
        Vector2 inset = new(10 * scale, 0);
        Track track = new(corner.X + inset.X, size.X - 2 * inset.X, view.SliceCount);
        float middle = corner.Y + size.Y / 2, half = 2 * scale;
        Ui.SetCursor(corner.X, corner.Y);
        Ui.Area($"##slider{view.Id}", Math.Max(size.X, 1), size.Y);
        bool isHeld = Ui.IsItemActive() && Ui.IsMouseDown(0), isHovered = Ui.IsItemHovered();
        Ui.GetMouse(out Vector2 mouse);
        if (isHeld) ShowSlice(track.SliceAt(mouse.X));
        Ui.GetWheel(out Vector2 wheel);
        if (isHovered && wheel.Y != 0) ShowSlice(view.Slice + (int)MathF.Round(wheel.Y));
        Ui.Fill(track.Left, middle - half, track.Left + track.Width, middle + half, Theme.Rgb(0x353B44), half);
        float at = track.CenterOf(view.Slice), radius = (isHeld || isHovered ? 6.5f : 5.5f) * scale;
        Ui.Disc(at, middle, radius, isHeld || isHovered ? Theme.AccentStrong : Theme.Rgb(0xB8C0CA));
    }

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
