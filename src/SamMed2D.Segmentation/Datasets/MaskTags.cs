namespace SamMed2D.Segmentation.Datasets;

/// <summary>What a mask shows and where it comes from; fields that nothing tells are empty.</summary>
public sealed record MaskTags
{
    /// <summary>Whose picture it is.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The data set that it comes from.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>The modality in lower case, such as <c>ct</c> and <c>mr</c>.</summary>
    public string Modality { get; init; } = "";

    /// <summary>The structure as its source names it.</summary>
    public string Structure { get; init; } = "";

    /// <summary>The organ that the structure is or belongs to, such as <c>kidney</c>.</summary>
    public string Organ { get; init; } = "";

    /// <summary>The region of the body, or <c>lesion</c>.</summary>
    public string Region { get; init; } = "";

    /// <summary>The same tags, with organ and region found from the structure's name where they are empty.</summary>
    public MaskTags WithAnatomy()
    {
        (string organ, string region) = Anatomy.Of(Structure);
        return this with { Organ = Organ.Length > 0 ? Organ : organ, Region = Region.Length > 0 ? Region : region };
    }
}
