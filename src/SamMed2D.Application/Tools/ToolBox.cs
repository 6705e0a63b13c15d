using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Tools;

/// <summary>The tools, and the one in hand.</summary>
public sealed class ToolBox
{
    private readonly Dictionary<string, Tool> _tools;
    private Tool _before;

    internal ToolBox(Workspace workspace)
    {
        Settings.BrushRadiusMm = workspace.Settings.Current.BrushRadiusMm;
        Tool[] all =
        [
            new NavigateTool(workspace),
            new BoxTool(workspace), new PointTool(workspace, PointTool.Positive, isPositive: true), new PointTool(workspace, PointTool.Negative, isPositive: false),
            new ScribbleTool(workspace), new LassoTool(workspace),
            new PaintTool(workspace, PaintTool.Paint, isErasing: false), new PaintTool(workspace, PaintTool.Erase, isErasing: true),
            new ThresholdTool(workspace), new ScissorsTool(workspace), new IslandsTool(workspace),
            new PanelTool(workspace, PanelTool.Smoothing, SmoothingOptions, ["edit.smooth"]),
            new PanelTool(workspace, PanelTool.Margin, MarginOptions, ["edit.margin", "edit.hollow"]),
            new PanelTool(workspace, PanelTool.FillBetween, _ => [], ["edit.fill-between"]),
            new PanelTool(workspace, PanelTool.Grow, GrowOptions, ["edit.grow"]),
            new MeasureTool(workspace, MeasureTool.Ruler, places: 2), new MeasureTool(workspace, MeasureTool.Angle, places: 3),
        ];
        _tools = all.ToDictionary(tool => tool.Id);
        All = all;
        Active = _before = all[0];
    }

    /// <summary>The names of all tools, in the order of their keys: the first has none, then 1 to 9, 0, and the same with Shift.</summary>
    internal static IReadOnlyList<ToolName> Names { get; } =
    [
        NavigateTool.TheName, BoxTool.TheName, PointTool.Positive, PointTool.Negative, ScribbleTool.TheName, LassoTool.TheName, PaintTool.Paint, PaintTool.Erase,
        ThresholdTool.TheName, ScissorsTool.TheName, IslandsTool.TheName, PanelTool.Smoothing, PanelTool.Margin, PanelTool.FillBetween, PanelTool.Grow,
        MeasureTool.Ruler, MeasureTool.Angle,
    ];

    /// <summary>What the tools' options are set to.</summary>
    public ToolSettings Settings { get; } = new();

    /// <summary>The tools, in the order in which a tool bar shows them.</summary>
    public IReadOnlyList<Tool> All { get; }

    /// <summary>The tool in hand.</summary>
    public Tool Active { get; private set; }

    internal void TakeUp(string id)
    {
        Tool tool = _tools.GetValueOrDefault(id) ?? throw new InvalidCommandException("tool", $"there is no tool '{id}'");
        if (tool == Active) return;
        Active.PutAway();
        (_before, Active) = (Active, tool);
    }

    internal void Toggle() => TakeUp(_before.Id);

    private static IReadOnlyList<ToolOption> SmoothingOptions(ToolSettings settings) =>
    [
        ToolOption.Of("method", "How", () => settings.Smoothing, v => settings.Smoothing = v),
        ToolOption.Of("mm", "Reach (mm)", 0.1, 30, () => settings.SmoothingMm, v => settings.SmoothingMm = v, isLogarithmic: true),
    ];

    private static IReadOnlyList<ToolOption> MarginOptions(ToolSettings settings) =>
        [ToolOption.Of("mm", "Grow by (mm, negative shrinks)", -30, 30, () => settings.MarginMm, v => settings.MarginMm = v)];

    private static IReadOnlyList<ToolOption> GrowOptions(ToolSettings settings) =>
        [ToolOption.Of("locality", "Prefer the nearer seed", 0, 20, () => settings.SeedLocality, v => settings.SeedLocality = v)];
}
