using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>A labelled scan by its files, with what its list says about it; what the list leaves open is empty.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Subject">Whose scan it is.</param>
/// <param name="Image">The scan's file or folder.</param>
/// <param name="Label">The reference's file.</param>
/// <param name="Structures">Names of label values, from a <c>labels.json</c> beside the reference; empty where there is none.</param>
public sealed record ListedScan(string Name, string Subject, string Image, string Label, IReadOnlyDictionary<ushort, string> Structures)
{
    private static readonly string[] s_modalities = ["ct", "mr", "mri", "us", "pet", "pt", "xr", "cr", "dx", "endoscopy", "fundus", "dermoscopy", "histopathology"];

    /// <summary>The modality, such as <c>ct</c>.</summary>
    public string Modality { get; init; } = "";

    /// <summary>The kind within the modality, such as <c>t2</c>; <c>00</c> where the list has none, as SA-Med2D-20M does.</summary>
    public string SubModality { get; init; } = "00";

    /// <summary>The data set that it comes from.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>The organ of all its structures, instead of what their names tell.</summary>
    public string Organ { get; init; } = "";

    /// <summary>The body region of all its structures, instead of what their names tell.</summary>
    public string Region { get; init; } = "";

    /// <summary>The half that its subject is said to belong to; null leaves it to chance.</summary>
    public DatasetSplit? Split { get; init; }

    /// <summary>Who published it.</summary>
    public string Provenance { get; init; } = "";

    /// <summary>Under what licence.</summary>
    public string Licence { get; init; } = "";

    /// <summary>A label map with the list's names for its values, where there are any.</summary>
    public LabelMap WithNames(LabelMap labels) =>
        Structures.Count == 0 ? labels : labels.With([.. Structures.Where(s => s.Key != 0).Select(s => new Segment(s.Key, s.Value, RgbColor.ForLabel(s.Key)))]);

    /// <summary>The modality in lower case: what the list says, else the header, else the fallback, else what the name begins with (<c>ct-</c>); or <c>unknown</c>.</summary>
    /// <param name="ofHeader">What the scan's header says; may be empty.</param>
    /// <param name="fallback">What to take where neither tells; may be empty.</param>
    public string ModalityOf(string ofHeader, string fallback = "")
    {
        foreach (string said in (ReadOnlySpan<string>)[Modality, ofHeader, fallback])
            if (said.Length > 0) return said.ToLowerInvariant();
        string first = Name.Split('-', '_', '.', '/')[0].ToLowerInvariant();
        return !s_modalities.Contains(first) ? "unknown" : first == "mri" ? "mr" : first == "pt" ? "pet" : first;
    }

    /// <summary>What one of its structures is, as tags.</summary>
    /// <param name="structure">The structure's name.</param>
    /// <param name="modality">The modality, from <see cref="ModalityOf"/>.</param>
    public MaskTags TagsOf(string structure, string modality) =>
        new MaskTags { Subject = Subject, Dataset = Dataset, Modality = modality, Structure = structure, Organ = Organ, Region = Region }.WithAnatomy();
}
