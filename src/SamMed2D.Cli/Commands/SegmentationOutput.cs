using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Imaging;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Cli.Commands;

/// <summary>Where a segmentation goes: the label map, and its record beside it.</summary>
/// <param name="path">The label map's file.</param>
internal sealed class SegmentationOutput(string path)
{
    private readonly string _record = SegmentationRecordWriter.PathFor(path);

    /// <summary>Makes sure, before long work, that everything can be written and that nothing is lost by it.</summary>
    /// <param name="read">The files that the work reads and that must stay; folders among them are no matter.</param>
    /// <exception cref="OutputException">The ending names no format, a place cannot be written, or a file that is read would be overwritten.</exception>
    public void Require(IEnumerable<string> read)
    {
        HashSet<string> kept = [.. read.Select(Path.GetFullPath)];
        foreach (string file in (string[])[.. VolumeFiles.LabelMapFiles(path).Reverse(), _record]) // the file that the user named comes first
        {
            if (kept.Contains(Path.GetFullPath(file))) throw new OutputException(file, "would be overwritten, but is what this command reads; give --output another name");
            AtomicFile.RequireWritable(file);
        }
    }

    /// <summary>Writes both.</summary>
    /// <exception cref="OutputException">A place cannot be written.</exception>
    public void Write(SegmentationResult result, VolumeFiles files, CancellationToken cancellation)
    {
        files.WriteLabelMap(result.Labels, path, cancellation);
        SegmentationRecordWriter.Write(result, _record);
    }
}
