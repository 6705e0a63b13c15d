using System.CommandLine;
using System.Text.Json;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using Spectre.Console;

namespace SamMed2D.Cli.Terminal;

/// <summary>
/// What commands use of the terminal: results go to standard output, everything said on the way (notes, progress, errors) to standard error,
/// so that results can be piped.
/// </summary>
/// <param name="cancellation">Cancelled by Ctrl-C and by SIGTERM.</param>
internal sealed class Shell(CancellationToken cancellation)
{
    private static readonly JsonSerializerOptions s_jsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Cancelled by Ctrl-C and by SIGTERM.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Standard output, for results.</summary>
    public IAnsiConsole Out { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });

    /// <summary>Standard error, for what is said on the way.</summary>
    public IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>No notes and no progress, whatever the command.</summary>
    public static Option<bool> QuietOption { get; } = new("--quiet", "-q") { Description = "No notes and no progress.", Recursive = true };

    /// <summary>No notes and no progress.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Says something the user should know that is not an error.</summary>
    public void Note(string text)
    {
        if (!IsQuiet) Console.Error.WriteLine($"note: {text}");
    }

    /// <summary>Says what was wrong with the input that was passed over, after the result of the rest.</summary>
    public static ExitCode TellSkipped(IReadOnlyList<string> skipped)
    {
        foreach (string problem in skipped) Console.Error.WriteLine($"skipped: {problem}");
        return skipped.Count == 0 ? ExitCode.Success : ExitCode.InvalidFile;
    }

    /// <summary>Prints one line of result.</summary>
    public static void Print(string text = "") => Console.Out.WriteLine(text);

    /// <summary>Prints a result as indented JSON.</summary>
    public static void PrintJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, s_jsonOptions));

    /// <summary>
    /// Runs work that reports how far it is: with a bar on a terminal, with a line every few seconds elsewhere, silently when quiet.
    /// </summary>
    /// <param name="title">What is being done, such as <c>Segmenting</c>.</param>
    /// <param name="unit">What is counted, in the plural, such as <c>slices</c>; empty for a plain share.</param>
    /// <param name="work">The work; calls its argument from its own thread.</param>
    /// <param name="detail">Gives what to say beside the title at each report; may be null.</param>
    /// <param name="isTimed">False where the work may begin in the middle, so that it has to tell speed and time left by itself.</param>
    public TResult WithProgress<TResult>(string title, string unit, Func<ProgressCallback, TResult> work, Func<string>? detail = null, bool isTimed = true)
    {
        if (IsQuiet) return work((_, _) => { });
        if (!Error.Profile.Capabilities.Interactive || Console.IsErrorRedirected) return work(new ProgressLines(title, unit, detail, isTimed).Report);
        ProgressColumn[] timing = isTimed ? [new RateColumn(unit), new RemainingTimeColumn()] : [];
        return Error.Progress()
            .AutoClear(true)
            .Columns([new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), .. timing])
            .Start(context =>
            {
                ProgressTask task = context.AddTask(title);
                return work((done, total) =>
                {
                    if (total > 0) task.MaxValue = total;
                    task.Value = done;
                    if (detail is not null) task.Description = Markup.Escape($"{title} {detail()}");
                });
            });
    }
}
