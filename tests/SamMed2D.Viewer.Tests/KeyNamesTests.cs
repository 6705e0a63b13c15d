using SamMed2D.Application.Commands;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer.Tests;

public class KeyNamesTests
{
    [Theory]
    [InlineData(90, 2, "z", "Ctrl+Z")]
    [InlineData(90, 2, "y", "Ctrl+Y")] // the key that prints y on a German keyboard
    [InlineData(49, 0, "&", "1")] // digits need no Shift on a French one
    [InlineData(47, 1, "/", "?")]
    [InlineData(263, 0, null, "Left")]
    [InlineData(290, 0, null, "F1")]
    [InlineData(320, 0, "0", "0")]
    [InlineData(256, 0, null, "Escape")]
    public void Of_KeyPress_GivesTheChordOfThatKeyboard(int code, int modifiers, string? printed, string expected) =>
        Assert.Equal(KeyChord.Parse(expected), KeyNames.Of(new InputEvent { Kind = InputKind.Key, Code = code, Modifiers = modifiers, IsDown = 1 }, printed));

    [Fact]
    public void Of_ShiftAlone_IsNoChord() => Assert.Null(KeyNames.Of(new InputEvent { Kind = InputKind.Key, Code = 340, IsDown = 1 }, null));
}
