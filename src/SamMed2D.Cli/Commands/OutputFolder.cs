using SamMed2D.Core.Errors;

namespace SamMed2D.Cli.Commands;

/// <summary>Folders that commands write into.</summary>
internal static class OutputFolder
{
    /// <summary>Makes sure that a folder is there.</summary>
    /// <returns>The folder, as given.</returns>
    /// <exception cref="OutputException">It cannot be made.</exception>
    public static string Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, "the folder cannot be made; choose a place that you may write to", failure);
        }
    }
}
