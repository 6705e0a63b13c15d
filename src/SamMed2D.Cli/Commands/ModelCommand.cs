using System.CommandLine;
using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d model</c>: what is done with models as such.</summary>
internal static class ModelCommand
{
    public static Command Create(Shell shell) => new("model", "Import models and look at them.")
    {
        ModelImportCommand.Create(shell),
        ModelInfoCommand.Create(shell),
    };
}
