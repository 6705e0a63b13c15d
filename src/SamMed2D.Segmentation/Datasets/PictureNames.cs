using System.Globalization;
using System.Text;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>
/// File names as SA-Med2D-20M has them: <c>MODALITY_SUB--DATASET--CASE--AXIS_SLICE</c> for pictures, with <c>--CLASS_INSTANCE</c> for masks. Masks
/// of other sources are <c>PICTURE_CLASS_INSTANCE</c>.
/// </summary>
public static class PictureNames
{
    private const string Separator = "--";

    /// <summary>The name of a picture, without its ending.</summary>
    public static string OfPicture(string modality, string subModality, string dataset, string scan, char axis, int slice) =>
        string.Create(CultureInfo.InvariantCulture, $"{OfScan(modality, subModality, dataset, scan)}{axis}_{slice:0000}");

    /// <summary>What the names of all pictures of a scan begin with.</summary>
    public static string OfScan(string modality, string subModality, string dataset, string scan) =>
        $"{ToPart(modality.ToLowerInvariant())}_{ToPart(subModality)}{Separator}{ToPart(dataset)}{Separator}{ToPart(scan)}{Separator}";

    /// <summary>The name of a mask, without its ending.</summary>
    public static string OfMask(string picture, string structure, int instance) =>
        string.Create(CultureInfo.InvariantCulture, $"{picture}{Separator}{ToPart(structure)}_{instance:000}");

    /// <summary>A text as a part of a name: letters, digits, dots, underscores and single dashes.</summary>
    public static string ToPart(string text)
    {
        StringBuilder part = new();
        foreach (char letter in text)
        {
            char kept = char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-';
            if (kept != '-' || part.Length > 0 && part[^1] != '-') part.Append(kept);
        }
        string trimmed = part.ToString().Trim('-', '.');
        return trimmed.Length > 0 ? trimmed : "unnamed";
    }

    /// <summary>What a mask's name says: class, and of names in the data set's form also modality, data set and case (which stands for the subject).</summary>
    /// <param name="picture">The picture's name.</param>
    /// <param name="mask">The mask's name, which begins with it.</param>
    public static MaskTags Parse(string picture, string mask)
    {
        string structure = mask.Length > picture.Length ? mask[picture.Length..].TrimStart('-', '_') : mask;
        int instance = structure.LastIndexOf('_');
        if (instance > 0 && structure.AsSpan(instance + 1).IndexOfAnyExceptInRange('0', '9') < 0) structure = structure[..instance];
        string[] parts = picture.Split(Separator);
        return (parts.Length == 4
            ? new MaskTags { Modality = parts[0].Split('_')[0], Dataset = parts[1], Subject = parts[2], Structure = structure }
            : new MaskTags { Subject = picture, Structure = structure }).WithAnatomy();
    }
}
