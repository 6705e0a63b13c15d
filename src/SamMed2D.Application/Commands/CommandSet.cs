using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Commands;

/// <summary>All commands of a workspace, and the one way to run them.</summary>
public sealed class CommandSet
{
    private readonly Workspace _workspace;
    private readonly Dictionary<string, Command> _byId = [];
    private readonly Dictionary<KeyChord, Command> _byKey = [];

    internal CommandSet(Workspace workspace, IEnumerable<Command> commands)
    {
        _workspace = workspace;
        foreach (Command command in commands)
        {
            _byId.Add(command.Id, command);
            foreach (KeyChord key in command.Keys)
                if (!_byKey.TryAdd(key, command)) throw new ArgumentException($"{key} runs both {_byKey[key].Id} and {command.Id}.", nameof(commands));
        }
        All = [.. _byId.Values];
    }

    /// <summary>Every command, group by group.</summary>
    public IReadOnlyList<Command> All { get; }

    /// <summary>Told after each command that ran: the way in which sessions become scripts.</summary>
    public event Action<Command, JsonObject?>? Ran;

    /// <summary>The command of a name; null where there is none.</summary>
    public Command? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The command that a key runs; null where there is none.</summary>
    public Command? Find(KeyChord key) => _byKey.GetValueOrDefault(key);

    /// <summary>Runs a command; what is wrong is thrown. For scripts and tests.</summary>
    /// <param name="id">The command's name.</param>
    /// <param name="arguments">What it takes; null for nothing.</param>
    /// <exception cref="InvalidCommandException">There is no such command, it cannot run now, or the arguments do not fit.</exception>
    /// <exception cref="SamMed2DException">It failed.</exception>
    public void Run(string id, JsonObject? arguments = null)
    {
        Command command = Find(id) ?? throw new InvalidCommandException(id, $"there is no such command{Hint(id)}");
        if (command.WhyNot(_workspace) is { } reason) throw new InvalidCommandException(id, $"cannot run now: {reason}");
        command.Run(_workspace, arguments);
        _workspace.Touch();
        Ran?.Invoke(command, arguments);
    }

    /// <summary>
    /// Runs a command for the user: what is missing is asked for (<see cref="Workspace.Request"/>), what is wrong becomes a notice. Nothing is thrown.
    /// </summary>
    /// <returns>True where it ran.</returns>
    public bool Invoke(string id, JsonObject? arguments = null)
    {
        if (Find(id) is { } command && command.WhyNot(_workspace) is null && command.Parameters.Any(p => p.IsRequired && arguments?[p.Name] is null))
        {
            _workspace.Ask(new(command, arguments ?? []));
            return false;
        }
        try
        {
            Run(id, arguments);
            return true;
        }
        catch (Exception failure)
        {
            _workspace.Notices.Add(Find(id)?.Title.TrimEnd('…') ?? id, failure is InvalidCommandException && Find(id)?.WhyNot(_workspace) is { } reason ? new InvalidCommandException("not possible now", reason) : failure);
            _workspace.Touch();
            return false;
        }
    }

    /// <summary>Runs what a key stands for.</summary>
    /// <returns>False where the key stands for nothing.</returns>
    public bool Press(KeyChord key)
    {
        if (Find(key) is not { } command) return false;
        // A key that does nothing here must not cover the view with a panel.
        if (command.WhyNot(_workspace) is { } reason) _workspace.Status = $"{command.Title.TrimEnd('…')}: {reason}";
        else Invoke(command.Id);
        return true;
    }

    /// <summary>The commands for some typed letters, the best first: those whose words start with the typed ones, then those that contain the letters in order.</summary>
    public IReadOnlyList<Command> Search(string typed) => CommandPalette.Search(All, typed);

    private string Hint(string id)
    {
        Command near = All.MaxBy(command => command.Id.AsSpan().CommonPrefixLength(id))!;
        return near.Id.AsSpan().CommonPrefixLength(id) > near.Group.Length ? $"; did you mean '{near.Id}'?" : "";
    }
}
