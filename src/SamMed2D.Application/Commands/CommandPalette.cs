namespace SamMed2D.Application.Commands;

/// <summary>Finds commands by typed letters.</summary>
internal static class CommandPalette
{
    public static IReadOnlyList<Command> Search(IEnumerable<Command> commands, string typed)
    {
        string[] words = typed.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. commands.Where(c => c.IsListed).Select(c => (Command: c, Score: Score(c, words))).Where(found => found.Score >= 0)
            .OrderByDescending(found => found.Score).ThenBy(found => found.Command.Title, StringComparer.Ordinal).Select(found => found.Command)];
    }

    private static double Score(Command command, string[] words)
    {
        string text = $"{command.Title} {command.Id}".ToLowerInvariant();
        double sum = 0;
        foreach (string word in words)
        {
            double score = WordScore(text, word);
            if (score < 0) return -1;
            sum += score;
        }
        return sum;
    }

    // The start of a word counts more than its inside, and letters close together more than letters apart.
    private static double WordScore(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.Ordinal);
        if (at == 0) return 4;
        if (at > 0) return char.IsLetterOrDigit(text[at - 1]) ? 2 : 3;
        int first = text.IndexOf(word[0]), next = Math.Max(first, 0);
        foreach (char letter in word)
        {
            next = text.IndexOf(letter, next) + 1;
            if (next == 0) return -1;
        }
        return (double)word.Length / (next - first);
    }
}
