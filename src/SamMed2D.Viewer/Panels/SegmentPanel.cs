using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Segments;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Session;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The list of segments: show, colour, name, status, lock, volume; and what is known of the one in hand.</summary>
internal sealed class SegmentPanel(Workspace workspace)
{
    private const int Escape = 256, MostTerms = 40;
    private static readonly (SegmentStatus Status, string Icon, string Title)[] s_statuses =
    [
        (SegmentStatus.NotStarted, Icons.CircleEmpty, "Not started"), (SegmentStatus.InProgress, Icons.Half, "In progress"),
        (SegmentStatus.Completed, Icons.CheckCircle, "Completed"), (SegmentStatus.Flagged, Icons.Flag, "Flagged"),
    ];

    private ushort? _renamed;
    private string _name = "", _search = "";
    private Vector3 _color;
    private bool _isFresh;

    /// <summary>Draws the panel where the cursor is.</summary>
    public void Draw(float scale)
    {
        DrawButtons(scale);
        if (workspace.Segments.Session is not { } session) return;
        if (session.Segments.IsEmpty)
        {
            Ui.PushColor(ColorPart.Text, Theme.TextFaint);
            Ui.Wrapped("Draw a box or a point around something: it becomes a segment. Or add one by name.");
            Ui.PopColor();
        }
        foreach (SessionSegment segment in session.Segments) DrawSegment(segment, scale);
        if (workspace.Segments.Active is { } active) DrawFacts(active, scale);
    }

    private void DrawButtons(float scale)
    {
        float side = Ui.FrameHeight();
        Ui.PushStyle(StylePart.ItemSpacing, 3 * scale, 4 * scale);
        Ui.BeginDisabled(workspace.Segments.Session is null || workspace.Segments.Busy is not null ? 1 : 0);
        if (Ui.Button($"{Icons.Plus}  Add")) (_search, _isFresh) = ("", true);
        if (_isFresh && Ui.IsItemReleased()) Ui.OpenPopup("##add");
        Ui.EndDisabled();
        Hints.OfItem("Add a segment", "N", "Standard anatomical names bring their colours.");
        DrawAdding(scale);
        Ui.PushStyle(StylePart.FramePadding, 0, 0);
        Ui.SameLine();
        CommandButtons.Toggle(workspace, Icons.Trash, "segment.remove", false, null, side, side);
        Ui.SameLine();
        CommandButtons.Toggle(workspace, Icons.Crosshair, "segment.go-to", false, null, side, side);
        Ui.SameLine();
        CommandButtons.Toggle(workspace, Icons.List, "segment.statistics", false, null, side, side);
        Ui.SameLine();
        CommandButtons.Toggle(workspace, workspace.Segments.AreShown ? Icons.Eye : Icons.EyeOff, "segment.toggle-all", !workspace.Segments.AreShown, null, side, side);
        Ui.PopStyle(2);
    }

    // Standard names by category; what is typed narrows them, and may be a name of its own.
    private void DrawAdding(float scale)
    {
        Ui.LimitNextWindow(280 * scale, 0, 280 * scale, 380 * scale);
        if (!Ui.BeginPopup("##add")) return;
        if (_isFresh) Ui.FocusNext();
        _isFresh = false;
        Ui.NextWidth(-1);
        bool isDone = Ui.InputText("##search", "Name", ref _search, InputTextFlags.EnterReturnsTrue);
        IReadOnlyList<AnatomyTerm> terms = AnatomyTerm.Search(_search);
        if (isDone && _search.Trim().Length > 0) Add(terms.Count == 1 ? terms[0].Name : _search.Trim());
        Ui.BeginChild("terms", 0, 300 * scale, 0, 0);
        foreach (AnatomyTerm term in terms.Take(_search.Length == 0 ? int.MaxValue : MostTerms))
        {
            Ui.GetCursor(out Vector2 at);
            float side = Ui.LineHeight() - 2 * scale;
            Ui.Fill(at.X, at.Y + 2 * scale, at.X + side, at.Y + side + scale, Theme.Of(term.Color), 3 * scale);
            if (Ui.Selectable($"      {term.Name}", 0)) Add(term.Name);
        }
        if (terms.Count == 0) Ui.Wrapped("Not a standard name; Enter adds it all the same.");
        Ui.EndChild();
        Ui.EndPopup();
    }

