using System.Globalization;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Views;

namespace SamMed2D.Application.Tools;

/// <summary>A button of the pointer.</summary>
public enum PointerButton
{
    /// <summary>None: the pointer only moves.</summary>
    None,

    /// <summary>The main button.</summary>
    Left,

    /// <summary>The wheel's button.</summary>
    Middle,

    /// <summary>The other button.</summary>
    Right,
}

/// <summary>The pointer at a moment.</summary>
/// <param name="At">Where it is, in view pixels.</param>
/// <param name="Button">The button that went down or up; for moves, the one that is held.</param>
/// <param name="Modifiers">The keys that are held.</param>
public readonly record struct PointerInput(ViewPoint At, PointerButton Button = PointerButton.None, KeyModifiers Modifiers = KeyModifiers.None);

/// <summary>What a tool is called.</summary>
/// <param name="Id">Its name in scripts.</param>
/// <param name="Title">Its name, as shown.</param>
/// <param name="Help">What it does and how.</param>
public sealed record ToolName(string Id, string Title, string Help);

/// <summary>Something that the left button does. Gestures become commands when they end; while they last they only draw.</summary>
public abstract class Tool
{
    private protected Tool(Workspace workspace, ToolName name) => (Workspace, Name) = (workspace, name);

    /// <summary>Its name in scripts.</summary>
    public string Id => Name.Id;

    /// <summary>Its name, as shown.</summary>
    public string Title => Name.Title;

    /// <summary>What it does and how.</summary>
    public string Help => Name.Help;

    /// <summary>What can be set, for a panel and for scripts.</summary>
    public virtual IReadOnlyList<ToolOption> Options => [];

    /// <summary>The buttons of its panel: commands that go with it.</summary>
    public virtual IReadOnlyList<string> Actions => [];

    private protected Workspace Workspace { get; }

    private protected ToolName Name { get; }

    /// <summary>True where something stands against a gesture, which the status line then says.</summary>
    private protected bool IsHindered(string? obstacle)
    {
        if (obstacle is null) return false;
        Workspace.Status = $"{Title}: {obstacle}";
        return true;
    }

    /// <summary>The left button goes down on a slice.</summary>
    internal virtual void Press(SliceViewModel view, PointerInput input)
    {
    }

    /// <summary>The pointer moves over a slice, with or without the left button held.</summary>
    internal virtual void Move(SliceViewModel view, PointerInput input)
    {
    }

    /// <summary>The left button goes up.</summary>
    internal virtual void Release(SliceViewModel view, PointerInput input)
    {
    }

    /// <summary>A double click of the left button; false lets the view be maximised.</summary>
    internal virtual bool DoubleClick(SliceViewModel view, PointerInput input) => false;

    /// <summary>Drops what is being drawn.</summary>
    /// <returns>False where there was nothing.</returns>
    internal virtual bool Cancel() => false;

    /// <summary>It is put away.</summary>
    internal virtual void PutAway() => Cancel();

    /// <summary>What it draws over a slice.</summary>
    internal virtual IEnumerable<OverlayShape> Draw(SliceViewModel view) => [];

    /// <summary>True where it wants drags in the 3D view, which otherwise turn the scene.</summary>
    internal virtual bool WorksInSpace => false;

    /// <summary>A drag in the 3D view ended; only where <see cref="WorksInSpace"/>.</summary>
    internal virtual void ReleaseInSpace(IReadOnlyList<ViewPoint> path, KeyModifiers modifiers)
    {
    }
}

/// <summary>What an option holds.</summary>
public enum OptionKind
{
    /// <summary>A number between two others.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Switch,

    /// <summary>One of some words.</summary>
    Choice,
}

/// <summary>Something that can be set about a tool, such that a panel can show it without knowing the tool.</summary>
public sealed class ToolOption
{
    private readonly Func<string> _get;
    private readonly Func<string, string?> _set;

    private ToolOption(string name, string title, OptionKind kind, Func<string> get, Func<string, string?> set) => (Name, Title, Kind, _get, _set) = (name, title, kind, get, set);

    /// <summary>Its name in scripts.</summary>
    public string Name { get; }

    /// <summary>Its name, as shown, with its unit.</summary>
    public string Title { get; }

    /// <summary>What it holds.</summary>
    public OptionKind Kind { get; }

    /// <summary>For numbers, the least.</summary>
    public double Min { get; private init; }

    /// <summary>For numbers, the most.</summary>
    public double Max { get; private init; }

    /// <summary>True for numbers whose slider runs evenly in ratios, such as sizes.</summary>
    public bool IsLogarithmic { get; private init; }

    /// <summary>For choices, the words.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>Its value, as words.</summary>
    public string Value => _get();

    /// <summary>Its value as a number; for numbers only.</summary>
    public double Number => double.Parse(_get(), CultureInfo.InvariantCulture);

    /// <summary>Sets it.</summary>
    /// <returns>What is wrong with the value; null where it was taken.</returns>
    public string? Set(string value) => _set(value);

    internal static ToolOption Of(string name, string title, double min, double max, Func<double> get, Action<double> set, bool isLogarithmic = false) => new(name, title, OptionKind.Number,
        () => get().ToString("R", CultureInfo.InvariantCulture),
        text =>
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number)) return $"'{text}' is not a number";
            set(Math.Clamp(number, min, max));
            return null;
        })
    { Min = min, Max = max, IsLogarithmic = isLogarithmic };

    internal static ToolOption Of(string name, string title, Func<bool> get, Action<bool> set) => new(name, title, OptionKind.Switch,
        () => get() ? "true" : "false",
        text =>
        {
            if (!bool.TryParse(text, out bool flag)) return $"'{text}' is neither true nor false";
            set(flag);
            return null;
        });

    internal static ToolOption Of<T>(string name, string title, Func<T> get, Action<T> set) where T : struct, Enum => new(name, title, OptionKind.Choice,
        () => Words.Of(get()),
        text =>
        {
            foreach (T value in Enum.GetValues<T>())
            {
                if (Words.Of(value) != text.ToLowerInvariant()) continue;
                set(value);
                return null;
            }
            return $"'{text}' is none of {string.Join(", ", Enum.GetValues<T>().Select(Words.Of))}";
        })
    { Choices = [.. Enum.GetValues<T>().Select(Words.Of)] };
}
