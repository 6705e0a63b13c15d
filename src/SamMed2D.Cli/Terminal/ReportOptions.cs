using System.CommandLine;
using SamMed2D.Core.Files;

namespace SamMed2D.Cli.Terminal;

/// <summary>The options of commands that measure something and report it, and the writing of what they name.</summary>
/// <param name="csv">What the CSV file holds, as its option says.</param>
/// <param name="plot">The same of the plot.</param>
internal sealed class ReportOptions(string csv, string plot)
{
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write the report to this Markdown file instead of printing it.", HelpName = "FILE" };
    private readonly Option<string?> _csv = new("--csv") { Description = csv, HelpName = "FILE" };
    private readonly Option<string?> _plot = new("--plot") { Description = plot, HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the figures as JSON." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_output);
        command.Options.Add(_csv);
        command.Options.Add(_plot);
        command.Options.Add(_json);
    }

    /// <summary>Finds out before long work whether everything can be written.</summary>
    public void RequireWritable(ParseResult parsed)
    {
        foreach (string? file in (string?[])[parsed.GetValue(_output), parsed.GetValue(_csv), parsed.GetValue(_plot)])
            if (file is not null) AtomicFile.RequireWritable(file);
    }

    /// <summary>Writes and prints what is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="figures">What is measured, for JSON.</param>
    /// <param name="toMarkdown">Makes the report.</param>
    /// <param name="toCsv">Makes the table.</param>
    /// <param name="draw">Draws the plot to a file.</param>
    public void Report<T>(ParseResult parsed, T figures, Func<T, string> toMarkdown, Func<T, string> toCsv, Action<string, T> draw)
    {
        if (parsed.GetValue(_csv) is { } table) AtomicFile.WriteText(table, toCsv(figures));
        if (parsed.GetValue(_plot) is { } picture) draw(picture, figures);
        if (parsed.GetValue(_output) is { } output) AtomicFile.WriteText(output, toMarkdown(figures));
        if (parsed.GetValue(_json)) Shell.PrintJson(figures);
        else if (parsed.GetValue(_output) is null) Shell.Print(toMarkdown(figures));
    }
}
