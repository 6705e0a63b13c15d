using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>Cuts a scan and its label maps into pictures and masks along all three axes.</summary>
/// <param name="options">How.</param>
/// <param name="volumes">Reads scans and label maps.</param>
/// <param name="writer">Takes the pictures.</param>
internal sealed class ScanCutter(DatasetOptions options, IVolumeReader volumes, DatasetWriter writer)
{
    /// <summary>Cuts one scan.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="progress">Told after each slice.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <returns>Its masks, in the training half; at least one.</returns>
    /// <exception cref="InvalidFileException">A file is damaged, a label map is empty, or no mask is large enough.</exception>
    /// <exception cref="UnsupportedInputException">A label map is not of the scan's grid.</exception>
    public IReadOnlyList<DatasetEntry> Cut(DatasetScan scan, ProgressCallback progress, CancellationToken cancellation)
    {
        Volume volume = volumes.Read(scan.Image, cancellation: cancellation);
        LabelMap[] labels = [.. scan.Labels.Select(listed => ReadLabels(listed, volume.Geometry, cancellation))];
        IntensityWindow window = options.Window.Resolve(volume);
        SliceFrame[] frames = [.. Enum.GetValues<SliceAxis>().Select(axis => new SliceFrame(volume.Geometry, axis)).Where(f => SliceCuration.HasFairShape(f.Width, f.Height))];
        if (frames.Length == 0)
            throw new UnsupportedInputException(scan.Image, $"has {volume.Geometry}, so along every axis a slice's short side is under half its long side; resample it first");
        List<DatasetEntry> entries = [];
        HashSet<string> names = [];
        long done = 0, total = frames.Sum(f => (long)f.SliceCount);
        foreach (SliceFrame frame in frames)
        {
            SliceSampler sampler = SliceSampler.Create(volume, frame, window);
            byte[] pixels = new byte[sampler.PixelCount];
            ushort[] cut = new ushort[sampler.PixelCount];
            for (int slice = 0; slice < frame.SliceCount; slice++)
            {
                cancellation.ThrowIfCancellationRequested();
                string name = PictureNames.OfPicture(scan.Labels[0].ModalityOf(volume.Info.Modality, options.Modality), scan.Labels[0].SubModality, DatasetOf(scan), scan.Case, "xyz"[(int)frame.Axis], slice);
                int before = entries.Count;
                for (int n = 0; n < labels.Length; n++)
                {
                    LabelSlice.Sample(labels[n], frame, slice, cut);
                    foreach (CuratedMask mask in SliceCuration.MasksOf(cut, frame.Width, frame.Height)) entries.Add(Write(scan, n, labels[n], volume, frame, slice, name, mask, names));
                }
                if (entries.Count > before) writer.WritePicture(name, sampler.Sample(slice, pixels.AsMemory()));
                progress(++done, total);
            }
        }
        return entries.Count > 0 ? entries : throw new InvalidFileException(scan.Labels[0].Label, "no mask covers 0.153 % of its slice; such small ones are left out of data sets");
    }

    private LabelMap ReadLabels(ListedScan listed, VolumeGeometry grid, CancellationToken cancellation)
    {
        LabelMap labels = SameGrid.Require(listed.Label, volumes.ReadLabelMap(listed.Label, cancellation), listed.Image, grid);
        if (!labels.Labels.ContainsAnyExcept((ushort)0)) throw new InvalidFileException(listed.Label, "is empty: every voxel is background; give a label map with a structure in it");
        return listed.WithNames(labels);
    }

    private DatasetEntry Write(DatasetScan scan, int map, LabelMap labels, Volume volume, SliceFrame frame, int slice, string picture, CuratedMask mask, HashSet<string> names)
    {
        ListedScan listed = scan.Labels[map];
        string structure = labels.FindSegment(mask.Label)?.Name ?? FormattableString.Invariant($"{mask.Label:0000}");
        string name = PictureNames.OfMask(picture, structure, mask.Instance);
        // Two label maps, or two labels, may call a structure the same.
        for (int instance = mask.Instance; !names.Add(name);) name = PictureNames.OfMask(picture, structure, ++instance);
        writer.WriteMask(name, mask.Mask);
        return new()
        {
            Mask = DatasetWriter.MaskFile(name),
            Picture = DatasetWriter.PictureFile(picture),
            Split = DatasetSplit.Train,
            Tags = listed.TagsOf(structure, scan.Labels[0].ModalityOf(volume.Info.Modality, options.Modality)) with { Dataset = DatasetOf(scan) },
            Axis = "xyz"[(int)frame.Axis],
            Slice = slice,
            Label = mask.Label,
            Instance = mask.Instance,
            Width = frame.Width,
            Height = frame.Height,
            Area = mask.Area,
            Scan = listed.Image,
            LabelFile = listed.Label,
            Provenance = listed.Provenance,
            Licence = listed.Licence,
        };
    }

    private string DatasetOf(DatasetScan scan) => scan.Labels[0].Dataset.Length > 0 ? scan.Labels[0].Dataset : options.Name;
}
