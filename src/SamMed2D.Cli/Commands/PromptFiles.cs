using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Cli.Commands;

/// <summary>Reads prompt files from the disk.</summary>
internal static class PromptFiles
{
    private const long LargestBytes = 64 << 20;

    /// <exception cref="InvalidFileException">The file is missing, may not be read, or is far too large for prompts.</exception>
    /// <exception cref="InvalidPromptException">The file's content is no prompt document.</exception>
    public static PromptDocument Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
                throw new InvalidFileException(path, $"is larger than {LargestBytes >> 20} MB; expected a prompt file (is this the scan?)");
            return PromptDocument.Parse(File.ReadAllText(path), path).RelativeTo(Path.GetDirectoryName(path) ?? "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, File.Exists(path) ? "cannot be read; check its permissions" : "does not exist; expected a prompt file", failure);
        }
    }
}
