using SamMed2D.Application.Commands;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Slices;

namespace SamMed2D.Application.Tests;

/// <summary>Pointer events as a hand makes them, by places in a slice's own pixels.</summary>
internal static class Gestures
{
    public static void Drag(this SliceViewModel view, IReadOnlyList<(double X, double Y)> path, KeyModifiers modifiers = KeyModifiers.None, Action? beforeRelease = null)
    {
        view.Mouse.Move(new(At(path[0]), PointerButton.None));
        view.Mouse.Down(new(At(path[0]), PointerButton.Left, modifiers));
        foreach ((double X, double Y) place in path.Skip(1)) view.Mouse.Move(new(At(place), PointerButton.Left, modifiers));
        beforeRelease?.Invoke();
        view.Mouse.Up(new(At(path[^1]), PointerButton.Left, modifiers));

        ViewPoint At((double X, double Y) place) => view.FromSlicePixel(place.X, place.Y);
    }

    public static void Click(this SliceViewModel view, double x, double y, KeyModifiers modifiers = KeyModifiers.None) => view.Drag([(x, y)], modifiers);

    /// <summary>The axial slice on which a structure of a phantom is largest, and its tight frame there.</summary>
    public static (int Slice, PixelRectangle Frame, MaskPlane Mask) Largest(Phantom phantom, string name)
    {
        ushort label = phantom.Labels.Segments.Single(s => s.Name == name).Label;
        SliceFrame frame = SliceFrame.ForPlane(phantom.Labels.Geometry, SlicePlane.Axial);
        ushort[] pixels = new ushort[frame.Width * frame.Height];
        (int Slice, MaskPlane Mask) best = (-1, new(1, 1));
        for (int slice = 0; slice < frame.SliceCount; slice++)
        {
            LabelSlice.Sample(phantom.Labels, frame, slice, pixels);
            MaskPlane mask = new(frame.Width, frame.Height);
            for (int n = 0; n < pixels.Length; n++) mask.Pixels[n] = pixels[n] == label ? (byte)1 : (byte)0;
            if (best.Slice < 0 || mask.GetArea() > best.Mask.GetArea()) best = (slice, mask);
        }
        return (best.Slice, best.Mask.GetBounds()!.Value, best.Mask);
    }

    public static double Dice(MaskPlane a, MaskPlane b)
    {
        int both = 0;
        for (int n = 0; n < a.Pixels.Length; n++) both += a.Pixels[n] & b.Pixels[n];
        return 2.0 * both / (a.GetArea() + b.GetArea());
    }
}
