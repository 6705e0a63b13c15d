using System.IO.Compression;
using System.Text.Json;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Application.Projects;

/// <summary>
/// A <c>.sammed2d</c> file: a zip archive of <c>project.json</c>, <c>session.journal</c> (labels, prompts and records, exactly) and
/// <c>labels.nii.gz</c> (the labels for other programs). The scans stay where they are; their voxels' identity is kept.
/// </summary>
internal static class ProjectFile
{
    public const string Ending = ".sammed2d";

    private const string ContentName = "project.json", JournalName = "session.journal", LabelsName = "labels.nii.gz";

    /// <summary>Writes a project; one already there stays whole until the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What is not in the session.</param>
    /// <param name="journal">The session, as its journal's beginning.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="writer">Writes them.</param>
    /// <param name="cancellation">Stops within a block and leaves nothing behind.</param>
    /// <exception cref="OutputException">The place cannot be written, or the disk is full.</exception>
    public static void Write(string path, ProjectContent content, byte[] journal, LabelMap labels, IVolumeWriter writer, CancellationToken cancellation)
    {
        AtomicFile.RequireWritable(path);
        string folder = Directory.CreateTempSubdirectory("sammed2d-").FullName;
        try
        {
            string labelFile = Path.Combine(folder, LabelsName);
            writer.WriteLabelMap(labels, labelFile, cancellation);
            AtomicFile.Write(path, stream =>
            {
                using ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
                Add(zip, ContentName, CompressionLevel.Optimal, entry => JsonSerializer.Serialize(entry, content, ProjectJson.Default.ProjectContent));
                Add(zip, JournalName, CompressionLevel.Fastest, entry => entry.Write(journal));
                Add(zip, LabelsName, CompressionLevel.NoCompression, entry =>
                {
                    using FileStream from = File.OpenRead(labelFile);
                    from.CopyTo(entry);
                });
                cancellation.ThrowIfCancellationRequested();
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Reads what a project says of itself.</summary>
    /// <exception cref="InvalidFileException">It is missing, damaged, or no project.</exception>
    /// <exception cref="UnsupportedInputException">It is of a later version.</exception>
    public static (ProjectContent Content, byte[] Journal) Read(string path) => Open(path, zip =>
    {
        using Stream stream = Entry(zip, ContentName, path).Open();
        ProjectContent content = JsonSerializer.Deserialize(stream, ProjectJson.Default.ProjectContent) ?? throw new JsonException("it is empty");
        if (content.Format != ProjectContent.FormatName) throw new JsonException($"its format is '{content.Format}'");
        if (content.Version > ProjectContent.CurrentVersion)
            throw new UnsupportedInputException(path, $"was saved by a later version of this program (version {content.Version} of the form; this one reads {ProjectContent.CurrentVersion}); update the program");
        if (content.Scans.Count == 0) throw new JsonException("it names no scan");
        using Stream journal = Entry(zip, JournalName, path).Open();
        using MemoryStream bytes = new();
        journal.CopyTo(bytes);
        return (content, bytes.ToArray());
    });

    /// <summary>Reads the labels alone, for a scan that has changed.</summary>
    public static LabelMap ReadLabels(string path, IVolumeReader reader, CancellationToken cancellation) => Open(path, zip =>
    {
        string folder = Directory.CreateTempSubdirectory("sammed2d-").FullName;
        try
        {
            string labelFile = Path.Combine(folder, LabelsName);
            Entry(zip, LabelsName, path).ExtractToFile(labelFile);
            return reader.ReadLabelMap(labelFile, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    private static void Add(ZipArchive zip, string name, CompressionLevel level, Action<Stream> write)
    {
        using Stream entry = zip.CreateEntry(name, level).Open();
        write(entry);
    }

    private static T Open<T>(string path, Func<ZipArchive, T> read)
    {
        if (!File.Exists(path)) throw new InvalidFileException(path, "does not exist any more; open another project");
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            return read(zip);
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException)
        {
            throw new InvalidFileException(path, $"is not a project, or is damaged ({failure.Message.Split('\n')[0].TrimEnd('.')}); open another, or an older copy", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, $"cannot be read ({failure.Message.TrimEnd('.')}); check the disk and your permissions", failure);
        }
    }

    private static ZipArchiveEntry Entry(ZipArchive zip, string name, string path) =>
        zip.GetEntry(name) ?? throw new InvalidFileException(path, $"has no {name}, so it is not a project, or is damaged; open another, or an older copy");
}
