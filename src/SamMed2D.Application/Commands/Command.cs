using System.Text.Json.Nodes;

namespace SamMed2D.Application.Commands;

/// <summary>
/// Something the user can do: the same for menu, key, palette, script and test. It changes the workspace on the user interface's thread, and starts
/// a job where that takes long.
/// </summary>
public sealed class Command
{
    private readonly Action<Workspace, CommandArguments> _run;

    internal Command(string id, string title, Action<Workspace, CommandArguments> run) => (Id, Title, _run) = (id, title, run);

    internal Command(string id, string title, Action<Workspace> run) : this(id, title, (workspace, _) => run(workspace))
    {
    }

    /// <summary>Its name in scripts, such as <c>view.next-slice</c>; the part before the dot is its group.</summary>
    public string Id { get; }

    /// <summary>Its words in menus.</summary>
    public string Title { get; }

    /// <summary>What it does, for tooltips; may be empty.</summary>
    public string Help { get; internal init; } = "";

    /// <summary>The group that it belongs to: <c>view</c>, <c>scan</c>, <c>segment</c>, …</summary>
    public string Group => Id[..Id.IndexOf('.')];

    /// <summary>The keys that run it, the one to show first.</summary>
    public IReadOnlyList<KeyChord> Keys { get; internal init; } = [];

    /// <summary>What it takes, in the order in which forms ask for it.</summary>
    public IReadOnlyList<CommandParameter> Parameters { get; internal init; } = [];

    /// <summary>False for commands that only tools and scripts run, with positions that nobody types.</summary>
    public bool IsListed { get; internal init; } = true;

    internal Func<Workspace, string?> Obstacle { get; init; } = _ => null;

    /// <summary>Why it cannot run now, as a sentence that says what to do first; null where it can.</summary>
    public string? WhyNot(Workspace workspace) => Obstacle(workspace);

    internal void Run(Workspace workspace, JsonObject? arguments) => _run(workspace, new(this, arguments));
}

/// <summary>What a parameter holds.</summary>
public enum ParameterKind
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>Yes or no.</summary>
    Switch,

    /// <summary>A file or folder that exists.</summary>
    OpenPath,

    /// <summary>A file to be written.</summary>
    SavePath,

    /// <summary>A list of positions, each a list of numbers.</summary>
    Positions,
}

/// <summary>Something that a command takes.</summary>
/// <param name="Name">Its name in scripts.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Help">What it means.</param>
public sealed record CommandParameter(string Name, ParameterKind Kind, string Help)
{
    /// <summary>True where the command cannot do without.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether forms ask for it; false for what only buttons and scripts give.</summary>
    public bool IsAsked { get; init; } = true;

    /// <summary>What forms start with; empty for nothing.</summary>
    public string Default { get; init; } = "";

    /// <summary>The words to choose from; empty where anything goes.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>For a file: the endings that fit, such as <c>.nii.gz</c>; empty for any.</summary>
    public IReadOnlyList<string> Endings { get; init; } = [];
}

/// <summary>A command that waits for the user to say what it needs: the viewer shows a form or a file dialog.</summary>
/// <param name="Command">The command.</param>
/// <param name="Known">What is known already.</param>
public sealed record CommandRequest(Command Command, JsonObject Known);
