using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Tools;

/// <summary>The tools, and the one in hand.</summary>
public sealed class ToolBox
{
    private readonly Dictionary<string, Tool> _tools;
    private Tool _before;

    internal ToolBox(Workspace workspace)
    {
        Tool[] all = [new NavigateTool(workspace)];
        _tools = all.ToDictionary(tool => tool.Id);
        All = all;
        Active = _before = all[0];
    }

    /// <summary>The names of all tools, in the order of their keys: the first has none, then 1 to 9, 0, and the same with Shift.</summary>
    internal static IReadOnlyList<ToolName> Names { get; } = [NavigateTool.TheName];

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
}