    private void Add(string name)
    {
        workspace.Commands.Invoke("segment.add", new JsonObject { ["name"] = name });
        Ui.ClosePopup();
    }

    private void DrawSegment(SessionSegment segment, float scale)
    {
        Ui.PushId(segment.Label);
        Ui.GetCursor(out Vector2 at);
        Ui.GetAvailable(out Vector2 room);
        float height = MathF.Round(26 * scale), side = MathF.Round(22 * scale);
        bool isActive = segment.Label == workspace.Segments.ActiveLabel;
        if (Ui.Selectable("##row", isActive ? 1 : 0, SelectableFlags.AllowItemOverlap | SelectableFlags.AllowDoubleClick, 0, height))
        {
            workspace.Commands.Invoke("segment.select", Of(segment));
            if (Ui.IsMouseDoubleClicked(0)) (_renamed, _name, _isFresh) = (segment.Label, segment.Name, true);
        }
        Ui.AllowOverlap();
        Hints.OfItem(segment.Name, "", "Click takes it in hand, a double click names it.");
        Ui.GetCursor(out Vector2 next);
        float top = at.Y + MathF.Round((height - side) / 2), right = at.X + room.X;
        Ui.PushStyle(StylePart.FramePadding, 0, 0);
        Ui.SetCursor(at.X, top);
        CommandButtons.Toggle(workspace, segment.IsVisible ? Icons.Eye : Icons.EyeOff, "segment.toggle-visible", false, Of(segment), side, side);
        DrawColor(segment, new(at.X + side + 4 * scale, at.Y + MathF.Round((height - 15 * scale) / 2)), 15 * scale);
        DrawName(segment, new(at.X + side + 26 * scale, at.Y), right - 2 * side - 78 * scale, height, isActive);
        string volume = string.Create(CultureInfo.InvariantCulture, $"{workspace.Segments.VolumeMl(segment.Label):0.0} mL");
        Ui.PushFont(FontKind.Small);
        Ui.DrawText(right - 2 * side - 8 * scale - Ui.TextWidth(volume), MathF.Round(at.Y + (height - Ui.LineHeight()) / 2), Theme.TextSoft, volume);
        Ui.PopFont();
        Ui.SetCursor(right - 2 * side - 2 * scale, top);
        CommandButtons.Toggle(workspace, segment.IsLocked ? Icons.Lock : Icons.LockOpen, "segment.toggle-lock", segment.IsLocked, Of(segment), side, side);
        Ui.SetCursor(right - side, top);
        DrawStatus(segment, side);
        Ui.PopStyle();
        Ui.PopId();
        Ui.SetCursor(next.X, next.Y);
    }

    private void DrawColor(SessionSegment segment, Vector2 at, float side)
    {
        Ui.SetCursor(at.X, at.Y);
        if (Ui.ColorButton("##color", Theme.Of(segment.Segment.Color), side, side))
        {
            _color = new Vector3(segment.Segment.Color.R, segment.Segment.Color.G, segment.Segment.Color.B) / 255;
            Ui.OpenPopup("##picker");
        }
        Hints.OfItem("Colour");
        if (!Ui.BeginPopup("##picker")) return;
        Ui.ColorPicker("##wheel", ref _color);
        if (Ui.IsItemEdited())
        {
            RgbColor color = new(Part(_color.X), Part(_color.Y), Part(_color.Z));
            workspace.Commands.Invoke("segment.color", new JsonObject { ["segment"] = $"{segment.Label}", ["color"] = $"#{color.R:x2}{color.G:x2}{color.B:x2}" });
        }
        Ui.EndPopup();

        static byte Part(float share) => (byte)Math.Round(255 * Math.Clamp(share, 0, 1));
    }

