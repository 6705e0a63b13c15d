using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Training.Examples;

/// <summary>A scan of the training split in memory: intensities and one or more ways to divide it into regions. Immutable, shared by workers.</summary>
internal sealed class TrainingVolume
{
    /// <summary>Intensities (scaled values), the first index fastest; empty for label maps without a picture.</summary>
    public required float[] Intensities { get; init; }

    /// <summary>The grid.</summary>
    public required VolumeGeometry Geometry { get; init; }

    /// <summary>Regions, each on the grid: reference labels first, then supervoxels from fine to coarse.</summary>
    public required IReadOnlyList<ushort[]> Partitions { get; init; }

    /// <summary>True if the first partition is a reference, false if it is supervoxels too.</summary>
    public required bool IsLabelled { get; init; }

    /// <summary>True for CT, whose windows are chosen in Hounsfield units.</summary>
    public required bool IsCt { get; init; }

    /// <summary>How often it is drawn, against the others.</summary>
    public required float Weight { get; init; }

    /// <summary>Whether one click may ask for a region of it.</summary>
    public required bool ClickTells { get; init; }

    /// <summary>The largest region number of the first partition.</summary>
    public required int MaximumLabel { get; init; }

    /// <summary>Reads a source and divides it.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="folder">The folder that its paths are relative to.</param>
    /// <param name="reader">Reads volumes.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static TrainingVolume Read(TrainingSource source, string folder, IVolumeReader reader, CancellationToken cancellation)
    {
        if (source.Image is null)
        {
            LabelMap shapes = reader.ReadLabelMap(Path.Combine(folder, source.Labels!), cancellation);
            ushort[] regions = Renumber(shapes.Labels);
            return new()
            {
                Intensities = [],
                Geometry = shapes.Geometry,
                Partitions = [regions],
                MaximumLabel = regions.Max(),
                IsLabelled = true,
                IsCt = false,
                Weight = source.Weight,
                ClickTells = source.Clicks,
            };
        }
        Volume volume = reader.Read(Path.Combine(folder, source.Image), cancellation: cancellation);
        float[] intensities = volume.Accept(new IntensityCopy());
        List<ushort[]> partitions = [];
        if (source.Labels is not null)
        {
            LabelMap stored = reader.ReadLabelMap(Path.Combine(folder, source.Labels), cancellation);
            LabelMap labels = stored.ReorientTo(volume.Geometry) ?? stored; // converters mirror the rows of DICOM series
            // Upstream files differ in the last digits of their headers; the pairing by source is what counts, so only sizes are compared.
            if (labels.Geometry.SizeI != volume.Geometry.SizeI || labels.Geometry.SizeJ != volume.Geometry.SizeJ || labels.Geometry.SizeK != volume.Geometry.SizeK)
                throw new Core.Errors.InvalidFileException(source.Labels, $"has a grid of {labels.Geometry}, but its scan {source.Image} one of {volume.Geometry}; give labels on the scan's grid");
            partitions.Add(Renumber(labels.Labels));
        }
        foreach (float coarseness in (ReadOnlySpan<float>)[0.15f, 0.6f, 2f])
            partitions.Add(Supervoxels.Divide(intensities, volume.Geometry, coarseness));
        return new()
        {
            Intensities = intensities,
            Geometry = volume.Geometry,
            Partitions = partitions,
            MaximumLabel = partitions[0].Max(),
            IsLabelled = source.Labels is not null,
            IsCt = source.Modality == "CT",
            Weight = source.Weight,
            ClickTells = source.Clicks,
        };
    }

    /// <summary>Labels as 0, 1, 2, … in order of appearance, since atlases number in the thousands.</summary>
    private static ushort[] Renumber(ReadOnlySpan<ushort> labels)
    {
        ushort[] numbers = new ushort[ushort.MaxValue + 1], result = new ushort[labels.Length];
        ushort next = 1;
        for (int n = 0; n < labels.Length; n++)
        {
            ushort label = labels[n];
            if (label == 0) continue;
            if (numbers[label] == 0) numbers[label] = next++;
            result[n] = numbers[label];
        }
        return result;
    }

    private sealed class IntensityCopy : IVolumeVisitor<float[]>
    {
        public float[] Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            ReadOnlySpan<T> voxels = volume.Voxels;
            float[] result = new float[voxels.Length];
            for (int n = 0; n < result.Length; n++)
            {
                float value = (float)volume.Scale.ToIntensity(double.CreateTruncating(voxels[n]));
                result[n] = float.IsFinite(value) ? value : 0;
            }
            return result;
        }
    }
}

/// <summary>One source of the training split, as a recipe lists it.</summary>
/// <param name="Image">The scan, relative to the data folder; null for label maps without one.</param>
/// <param name="Labels">Its label map, if any.</param>
/// <param name="Modality"><c>CT</c>, <c>MR</c> or <c>US</c>.</param>
/// <param name="Weight">How often it is drawn, against the others.</param>
/// <param name="Clicks">False asks for its regions by boxes where a single click would have been drawn: it could not tell which is meant.</param>
internal sealed record TrainingSource(string? Image, string? Labels, string Modality, float Weight = 1, bool Clicks = true);
