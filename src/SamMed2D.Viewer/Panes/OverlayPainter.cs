using System.Numerics;
using SamMed2D.Application.Views;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panes;

/// <summary>Draws what lies over a view: lines, signs, circles, words and masks.</summary>
internal sealed class OverlayPainter : IDisposable
{
    private readonly Dictionary<MaskPlane, (uint Texture, int Frame)> _masks = [];
    private int _frame;

    /// <summary>Draws shapes over a view.</summary>
    /// <param name="shapes">The shapes, in view pixels.</param>
    /// <param name="origin">The view's upper left corner on the screen.</param>
    /// <param name="scale">The display's scale.</param>
    public void Draw(IReadOnlyList<OverlayShape> shapes, Vector2 origin, float scale)
    {
        // Whole pixel coordinates are pixel centres.
        Vector2 shift = origin + new Vector2(0.5f);
        foreach (OverlayShape shape in shapes)
        {
            uint color = Theme.Of(shape.Style.Color, shape.Style.Opacity);
            float width = (float)shape.Style.WidthPixels * scale;
            switch (shape)
            {
                case OverlayLine line:
                    DrawLine(line, shift, color, width, scale);
                    break;
                case OverlayMarker marker:
                    DrawMarker(marker, At(marker.At, shift), color, scale);
                    break;
                case OverlayCircle circle:
                    Vector2 center = At(circle.Center, shift);
                    Ui.Circle(center.X, center.Y, (float)circle.RadiusPixels, color, width);
                    break;
                case OverlayText text:
                    DrawText(text, At(text.At, shift), color);
                    break;
                case OverlayMask mask:
                    DrawMask(mask, shift, color);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Ends a frame: pictures of masks that were not shown go.</summary>
    public void EndFrame()
    {
        _frame++;
        foreach ((MaskPlane mask, (uint texture, int last)) in _masks)
        {
            if (_frame - last < 3) continue;
            GuiFrames.DeleteTexture(texture);
            _masks.Remove(mask);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((uint texture, _) in _masks.Values) GuiFrames.DeleteTexture(texture);
        _masks.Clear();
    }

    private static Vector2 At(ViewPoint point, Vector2 shift) => new Vector2((float)point.X, (float)point.Y) + shift;

    private static void DrawLine(OverlayLine line, Vector2 shift, uint color, float width, float scale)
    {
        Span<Vector2> points = line.Points.Count <= 256 ? stackalloc Vector2[line.Points.Count] : new Vector2[line.Points.Count];
        for (int n = 0; n < points.Length; n++) points[n] = At(line.Points[n], shift);
        if (!line.Style.IsDashed) Ui.Polyline(points, points.Length, color, line.IsClosed ? 1 : 0, width);
        else
        {
            float left = 0;
            for (int n = 1; n < points.Length; n++) left = DrawDashes(points[n - 1], points[n], left, color, width, 5 * scale);
            if (line.IsClosed && points.Length > 2) DrawDashes(points[^1], points[0], left, color, width, 5 * scale);
        }
    }

    // Dashes go on round corners; the answer is how far the pattern is.
    private static float DrawDashes(Vector2 from, Vector2 to, float begun, uint color, float width, float dash)
    {
        float length = Vector2.Distance(from, to);
        if (length < 0.01f) return begun;
        Vector2 direction = (to - from) / length;
        for (float at = -begun; at < length; at += 2 * dash)
        {
            Vector2 a = from + direction * Math.Max(at, 0), b = from + direction * Math.Clamp(at + dash, 0, length);
            if (at + dash > 0) Ui.Line(a.X, a.Y, b.X, b.Y, color, width);
        }
        return (begun + length) % (2 * dash);
    }

    private static void DrawMarker(OverlayMarker marker, Vector2 at, uint color, float scale)
    {
        float size = 7 * scale, arm = 3.5f * scale;
        uint shadow = Theme.Rgb(0x000000, 0.55f), white = Theme.Rgb(0xFFFFFF);
        switch (marker.Shape)
        {
            case MarkerShape.Plus or MarkerShape.Minus:
                Ui.Disc(at.X, at.Y, size + 1.2f * scale, shadow);
                Ui.Disc(at.X, at.Y, size, color);
                Ui.Line(at.X - arm, at.Y, at.X + arm, at.Y, white, 1.8f * scale);
                if (marker.Shape == MarkerShape.Plus) Ui.Line(at.X, at.Y - arm, at.X, at.Y + arm, white, 1.8f * scale);
                break;
            case MarkerShape.Cross:
                Ui.Line(at.X - arm, at.Y - arm, at.X + arm, at.Y + arm, color, 1.6f * scale);
                Ui.Line(at.X - arm, at.Y + arm, at.X + arm, at.Y - arm, color, 1.6f * scale);
                break;
            default:
                float half = 4 * scale;
                Ui.Fill(at.X - half - 1, at.Y - half - 1, at.X + half + 1, at.Y + half + 1, shadow, 1.5f * scale);
                Ui.Fill(at.X - half, at.Y - half, at.X + half, at.Y + half, color, 1.5f * scale);
                break;
        }
    }

    private static void DrawText(OverlayText text, Vector2 at, uint color)
    {
        Ui.PushFont(FontKind.Small);
        Ui.GetTextSize(text.Text, -1, out Vector2 size);
        Vector2 corner = text.Anchor switch
        {
            TextAnchor.Center => at - size / 2,
            TextAnchor.Right => at - new Vector2(size.X, size.Y / 2),
            TextAnchor.Left => at - new Vector2(0, size.Y / 2),
            TextAnchor.Top => at - new Vector2(size.X / 2, 0),
            TextAnchor.Bottom => at - new Vector2(size.X / 2, size.Y),
            _ => at,
        };
        corner = new(MathF.Round(corner.X), MathF.Round(corner.Y));
        // Dark beneath light letters: readable on any picture.
        uint shadow = Theme.Rgb(0x000000, 0.75f);
        Ui.DrawText(corner.X + 1, corner.Y + 1, shadow, text.Text);
        Ui.DrawText(corner.X, corner.Y, color, text.Text);
        Ui.PopFont();
    }

    private void DrawMask(OverlayMask shape, Vector2 shift, uint color)
    {
        MaskPlane mask = shape.Mask;
        if (!_masks.TryGetValue(mask, out (uint Texture, int Frame) kept)) kept = (GuiFrames.CreateMaskTexture(mask.Pixels, new ImageSize(mask.Width, mask.Height)), _frame);
        _masks[mask] = kept with { Frame = _frame };
        Vector2 upperLeft = At(shape.UpperLeft, shift), upperRight = At(shape.UpperRight, shift), lowerLeft = At(shape.LowerLeft, shift);
        Ui.DrawQuad(kept.Texture, [upperLeft, upperRight, upperRight + lowerLeft - upperLeft, lowerLeft], color);
    }
}
