using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Tests.Commands;

public sealed class CommandSetTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void All_EveryCommand_IsNamedGroupedAndExplained()
    {
        foreach (Command command in _test.Workspace.Commands.All)
        {
            Assert.Matches("^[a-z0-9]+\\.[a-z0-9-]+$", command.Id);
            Assert.True(command.Title.Length is > 0 and < 60, command.Id);
            Assert.All(command.Parameters, parameter => Assert.NotEmpty(parameter.Help));
            // A title with dots asks for something; one without runs at once.
            if (command.IsListed && command.Parameters.Any(p => p.IsRequired)) Assert.EndsWith("…", command.Title);
        }
    }

    [Theory]
    [InlineData("Ctrl+Shift+S", "S", KeyModifiers.Control | KeyModifiers.Shift)]
    [InlineData("?", "/", KeyModifiers.Shift)]
    [InlineData("{", "[", KeyModifiers.Shift)]
    [InlineData("Left", "Left", KeyModifiers.None)]
    [InlineData("Shift+1", "1", KeyModifiers.Shift)]
    [InlineData("Ctrl+-", "-", KeyModifiers.Control)]
    public void Parse_Chord_ReadsAndWritesTheSame(string text, string key, KeyModifiers modifiers)
    {
        KeyChord chord = KeyChord.Parse(text);
        Assert.Equal(new(key, modifiers), chord);
        Assert.Equal(text, chord.ToString());
    }

    [Fact]
    public void Run_WhatDoesNotFit_SaysWhatDoes()
    {
        Assert.Contains("did you mean 'view.next-slice'", Assert.Throws<InvalidCommandException>(() => _test.Run("view.next")).Message);
        Assert.Contains("open a scan first", Assert.Throws<InvalidCommandException>(() => _test.Run("view.next-slice")).Message);
        Assert.Contains("needs 'path'", Assert.Throws<InvalidCommandException>(() => _test.Run("scan.open")).Message);
        Assert.Contains("takes no 'file'", Assert.Throws<InvalidCommandException>(() => _test.Run("scan.open", new() { ["file"] = "x" })).Message);
        Assert.Contains("not words", Assert.Throws<InvalidCommandException>(() => _test.Run("scan.open", new() { ["path"] = 5 })).Message);
        _test.OpenAbdomen();
        Assert.Contains("axial, coronal", Assert.Throws<InvalidCommandException>(() => _test.Run("view.next-slice", new() { ["view"] = "top" })).Message);
        Assert.Contains("3 numbers", Assert.Throws<InvalidCommandException>(() => _test.Run("view.crosshair", new() { ["ras"] = new JsonArray(1, 2) })).Message);
    }

    [Fact]
    public void Invoke_MissingArgument_AsksForIt()
    {
        Assert.False(_test.Workspace.Commands.Invoke("scan.open"));
        Assert.Equal("scan.open", _test.Workspace.Request!.Command.Id);
        _test.Workspace.Answer(new() { ["path"] = _test.Files.Add("a.nii", TestWorkspace.Abdomen.Image) });
        _test.Settle();
        Assert.Null(_test.Workspace.Request);
        Assert.NotNull(_test.Workspace.Scans.Background);
    }

    [Fact]
    public void Invoke_Failure_BecomesANotice()
    {
        Assert.False(_test.Workspace.Commands.Invoke("scan.open", new() { ["path"] = Path.Combine(_test.Folder, "gone.nii") }));
        Assert.Contains("does not exist", Assert.Single(_test.Workspace.Notices.Open).Text);
    }

    [Fact]
    public void Press_KeyThatCannotRunNow_SaysWhyWithoutAPanel()
    {
        Assert.True(_test.Workspace.Commands.Press(KeyChord.Parse("Right")));
        Assert.Contains("open a scan first", _test.Workspace.Status);
        Assert.Empty(_test.Workspace.Notices.Open);
        Assert.False(_test.Workspace.Commands.Press(KeyChord.Parse("F11")));
    }

    [Theory]
    [InlineData("next sl", "view.next-slice")]
    [InlineData("bone", "window.ct-bone")]
    [InlineData("opsc", "scan.open")]
    public void Search_TypedLetters_FindsTheCommandFirst(string typed, string expected) => Assert.Equal(expected, _test.Workspace.Commands.Search(typed)[0].Id);
}
