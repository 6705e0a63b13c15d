using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d evaluate-2d</c>: measures a model on single pictures, as SAM-Med2D was.</summary>
internal static class Evaluate2DCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> folder = new("FOLDER") { Description = "A folder with images/NAME.png and masks/NAME_CLASS_INSTANCE.png (white is the object)." };
        Option<int> seed = new("--seed") { Description = "The same seed draws the same points.", DefaultValueFactory = _ => 1 };
        Option<string?> save = new("--save-prompts") { Description = "Save the prompts that were drawn to this JSON file.", HelpName = "FILE" };
        Option<string?> replay = new("--prompts") { Description = "Give saved prompts instead of drawing.", HelpName = "FILE" };
        Option<string?> output = new("--output", "-o") { Description = "Write the report to this Markdown file instead of printing it.", HelpName = "FILE" };
        Option<string?> csv = new("--csv") { Description = "Also write every mask's figures to this CSV file.", HelpName = "FILE" };
        Option<bool> json = new("--json") { Description = "Print the figures as JSON." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No notes and no progress." };
        ModelOptions model = new();
        Command command = new("evaluate-2d", "Measures a model on single pictures as SAM-Med2D was tested: box, 1, 3 and 5 points, beside floors without a model.")
        {
            folder, seed, save, replay, output, csv, json, quiet,
        };
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            shell.IsQuiet = parsed.GetValue(quiet);
            PictureDataset pictures = PictureDataset.Open(parsed.GetValue(folder)!);
            PromptBook? book = parsed.GetValue(replay) is { } path ? ReadBook(path) : null;
            foreach (string? file in (string?[])[parsed.GetValue(output), parsed.GetValue(csv), parsed.GetValue(save)])
                if (file is not null) AtomicFile.RequireWritable(file);
            using IPromptableSegmenter segmenter = model.Open(parsed, shell);
            PictureEvaluation evaluation = new(segmenter.Description, Measure(pictures, new(segmenter, parsed.GetValue(seed)), book, shell));
            if (evaluation.Masks.Count == 0) throw new InvalidFileException(parsed.GetValue(folder)!, "every mask is empty on the 256×256 pixels of the test");
            if (parsed.GetValue(save) is { } prompts) AtomicFile.WriteText(prompts, PromptBook.ToJson(evaluation.Masks));
            if (parsed.GetValue(csv) is { } table) AtomicFile.WriteText(table, evaluation.ToCsv());
            if (parsed.GetValue(output) is { } report) AtomicFile.WriteText(report, evaluation.ToMarkdown());
            if (parsed.GetValue(json)) Shell.PrintJson(evaluation);
            else if (parsed.GetValue(output) is null) Shell.Print(evaluation.ToMarkdown());
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static List<MaskResult> Measure(PictureDataset pictures, PictureProtocol protocol, PromptBook? book, Shell shell) =>
        shell.WithProgress("Measuring", "pictures", progress =>
        {
            PngFiles files = new();
            List<MaskResult> masks = [];
            int done = 0;
            foreach (DatasetPicture picture in pictures.Pictures)
            {
                masks.AddRange(protocol.Run(picture.Read(files), book is null ? null : book.Find, shell.Cancellation));
                progress(++done, pictures.Pictures.Count);
            }
            return masks;
        });

    private static PromptBook ReadBook(string path) =>
        File.Exists(path) ? PromptBook.Parse(File.ReadAllText(path), path) : throw new InvalidFileException(path, "does not exist; save prompts with --save-prompts first");
}
