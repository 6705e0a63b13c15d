using SamMed2D.Application.Commands;

namespace SamMed2D.Viewer.Window;

/// <summary>Names of keys as commands know them.</summary>
internal static class KeyNames
{
    private const int FirstFunctionKey = 290, FirstKeypadDigit = 320;

    /// <summary>The chord of a key press; null for keys without a name, such as Shift alone.</summary>
    /// <param name="pressed">The press.</param>
    /// <param name="printed">What the key prints on the user's keyboard: letters are found where the keyboard has them.</param>
    public static KeyChord? Of(in InputEvent pressed, string? printed)
    {
        string? name = printed is [var letter] && letter is >= 'a' and <= 'z' ? printed.ToUpperInvariant() : NameOf(pressed.Code);
        return name is null ? null : new(name, (KeyModifiers)(pressed.Modifiers & 7));
    }

    private static string? NameOf(int key) => key switch
    {
        >= 'A' and <= 'Z' or >= '0' and <= '9' or '\'' or ',' or '-' or '.' or '/' or ';' or '=' or '[' or '\\' or ']' or '`' => ((char)key).ToString(),
        ' ' => "Space",
        256 => "Escape",
        257 or 335 => "Enter",
        258 => "Tab",
        259 => "Backspace",
        260 => "Insert",
        261 => "Delete",
        262 => "Right",
        263 => "Left",
        264 => "Down",
        265 => "Up",
        266 => "PageUp",
        267 => "PageDown",
        268 => "Home",
        269 => "End",
        333 => "-",
        334 => "=",
        >= FirstFunctionKey and < FirstFunctionKey + 12 => FormattableString.Invariant($"F{key - FirstFunctionKey + 1}"),
        >= FirstKeypadDigit and < FirstKeypadDigit + 10 => ((char)('0' + key - FirstKeypadDigit)).ToString(),
        _ => null,
    };
}
