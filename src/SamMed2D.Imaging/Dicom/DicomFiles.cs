using System.IO.Enumeration;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging.Dicom;

/// <summary>A file to look at.</summary>
/// <param name="Path">Its place.</param>
/// <param name="Name">What messages call it: the user's own words and the part below them.</param>
internal readonly record struct DicomFileName(string Path, string Name);

/// <summary>Finds the files behind what the user named: a folder, a file or a DICOMDIR.</summary>
internal static class DicomFiles
{
    /// <summary>Media Storage Directory Storage: a DICOMDIR.</summary>
    public const string DirectorySopClass = "1.2.840.10008.1.3.10";

    /// <summary>The files behind a path; not all of them need be DICOM where it is a folder.</summary>
    /// <exception cref="InvalidFileException">The path does not exist, or a DICOMDIR names files outside its folder.</exception>
    public static IReadOnlyList<DicomFileName> Find(string path)
    {
        if (Directory.Exists(path)) return InFolder(path);
        if (!File.Exists(path)) throw new InvalidFileException(path, "does not exist; check the path");
        DicomHeader? header = DicomHeader.TryRead(path, path);
        bool isDirectory = header?.DataSet.GetText(DicomTags.SopClassUid) == DirectorySopClass || header?.DataSet.Has(DicomTags.DirectoryRecordSequence) == true;
        return isDirectory ? InDicomDir(path, header!.DataSet) : [new(path, path)];
    }

    /// <summary>All files below a folder, in the order of their names. Links to folders are not followed, so that no loop can be met.</summary>
    private static DicomFileName[] InFolder(string folder)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };
        FileSystemEnumerable<string> files = new(folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), options)
        {
            // Nothing to be read; opening a pipe, which has no length either, would wait for its other end for ever.
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.Length > 0,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        string[] sorted = [.. files];
        Array.Sort(sorted, StringComparer.Ordinal);
        return [.. sorted.Select(file => new DicomFileName(file, file))];
    }

    /// <summary>The files that a DICOMDIR names, all below its own folder (PS3.10, section 8.6).</summary>
    private static List<DicomFileName> InDicomDir(string path, DicomDataSet directory)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        List<DicomFileName> files = [];
        int missing = 0;
        foreach (DicomDataSet record in directory.Items(DicomTags.DirectoryRecordSequence))
        {
            if (record.GetText(DicomTags.ReferencedFileId) is not string id) continue;
            string[] parts = [.. id.Split('\\').Select(part => part.Trim(' ', '\0'))];
            string file = Path.Combine([folder, .. CheckedParts(path, parts)]);
            RefuseLinks(path, folder, parts);
            if (File.Exists(file)) files.Add(new(file, file));
            else missing++;
        }
        if (files.Count > 0) return files;
        throw new InvalidFileException(path, missing > 0
            ? $"is a DICOMDIR whose {missing} files are not in its folder; copy the whole disc, or give the folder that holds the images"
            : "is a DICOMDIR that names no files; give the folder that holds the images");
    }

    private static string[] CheckedParts(string path, string[] parts)
    {
        foreach (string part in parts)
            if (part.Length == 0 || part is "." or ".." || part.AsSpan().IndexOfAny("/\\:\0") >= 0)
                throw new InvalidFileException(path, "is a DICOMDIR that names a file outside its own folder, which is refused; give the folder that holds the images");
        return parts;
    }

    private static void RefuseLinks(string path, string folder, string[] parts)
    {
        string place = folder;
        foreach (string part in parts)
        {
            place = Path.Combine(place, part);
            if (new FileInfo(place).LinkTarget is not null)
                throw new InvalidFileException(path, "is a DICOMDIR that names a file through a link, which is refused; give the folder that holds the images");
        }
    }
}
