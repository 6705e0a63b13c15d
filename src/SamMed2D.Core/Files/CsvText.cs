using System.Text;

namespace SamMed2D.Core.Files;

/// <summary>Comma-separated values as RFC 4180 has them: fields in double quotes may hold commas, line breaks and doubled quotes.</summary>
public static class CsvText
{
    /// <summary>Splits a text into lines of fields. Empty lines are left out; spaces round fields without quotes are too.</summary>
    /// <param name="text">The text.</param>
    /// <returns>For each line its number in the text, from 1, and its fields.</returns>
    public static IEnumerable<(int Line, string[] Fields)> Parse(string text)
    {
        List<string> fields = [];
        int line = 1, start = 1;
        for (int at = 0; at < text.Length;)
        {
            fields.Add(NextField(text, ref at, ref line));
            if (at < text.Length && text[at] == ',')
            {
                at++;
                if (at < text.Length) continue;
                fields.Add("");
            }
            while (at < text.Length && text[at] == '\r') at++;
            if (at < text.Length && text[at] == '\n')
            {
                at++;
                line++;
            }
            if (fields is not [""]) yield return (start, [.. fields]);
            fields.Clear();
            start = line;
        }
    }

    /// <summary>One line of fields, quoted where they need it, with its line break.</summary>
    public static string ToLine(params ReadOnlySpan<string> fields)
    {
        StringBuilder line = new();
        for (int n = 0; n < fields.Length; n++)
        {
            string field = fields[n];
            bool isBare = field.AsSpan().IndexOfAny(",\"\r\n") < 0 && field.AsSpan().Trim().Length == field.Length;
            if (n > 0) line.Append(',');
            line.Append(isBare ? field : $"\"{field.Replace("\"", "\"\"")}\"");
        }
        return line.Append('\n').ToString();
    }

    private static string NextField(string text, ref int at, ref int line)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        if (at >= text.Length || text[at] != '"')
        {
            int end = text.AsSpan(at).IndexOfAny(",\n") is var found && found < 0 ? text.Length : at + found;
            string plain = text[at..end].Trim();
            at = end;
            return plain;
        }
        StringBuilder field = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n') line++;
            if (text[at] != '"') field.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"') field.Append(text[at++]);
            else break;
        }
        at++;
        while (at < text.Length && text[at] is not (',' or '\n')) at++;
        return field.ToString();
    }
}
