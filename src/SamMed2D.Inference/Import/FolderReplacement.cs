using SamMed2D.Core.Errors;
using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Import;

/// <summary>Puts a model folder in place whole: it is made under a temporary name beside its place, and then moved there.</summary>
internal static class FolderReplacement
{
    /// <summary>Makes or replaces a model folder.</summary>
    /// <param name="folder">Its place: absent, empty, or an earlier model.</param>
    /// <param name="fill">Writes the files into the folder that it is given.</param>
    /// <exception cref="OutputException">The place holds something else than a model, or cannot be written.</exception>
    public static void Replace(string folder, Action<string> fill)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        ThrowWhereTaken(folder, place);
        string temporary = Beside(place, "new");
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            MoveInto(temporary, place);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, $"cannot be written ({failure.Message.Replace(temporary, folder)}); free some space or choose a place that you may write to", failure);
        }
        finally
        {
            DeleteQuietly(temporary);
        }
    }

    private static void ThrowWhereTaken(string shown, string place)
    {
        if (File.Exists(place)) throw new OutputException(shown, "is a file; give the name of a folder");
        bool isFree = !Directory.Exists(place) || !Directory.EnumerateFileSystemEntries(place).Any();
        if (!isFree && !File.Exists(Path.Combine(place, ModelManifest.FileName)))
            throw new OutputException(shown, $"is a folder that holds other things than a model (it has no {ModelManifest.FileName}); choose a new folder");
        if (!isFree && FindForeignEntry(place) is { } foreign)
            throw new OutputException(shown, $"holds '{foreign}' beside a model, which replacing it would delete; choose a new folder");
    }

    private static string? FindForeignEntry(string place)
    {
        string[] expected = [ModelManifest.FileName];
        try
        {
            expected = [.. expected, .. ModelManifest.Read(Path.Combine(place, ModelManifest.FileName)).Files.Select(file => file.Name)];
        }
        catch (ModelException)
        {
            // A damaged description names no files, so everything beside it counts as foreign.
        }
        return Directory.EnumerateFileSystemEntries(place).Select(entry => Path.GetFileName(entry)).FirstOrDefault(name => !expected.Contains(name));
    }

    // Two folders cannot change places in one step; a crash in between leaves the earlier model beside its place under a telling name.
    private static void MoveInto(string temporary, string place)
    {
        string earlier = Beside(place, "earlier");
        if (Directory.Exists(place)) Directory.Move(place, earlier);
        try
        {
            Directory.Move(temporary, place);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(earlier)) Directory.Move(earlier, place);
            throw;
        }
        DeleteQuietly(earlier);
    }

    private static string Beside(string place, string what) => Path.Combine(Path.GetDirectoryName(place)!, $".{Path.GetFileName(place)}.{what}-{Environment.ProcessId}-{Guid.NewGuid():N}");

    private static void DeleteQuietly(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A left-over temporary folder is better than hiding the first error.
        }
    }
}
