using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Core.Files;

/// <summary>
/// Saves files so that a reader, a crash or a full disk never meets a half-written one: the content goes to a temporary name in the
/// same folder, is flushed to the disk, and then takes the place of the old file in one step.
/// The only input and output in this room, because every room that saves needs it and none may see another.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes one file.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content to a new, empty, seekable stream.</param>
    /// <exception cref="OutputException">The folder is missing or not writable, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write) => WriteGroup([path], streams => write(streams[0]));

    /// <summary>Writes one file that on Unix only its owner may read, whatever folder it lies in.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content to a new, empty, seekable stream.</param>
    /// <exception cref="OutputException">The folder is missing or not writable, or the disk is full.</exception>
    public static void WritePrivate(string path, Action<Stream> write) => WriteGroup([path], streams => write(streams[0]), isPrivate: true);

    /// <summary>Writes one text file in UTF-8 without a byte-order mark.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="OutputException">The folder is missing or not writable, or the disk is full.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Finds out before long work whether its result can be written; leaves nothing behind.</summary>
    /// <param name="path">The file that will be created or replaced.</param>
    /// <exception cref="OutputException">The folder is missing or not writable.</exception>
    public static void RequireWritable(string path)
    {
        string temporary = TemporaryNameFor(path);
        try
        {
            CreateTemporary(path, temporary).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, $"cannot be written ({failure.Message.Replace(temporary, path)}); choose a place that you may write to", failure);
        }
        finally
        {
            DeleteQuietly(temporary);
        }
    }

    /// <summary>
    /// Writes files that belong together (a header and its data). All are complete under temporary names before the first takes its place;
    /// they are put in place in the order given, so name the one that refers to the others last.
    /// </summary>
    /// <param name="paths">The files to create or replace.</param>
    /// <param name="write">Writes the contents, one stream a path.</param>
    /// <exception cref="OutputException">A folder is missing or not writable, or the disk is full.</exception>
    public static void WriteGroup(IReadOnlyList<string> paths, Action<IReadOnlyList<Stream>> write) => WriteGroup(paths, write, isPrivate: false);

    private static void WriteGroup(IReadOnlyList<string> paths, Action<IReadOnlyList<Stream>> write, bool isPrivate)
    {
        string[] temporary = [.. paths.Select(TemporaryNameFor)];
        List<FileStream> streams = [];
        try
        {
            for (int n = 0; n < paths.Count; n++) streams.Add(CreateTemporary(paths[n], temporary[n], isPrivate));
            write(streams);
            foreach (FileStream stream in streams)
            {
                stream.Flush(flushToDisk: true);
                stream.Dispose();
            }
            for (int n = 0; n < paths.Count; n++) File.Move(temporary[n], paths[n], overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string problem = IsDiskFull(failure)
                ? "the disk is full; free some space or choose another place. A file already there is unchanged"
                : $"cannot be written ({failure.Message.Replace(temporary[0], paths[0])}); choose a place that you may write to";
            throw new OutputException(paths[^1], problem, failure);
        }
        finally
        {
            foreach (FileStream stream in streams) DisposeQuietly(stream);
            foreach (string name in temporary) DeleteQuietly(name);
        }
    }

    private static string TemporaryNameFor(string path)
    {
        string full = Path.GetFullPath(path);
        return Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
    }

    private static FileStream CreateTemporary(string path, string temporary, bool isPrivate = false)
    {
        string folder = Path.GetDirectoryName(temporary)!;
        if (!Directory.Exists(folder)) throw new OutputException(path, $"the folder {Path.GetDirectoryName(path)} does not exist; create it first");
        if (Directory.Exists(path)) throw new OutputException(path, "is a folder; give the name of a file");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16 };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(temporary, options);
    }

    private static bool IsDiskFull(Exception failure)
    {
        const int noSpaceLeft = 28, quotaExceeded = 122; // errno on Linux
        int code = failure.HResult & 0xFFFF;
        return RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? code is 0x70 or 0x27
            : code is noSpaceLeft or quotaExceeded || failure.Message.Contains("No space left", StringComparison.Ordinal);
    }

    private static void DisposeQuietly(FileStream stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // The write that failed has been reported; the rest of its buffer fails again here.
        }
    }

    private static void DeleteQuietly(string name)
    {
        try
        {
            File.Delete(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A left-over temporary file is better than hiding the first error.
        }
    }
}
