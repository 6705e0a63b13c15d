using System.Text.Json.Nodes;
using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Application.Tools;

/// <summary>Measures: drag for a distance; click three places for an angle.</summary>
internal sealed class MeasureTool(Workspace workspace, ToolName name, int places) : Tool(workspace, name)
{
    private readonly List<RasPoint> _places = [];
    private RasPoint? _pointer;
    private SliceViewModel? _view;
    private bool _isHeld;

    public static ToolName Ruler { get; } = new("ruler", "Ruler", "Drag from one place to another to measure millimetres");

    public static ToolName Angle { get; } = new("angle", "Angle", "Click three places: an end, the corner, the other end");

    public override IReadOnlyList<string> Actions => ["measure.remove-last", "measure.clear"];

    internal override void Press(SliceViewModel view, PointerInput input)
    {
        if (view.ToRas(input.At) is not { } place) return;
        if (view != _view) _places.Clear();
        (_view, _isHeld, _pointer) = (view, true, place);
        _places.Add(place);
        if (_places.Count == places) Finish();
    }

    internal override void Move(SliceViewModel view, PointerInput input)
    {
        if (view == _view) _pointer = view.ToRas(input.At);
    }

    internal override void Release(SliceViewModel view, PointerInput input)
    {
        bool wasDragged = _isHeld && _places.Count > 0 && view == _view && view.ToView(_places[^1]).At.DistanceTo(input.At) > 3;
        _isHeld = false;
        // A drag sets the next place where the button goes up; clicks set one place each.
        if (!wasDragged || view.ToRas(input.At) is not { } place) return;
        _places.Add(place);
        if (_places.Count == places) Finish();
    }

    internal override bool Cancel()
    {
        bool was = _places.Count > 0;
        _places.Clear();
        (_view, _pointer, _isHeld) = (null, null, false);
        return was;
    }

    internal override IEnumerable<OverlayShape> Draw(SliceViewModel view)
    {
        if (view != _view || _places.Count == 0 || _pointer is not { } pointer) return [];
        return MeasurementOverlay.Draw(view, new([.. _places, pointer]));
    }

    private void Finish()
    {
        JsonArray at = [.. _places.Select(p => (JsonNode)new JsonArray(Math.Round(p.R, 3), Math.Round(p.A, 3), Math.Round(p.S, 3)))];
        Cancel();
        Workspace.Commands.Invoke(places == 2 ? "measure.ruler" : "measure.angle", new() { ["at"] = at });
    }
}
