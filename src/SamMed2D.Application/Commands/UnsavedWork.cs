using System.Text.Json.Nodes;
using SamMed2D.Application.Notices;

namespace SamMed2D.Application.Commands;

/// <summary>Asks before a command drops labels that are saved nowhere.</summary>
internal static class UnsavedWork
{
    /// <summary>The switch that says that they may be dropped.</summary>
    public static CommandParameter Discard { get; } = new("discard", ParameterKind.Switch, "true drops unsaved work");

    /// <summary>Asks, unless there is nothing to lose or the user has answered.</summary>
    /// <param name="w">The workspace.</param>
    /// <param name="a">The command's arguments, among them <see cref="Discard"/>.</param>
    /// <param name="title">What the user wants, in a word or two.</param>
    /// <param name="without">The button that goes on.</param>
    /// <param name="again">The arguments to run the command with again; null for those it has.</param>
    /// <returns>True where the user is asked, so that the command must not go on.</returns>
    public static bool Asks(Workspace w, CommandArguments a, string title, string without, JsonObject? again = null)
    {
        if (!w.Segments.HasUnsavedWork || a.Switch("discard") == true) return false;
        again ??= a.ToJson();
        again["discard"] = true;
        w.Notices.Add(new(NoticeKind.Warning, title, $"The labels of {w.Segments.Scan!.Name} are not saved.") { Choices = [new("Save project", "project.save"), new(without, a.Command, again)] });
        return true;
    }
}
