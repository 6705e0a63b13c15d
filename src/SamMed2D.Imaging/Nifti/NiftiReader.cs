using System.Numerics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Nifti;

/// <summary>Reads NIfTI-1 and NIfTI-2: single files and <c>.hdr</c>/<c>.img</c> pairs, plain and gzip, both byte orders.</summary>
internal static class NiftiReader
{
    /// <summary>Reads one frame.</summary>
    /// <param name="path">The file; for a pair, the <c>.hdr</c>.</param>
    /// <param name="frame">The frame, from 0; null reads the first.</param>
    /// <param name="progress">Told voxels done of all.</param>
    /// <param name="cancellation">Stops within a few megabytes.</param>
    public static Volume Read(string path, int? frame, ProgressCallback? progress, CancellationToken cancellation)
    {
        byte[] head = SourceFile.ReadHead(path, NiftiHeader.SizeBytes2, out bool isCompressed);
        NiftiHeader header = NiftiHeader.Parse(path, head);
        string dataPath = path;
        if (header.IsPair) (dataPath, isCompressed) = FindImage(path);
        VoxelPayload payload = new(path, dataPath, isCompressed ? Packing.Gzip : Packing.None, 0, header.VoxelOffset);
        return header.Type.Accept(new FrameReader(path, header, payload, frame, progress, cancellation));
    }

    /// <summary>The header file that belongs to an image file of a pair, or null where the name is not that of an image file or no header is there.</summary>
    public static string? FindHeader(string imagePath) => Partner(imagePath, ".img", ".hdr");

    private static (string Path, bool IsCompressed) FindImage(string headerPath)
    {
        string image = Partner(headerPath, ".hdr", ".img")
            ?? throw new InvalidFileException(headerPath, "is the header of a NIfTI pair, and the .img file with the voxels is not beside it; put both into one folder");
        SourceFile.ReadHead(image, 2, out bool isCompressed);
        return (image, isCompressed);
    }

    private static string? Partner(string path, string ending, string partnerEnding)
    {
        string stem = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        if (!stem.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return null;
        stem = stem[..^ending.Length];
        // Upper case pairs come from old scanners' consoles.
        foreach (string candidate in (ReadOnlySpan<string>)[partnerEnding, partnerEnding + ".gz", partnerEnding.ToUpperInvariant()])
            if (File.Exists(stem + candidate)) return stem + candidate;
        return null;
    }

    private sealed class FrameReader(
        string path, NiftiHeader header, VoxelPayload payload, int? frame, ProgressCallback? progress, CancellationToken cancellation)
        : IVoxelTypeVisitor<Volume>
    {
        public Volume Visit<T>() where T : unmanaged, INumber<T>
        {
            (int[] size, int frameCount) = SplitSizes();
            int chosen = FrameChoice.Check(path, frame, frameCount);
            VolumeGeometry geometry = new(size[0], size[1], size[2], header.IndexToRas);
            long frameBytes = geometry.VoxelCount * header.Type.SizeBytes();
            payload.CheckSize(frameBytes * frameCount, $"{string.Join('×', header.Sizes)} voxels of {header.Type.ToString().ToLowerInvariant()}");
            T[] voxels = payload.Read<T>(chosen * frameBytes, geometry.VoxelCount, header.IsSwapped, progress, cancellation);
            List<string> notes = [.. header.Notes];
            if (NonFiniteVoxels.Describe<T>(path, voxels) is string note) notes.Add(note);
            return new Volume<T>(geometry, voxels, header.Scale, new VolumeInfo
            {
                Source = Path.GetFileName(path),
                Format = $"NIfTI-{header.Version}",
                Frame = chosen,
                FrameCount = frameCount,
                Notes = notes,
            });
        }

        private (int[] Size, int FrameCount) SplitSizes()
        {
            int[] size = [1, 1, 1];
            long frames = 1;
            for (int axis = 0; axis < header.Sizes.Length; axis++)
            {
                if (axis < 3) size[axis] = (int)header.Sizes[axis];
                else frames *= header.Sizes[axis];
            }
            if (frames > int.MaxValue) throw new InvalidFileException(path, $"its header claims {frames:N0} frames; the header is damaged");
            return (size, (int)frames);
        }
    }
}
