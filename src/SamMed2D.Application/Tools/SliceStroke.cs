using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Views;

namespace SamMed2D.Application.Tools;

/// <summary>A line being drawn on one slice. Where the view moves on to another slice meanwhile (wheel, keys), the line stays where it was begun.</summary>
internal sealed class SliceStroke
{
    private readonly List<ViewPoint> _path = [];

    /// <summary>The view that it is drawn in; null while none is drawn.</summary>
    public SliceViewModel? View { get; private set; }

    /// <summary>The slice that it lies on.</summary>
    public int Slice { get; private set; }

    /// <summary>Its places so far, in slice pixels.</summary>
    public IReadOnlyList<ViewPoint> Path => _path;

    /// <summary>Begins a line in place of any other.</summary>
    public void Begin(SliceViewModel view, ViewPoint at)
    {
        End();
        (View, Slice) = (view, view.Slice);
        _path.Add(at);
    }

    /// <summary>True where a view shows the slice that it lies on.</summary>
    public bool IsSeenIn(SliceViewModel view) => view == View && view.Slice == Slice;

    /// <summary>Goes on to where the pointer is, unless that is in another view or over another slice.</summary>
    /// <param name="view">The view under the pointer.</param>
    /// <param name="input">The pointer.</param>
    /// <param name="least">Pixels that it must have moved.</param>
    /// <returns>True where it went on.</returns>
    public bool TryGoOn(SliceViewModel view, PointerInput input, double least = 0)
    {
        if (!IsSeenIn(view) || view.ToSlicePixel(input.At) is not { } at || at.DistanceTo(_path[^1]) < least) return false;
        _path.Add(at);
        return true;
    }

    /// <summary>Ends it.</summary>
    /// <returns>False where there was none.</returns>
    public bool End()
    {
        bool was = View is not null;
        View = null;
        _path.Clear();
        return was;
    }

    /// <summary>View and slice as commands take them.</summary>
    public JsonObject ToArguments() => new() { ["view"] = Words.Of(View!.Id), ["slice"] = Slice };
}
