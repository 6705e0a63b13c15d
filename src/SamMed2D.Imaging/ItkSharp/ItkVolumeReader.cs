using System.Numerics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.MetaImage;
using SamMed2D.Imaging.Nrrd;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.ItkSharp;

/// <summary>
/// Reads one frame of an NRRD or MetaImage file. Our own check of the header comes first, then ITK says where the voxels lie. Packed voxels
/// are read by <see cref="VoxelPayload"/>, since ITK takes cut-short or damaged compressed data for whole; what it does not know (text,
/// unusual axis orders) by ITK.
/// </summary>
internal static class ItkVolumeReader
{
    /// <summary>Reads one frame of an NRRD file.</summary>
    /// <param name="path">The <c>.nrrd</c> or <c>.nhdr</c> file.</param>
    /// <param name="frame">The frame, from 0; null reads the first.</param>
    /// <param name="progress">Told voxels done of all.</param>
    /// <param name="cancellation">Stops within a few megabytes; ITK's own part cannot be stopped.</param>
    public static Volume ReadNrrd(string path, int? frame, ProgressCallback? progress, CancellationToken cancellation)
    {
        NrrdHeader header = NrrdHeader.Read(path, cancellation);
        VolumeInfo info = new() { Source = Path.GetFileName(path), Format = "NRRD", Notes = DescribePlacement(header) };
        return Read(path, ItkFormat.Nrrd, new ItkClaim(header.DomainSizes, header.Components, header.Type), header.Data, info, frame, progress, cancellation);
    }

    /// <summary>Reads one frame of a MetaImage file.</summary>
    /// <param name="path">The <c>.mha</c> or <c>.mhd</c> file.</param>
    /// <param name="frame">The frame, from 0; null reads the first.</param>
    /// <param name="progress">Told voxels done of all.</param>
    /// <param name="cancellation">Stops within a few megabytes; ITK's own part cannot be stopped.</param>
    public static Volume ReadMetaImage(string path, int? frame, ProgressCallback? progress, CancellationToken cancellation)
    {
        MetaImageHeader header = MetaImageHeader.Read(path);
        VolumeInfo info = new() { Source = Path.GetFileName(path), Format = "MetaImage", Modality = header.Modality };
        return Read(path, ItkFormat.MetaImage, new ItkClaim(header.Sizes, header.Channels, header.Type), header.Data, info, frame, progress, cancellation);
    }

    private static Volume Read(
        string path, ItkFormat format, ItkClaim claim, StoredNumbers? data, VolumeInfo info, int? frame, ProgressCallback? progress, CancellationToken cancellation)
    {
        if (claim.Sizes.Count > ItkNative.MaxDimension)
            throw new UnsupportedInputException(path, $"has {claim.Sizes.Count} dimensions, and at most {ItkNative.MaxDimension} are read; export one volume");
        long frames = (claim.Sizes.Count == 4 ? claim.Sizes[3] : 1) * claim.Components;
        if (frames > int.MaxValue) throw new InvalidFileException(path, $"its header claims {frames:N0} frames; it is damaged");
        info = info with { FrameCount = (int)frames, Frame = FrameChoice.Check(path, frame, (int)frames) };
        cancellation.ThrowIfCancellationRequested();
        return claim.Type.Accept(new FrameReader(path, format, claim, data, info, progress, cancellation));
    }

    private static List<string> DescribePlacement(NrrdHeader header)
    {
        if (!header.HasPlacement) return ["The header does not say where the scan lies (no space directions): x is taken to run to the left and y to the back."];
        string space = header.Space.ToLowerInvariant();
        bool isKnown = space.StartsWith("left-posterior-superior", StringComparison.Ordinal) || space.StartsWith("right-anterior-superior", StringComparison.Ordinal)
            || space is "lps" or "ras" or "lpst" or "rast";
        return isKnown ? [] : [$"The header places the scan in the space '{header.Space}', which says nothing about the patient; it is taken as left-posterior-superior."];
    }

    private sealed class FrameReader(
        string path, ItkFormat format, ItkClaim claim, StoredNumbers? data, VolumeInfo info, ProgressCallback? progress, CancellationToken cancellation)
        : IVoxelTypeVisitor<Volume>
    {
        public Volume Visit<T>() where T : unmanaged, INumber<T>
        {
            VolumeGeometry geometry = new(Size(0), Size(1), Size(2), ItkImageReader.ReadPlacement(path, format, claim));
            T[] voxels = ReadFrame<T>(geometry.VoxelCount);
            VolumeInfo described = NonFiniteVoxels.Describe<T>(path, voxels) is string note ? info with { Notes = [.. info.Notes, note] } : info;
            return new Volume<T>(geometry, voxels, IntensityScale.Identity, described);
        }

        private T[] ReadFrame<T>(long voxelCount) where T : unmanaged, INumber<T>
        {
            if (data is null)
            {
                T[] numbers = ItkImageReader.ReadNumbers<T>(path, format, claim);
                cancellation.ThrowIfCancellationRequested();
                return info.FrameCount == 1 ? numbers : TakeFrame(numbers, voxelCount);
            }
            if (claim.Components > 1)
                return TakeFrame(data.Payload.Read<T>(0, voxelCount * info.FrameCount, data.IsSwapped, progress, cancellation), voxelCount);
            return data.Payload.Read<T>(info.Frame * voxelCount * claim.Type.SizeBytes(), voxelCount, data.IsSwapped, progress, cancellation);
        }

        private int Size(int axis) => axis < claim.Sizes.Count ? (int)claim.Sizes[axis] : 1;

        // Components of a voxel lie together; a fourth axis is slowest. Frames count the components first.
        private T[] TakeFrame<T>(T[] numbers, long voxelCount) where T : unmanaged
        {
            T[] voxels = VoxelMemory.Allocate<T>(path, voxelCount);
            int component = info.Frame % claim.Components;
            long start = info.Frame / claim.Components * voxelCount * claim.Components + component;
            for (int n = 0; n < voxels.Length; n++) voxels[n] = numbers[start + (long)n * claim.Components];
            return voxels;
        }
    }
}
