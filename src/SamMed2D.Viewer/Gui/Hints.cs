namespace SamMed2D.Viewer.Gui;

/// <summary>Words about the item under the pointer, shown once it rests there.</summary>
internal static class Hints
{
    private const long DelayMilliseconds = 450;
    private static string s_text = "";
    private static long s_since;
    private static bool s_isSeen;

    /// <summary>Told of every item that has a hint, with its corners on the screen; for tests of the layout.</summary>
    internal static Action<string, System.Numerics.Vector4>? Noticed { get; set; }

    /// <summary>Milliseconds until a hint is due; null for none.</summary>
    public static long? DueIn { get; private set; }

    /// <summary>Begins a frame.</summary>
    public static void BeginFrame()
    {
        if (!s_isSeen) s_text = "";
        s_isSeen = false;
        DueIn = null;
    }

    /// <summary>Explains the last item.</summary>
    /// <param name="title">What it does.</param>
    /// <param name="keys">The keys that do the same; empty for none.</param>
    /// <param name="help">More about it; empty for nothing.</param>
    public static void OfItem(string title, string keys = "", string help = "")
    {
        if (Noticed is { } notice)
        {
            Ui.GetItemBox(out System.Numerics.Vector4 box);
            notice(title, box);
        }
        if (!Ui.IsItemHovered(HoverFlags.AllowWhenDisabled)) return;
        s_isSeen = true;
        long now = Environment.TickCount64;
        if (s_text != title) (s_text, s_since) = (title, now);
        long left = s_since + DelayMilliseconds - now;
        if (left > 0)
        {
            DueIn = left;
            return;
        }
        Ui.PushStyle(StylePart.WindowPadding, Ui.LineHeight() * 0.6f, Ui.LineHeight() * 0.45f);
        Ui.BeginTooltip();
        Ui.Text(title);
        if (keys.Length > 0)
        {
            Ui.SameLine();
            Ui.PushColor(ColorPart.Text, Theme.TextFaint);
            Ui.Text(keys);
            Ui.PopColor();
        }
        if (help.Length > 0)
        {
            Ui.PushColor(ColorPart.Text, Theme.TextSoft);
            WrappedAt(help, Ui.LineHeight() * 22);
            Ui.PopColor();
        }
        Ui.EndTooltip();
        Ui.PopStyle();
    }

    /// <summary>A text cut to a width, with dots where something is missing.</summary>
    public static string Fit(string text, float width)
    {
        if (Ui.TextWidth(text) <= width) return text;
        int length = text.Length;
        while (length > 1 && Ui.TextWidth(text[..length].TrimEnd() + "…") > width) length--;
        return text[..length].TrimEnd() + "…";
    }

    private static void WrappedAt(string text, float width)
    {
        foreach (string line in Lines(text, width)) Ui.Text(line);
    }

    // A tooltip is as wide as its text: it must be broken before it is laid out.
    private static IEnumerable<string> Lines(string text, float width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Ui.TextWidth(longer) > width)
            {
                yield return line;
                longer = word;
            }
            line = longer;
        }
        yield return line;
    }
}