    private void DrawName(SessionSegment segment, Vector2 at, float right, float height, bool isActive)
    {
        if (_renamed == segment.Label)
        {
            Ui.SetCursor(at.X, at.Y + (height - Ui.LineHeight()) / 2);
            Ui.NextWidth(right - at.X);
            if (_isFresh) Ui.FocusNext();
            bool isDone = Ui.InputText("##name", "", ref _name, InputTextFlags.EnterReturnsTrue | InputTextFlags.AutoSelectAll);
            if (isDone && _name.Trim().Length > 0) workspace.Commands.Invoke("segment.rename", new JsonObject { ["segment"] = $"{segment.Label}", ["name"] = _name.Trim() });
            if (isDone || (!_isFresh && !Ui.IsItemActive()) || Ui.IsKeyPressed(Escape)) _renamed = null;
            _isFresh = false;
            return;
        }
        Ui.PushFont(isActive ? FontKind.Strong : FontKind.Regular);
        Ui.PushClip(at.X, at.Y, right, at.Y + height);
        Ui.DrawText(at.X, MathF.Round(at.Y + (height - Ui.LineHeight()) / 2), segment.IsVisible ? Theme.Text : Theme.TextFaint, Hints.Fit(segment.Name, right - at.X));
        Ui.PopClip();
        Ui.PopFont();
    }

    private void DrawStatus(SessionSegment segment, float side)
    {
        (_, string icon, string title) = Array.Find(s_statuses, status => status.Status == segment.Status);
        Ui.PushColor(ColorPart.Button, 0);
        Ui.PushColor(ColorPart.Text, segment.Status switch { SegmentStatus.Completed => Theme.Good, SegmentStatus.Flagged => Theme.Warning, SegmentStatus.InProgress => Theme.AccentStrong, _ => Theme.TextFaint });
        if (Ui.Button($"{icon}##status", side, side)) Ui.OpenPopup("##statuses");
        Ui.PopColor(2);
        Hints.OfItem(title, "", "How far the segment is. Completed segments are never changed.");
        if (!Ui.BeginPopup("##statuses")) return;
        foreach ((SegmentStatus status, string its, string name) in s_statuses)
            if (Ui.Selectable($"{its}  {name}", status == segment.Status ? 1 : 0))
                workspace.Commands.Invoke("segment.status", new JsonObject { ["segment"] = $"{segment.Label}", ["status"] = WordOf(status) });
        Ui.EndPopup();
    }

    private void DrawFacts(SessionSegment segment, float scale)
    {
        if (workspace.Statistics.Of(segment.Label) is not { VoxelCount: > 0 } facts) return;
        Ui.Dummy(0, 2 * scale);
        Ui.PushFont(FontKind.Small);
        if (Ui.BeginTable("facts", 2, TableFlags.StretchColumns | TableFlags.RowBackground))
        {
            Row("Voxels", string.Create(CultureInfo.InvariantCulture, $"{facts.VoxelCount:N0}"));
            Row("Volume", string.Create(CultureInfo.InvariantCulture, $"{facts.VolumeMl:0.00} mL"));
            Row("Intensity", string.Create(CultureInfo.InvariantCulture, $"{facts.Mean:0.#} ± {facts.StandardDeviation:0.#}"));
            Row("From, to", string.Create(CultureInfo.InvariantCulture, $"{facts.Minimum:0.#}, {facts.Maximum:0.#}"));
            Row("Surface", string.Create(CultureInfo.InvariantCulture, $"{facts.SurfaceAreaMm2 / 100:0.0} cm²"));
            Ui.EndTable();
        }
        Ui.PopFont();
    }

    private static void Row(string name, string value)
    {
        Ui.NextRow();
        Ui.NextColumn();
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text(name);
        Ui.PopColor();
        Ui.NextColumn();
        Ui.Text(value);
    }

    private static JsonObject Of(SessionSegment segment) => new() { ["segment"] = segment.Label.ToString(CultureInfo.InvariantCulture) };

    private static string WordOf(SegmentStatus status) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());
}
