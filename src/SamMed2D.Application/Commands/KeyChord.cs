namespace SamMed2D.Application.Commands;

/// <summary>The keys held while another is pressed, or while the pointer is used.</summary>
[Flags]
public enum KeyModifiers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Shift.</summary>
    Shift = 1,

    /// <summary>Control.</summary>
    Control = 2,

    /// <summary>Alt.</summary>
    Alt = 4,
}

/// <summary>
/// A key with the modifiers held. Keys have the names on a US keyboard: <c>A</c> to <c>Z</c>, <c>0</c> to <c>9</c>, <c>Left</c>, <c>Right</c>, <c>Up</c>, <c>Down</c>,
/// <c>PageUp</c>, <c>PageDown</c>, <c>Home</c>, <c>End</c>, <c>Space</c>, <c>Escape</c>, <c>Enter</c>, <c>Tab</c>, <c>Backspace</c>, <c>Delete</c>, <c>F1</c> to <c>F12</c>,
/// and the signs <c>- = [ ] ; ' , . / \ `</c>.
/// </summary>
/// <param name="Key">The key's name.</param>
/// <param name="Modifiers">What is held.</param>
public readonly record struct KeyChord(string Key, KeyModifiers Modifiers = KeyModifiers.None)
{
    // Signs that US keyboards give with Shift: written as people know them, kept as key and modifier.
    private const string ShiftedSigns = "?{}+:\"<>|~_!@#$%^&*()", PlainSigns = "/[]=;',.\\`-1234567890";

    /// <summary>Reads a chord such as <c>Ctrl+Shift+S</c>, <c>?</c> or <c>Left</c>.</summary>
    /// <exception cref="ArgumentException">The text names no key.</exception>
    public static KeyChord Parse(string text)
    {
        KeyModifiers modifiers = KeyModifiers.None;
        string rest = text;
        while (TakeModifier(ref rest) is { } modifier) modifiers |= modifier;
        if (rest.Length == 0) throw new ArgumentException($"'{text}' names no key.", nameof(text));
        int shifted = rest.Length == 1 ? ShiftedSigns.IndexOf(rest[0]) : -1;
        if (shifted >= 0) return new(PlainSigns[shifted].ToString(), modifiers | KeyModifiers.Shift);
        return new(rest.Length == 1 ? rest.ToUpperInvariant() : rest, modifiers);
    }

    /// <summary>The chord as <see cref="Parse"/> reads it and menus show it.</summary>
    public override string ToString()
    {
        string key = Key;
        KeyModifiers modifiers = Modifiers;
        int sign = key.Length == 1 && !char.IsAsciiDigit(key[0]) && modifiers.HasFlag(KeyModifiers.Shift) ? PlainSigns.IndexOf(key[0]) : -1;
        if (sign >= 0) (key, modifiers) = (ShiftedSigns[sign].ToString(), modifiers & ~KeyModifiers.Shift);
        return string.Concat(
            modifiers.HasFlag(KeyModifiers.Control) ? "Ctrl+" : "", modifiers.HasFlag(KeyModifiers.Alt) ? "Alt+" : "", modifiers.HasFlag(KeyModifiers.Shift) ? "Shift+" : "", key);
    }

    private static KeyModifiers? TakeModifier(ref string text)
    {
        foreach ((string name, KeyModifiers modifier) in (ReadOnlySpan<(string, KeyModifiers)>)[("Ctrl+", KeyModifiers.Control), ("Alt+", KeyModifiers.Alt), ("Shift+", KeyModifiers.Shift)])
        {
            if (!text.StartsWith(name, StringComparison.OrdinalIgnoreCase) || text.Length == name.Length) continue;
            text = text[name.Length..];
            return modifier;
        }
        return null;
    }
}
