using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Notices;

/// <summary>How much a notice matters.</summary>
public enum NoticeKind
{
    /// <summary>Something worth knowing.</summary>
    Information,

    /// <summary>Something that deserves a look.</summary>
    Warning,

    /// <summary>Something that did not work.</summary>
    Error,
}

/// <summary>A way out that a notice offers: a button that runs a command.</summary>
/// <param name="Label">The button's words.</param>
/// <param name="Command">The command's id.</param>
/// <param name="Arguments">Its arguments; null for none.</param>
public sealed record NoticeChoice(string Label, string Command, JsonObject? Arguments = null);

/// <summary>Something to tell the user, in a panel that stays until it is closed.</summary>
/// <param name="Kind">How much it matters.</param>
/// <param name="Title">What it is about, in a few words.</param>
/// <param name="Text">What happened and what to do, in full.</param>
public sealed record Notice(NoticeKind Kind, string Title, string Text)
{
    /// <summary>What the user can do about it at once.</summary>
    public IReadOnlyList<NoticeChoice> Choices { get; init; } = [];

    /// <summary>The notice for something that failed.</summary>
    /// <param name="title">What was tried.</param>
    /// <param name="failure">What went wrong.</param>
    public static Notice Of(string title, Exception failure) => failure switch
    {
        OperationCanceledException => new(NoticeKind.Information, title, "Stopped. Nothing was changed."),
        SamMed2DException => new(NoticeKind.Error, title, Sentence(failure.Message)),
        OutOfMemoryException => new(NoticeKind.Error, title, "The machine has too little free memory for this. Close other programs or use a smaller volume. Your work is still here; save it first."),
        IOException or UnauthorizedAccessException => new(NoticeKind.Error, title, Sentence(failure.Message)),
        _ => new(NoticeKind.Error, title,
            $"Internal error: {failure.GetType().Name}: {OneLine(failure.Message)}. This is a bug; please report it. Your work is still here; save it under another name."),
    };

    private static string Sentence(string message)
    {
        string line = OneLine(message);
        return line.EndsWith('.') ? line : line + ".";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

/// <summary>The notices that are open, the newest last.</summary>
public sealed class NoticeBoard
{
    private const int Most = 20;
    private readonly List<Notice> _notices = [];

    /// <summary>The open notices, the newest last.</summary>
    public IReadOnlyList<Notice> Open => _notices;

    /// <summary>Opens a notice. One that says the same moves to the end; beyond twenty the oldest closes.</summary>
    public void Add(Notice notice)
    {
        _notices.RemoveAll(open => open.Title == notice.Title && open.Text == notice.Text);
        if (_notices.Count == Most) _notices.RemoveAt(0);
        _notices.Add(notice);
    }

    /// <summary>Opens the notice for something that failed.</summary>
    public void Add(string title, Exception failure) => Add(Notice.Of(title, failure));

    /// <summary>Closes a notice.</summary>
    public void Close(Notice notice) => _notices.Remove(notice);

    /// <summary>Closes all.</summary>
    public void Clear() => _notices.Clear();
}
