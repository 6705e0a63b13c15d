using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Labels;
using SamMed2D.Imaging.MetaImage;
using SamMed2D.Imaging.Nifti;
using SamMed2D.Imaging.Nrrd;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging;

/// <summary>How the files of one output format are written: which files, and what goes into each. All appear together or not at all.</summary>
internal abstract class VolumeOutput
{
    private static readonly (string Ending, VolumeOutput Output)[] s_outputs =
    [
        (".nii.gz", new NiftiOutput(isCompressed: true)),
        (".nii", new NiftiOutput(isCompressed: false)),
        (".seg.nrrd", new SegNrrdOutput()),
        (".nrrd", new NrrdOutput()),
        (".nhdr", new DetachedNrrdOutput()),
        (".mha", new MetaImageOutput()),
        (".mhd", new DetachedMetaImageOutput()),
    ];

    /// <summary>The format that a file's ending names.</summary>
    /// <exception cref="OutputException">It names none, or one with a data file beside the header whose name readers would misunderstand.</exception>
    public static VolumeOutput ForEnding(string path)
    {
        foreach ((string ending, VolumeOutput output) in s_outputs)
        {
            if (!path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            foreach (string name in output.DataFiles(path).Select(file => Path.GetFileName(file)))
                if (HeaderFields.NamesSeveral(name) || !HeaderFields.IsInSameFolder(name))
                    throw new OutputException(path, $"would keep its voxels in '{name}', which readers take for the names of several files; use a name without % that does not begin with LIST, or end it in .nrrd or .mha");
            return output;
        }
        throw new OutputException(path, "has no ending that names a volume format; end it in .nii.gz, .nii, .nrrd, .nhdr, .mha or .mhd, or .seg.nrrd for labels");
    }

    /// <summary>Writes a volume.</summary>
    public virtual void Write(Volume volume, string path, CancellationToken cancellation)
    {
        VoxelSource source = Source(volume);
        AtomicFile.WriteGroup([.. DataFiles(path), path], streams => WriteVoxels(source, path, streams, cancellation));
    }

    /// <summary>Writes a label map, its names in ITK-SNAP's description beside it.</summary>
    public virtual void Write(LabelMap labels, string path, CancellationToken cancellation)
    {
        VoxelSource source = VoxelSource.Of(labels);
        AtomicFile.WriteGroup(LabelMapFiles(path), streams =>
        {
            LabelDescription.Write(labels.Segments, streams[0]);
            WriteVoxels(source, path, [.. streams.Skip(1)], cancellation);
        });
    }

    /// <summary>The files of a label map, each before those that refer to it.</summary>
    public virtual IReadOnlyList<string> LabelMapFiles(string path) => [LabelDescription.PathFor(path), .. DataFiles(path), path];

    /// <summary>The voxels as the format can hold them.</summary>
    protected virtual VoxelSource Source(Volume volume) => IntensitySource.Of(volume);

    /// <summary>The files beside the one named, each before those that refer to it.</summary>
    protected virtual string[] DataFiles(string path) => [];

    /// <summary>Writes everything; the streams are those of <see cref="DataFiles"/> and, last, of the file named.</summary>
    protected abstract void WriteVoxels(VoxelSource source, string path, IReadOnlyList<Stream> streams, CancellationToken cancellation);

    private sealed class NiftiOutput(bool isCompressed) : VolumeOutput
    {
        protected override VoxelSource Source(Volume volume) => VoxelSource.Of(volume);

        protected override void WriteVoxels(VoxelSource source, string path, IReadOnlyList<Stream> streams, CancellationToken cancellation) =>
            NiftiWriter.Write(source, streams[0], isCompressed, cancellation);
    }

    private class NrrdOutput : VolumeOutput
    {
        protected override void WriteVoxels(VoxelSource source, string path, IReadOnlyList<Stream> streams, CancellationToken cancellation) =>
            NrrdWriter.Write(source, [], streams[0], cancellation);
    }

    private sealed class SegNrrdOutput : NrrdOutput
    {
        public override void Write(Volume volume, string path, CancellationToken cancellation) =>
            throw new OutputException(path, "is the name of a segmentation, and this is a scan; end it in .nrrd, or use --labels if it holds labels");

        public override void Write(LabelMap labels, string path, CancellationToken cancellation) => AtomicFile.Write(path, target =>
            NrrdWriter.Write(VoxelSource.Of(labels), SegNrrdFields.Make(labels), target, cancellation));

        public override IReadOnlyList<string> LabelMapFiles(string path) => [path];
    }

    private sealed class DetachedNrrdOutput : VolumeOutput
    {
        protected override string[] DataFiles(string path) => [Path.ChangeExtension(path, ".raw.gz")];

        protected override void WriteVoxels(VoxelSource source, string path, IReadOnlyList<Stream> streams, CancellationToken cancellation)
        {
            NrrdWriter.WriteData(source, streams[0], cancellation);
            NrrdWriter.WriteHeader(source, Path.GetFileName(DataFiles(path)[0]), streams[1]);
        }
    }

    private sealed class MetaImageOutput : VolumeOutput
    {
        protected override void WriteVoxels(VoxelSource source, string path, IReadOnlyList<Stream> streams, CancellationToken cancellation) =>
            MetaImageWriter.Write(source, streams[0], cancellation);
    }

    private sealed class DetachedMetaImageOutput : VolumeOutput
    {
        protected override string[] DataFiles(string path) => [Path.ChangeExtension(path, ".zraw")];

        protected override void WriteVoxels(VoxelSource source, string path, IReadOnlyList<Stream> streams, CancellationToken cancellation)
        {
            MetaImageWriter.WriteData(source, streams[0], cancellation);
            MetaImageWriter.WriteHeader(source, streams[0].Position, Path.GetFileName(DataFiles(path)[0]), streams[1]);
        }
    }
}
