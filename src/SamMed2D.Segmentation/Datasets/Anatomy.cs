using System.Text;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>
/// Organs and body regions of structures by their names, as data sets spell them (TotalSegmentator, AMOS, FreeSurfer, plain English). Regions are
/// those of SAM-Med2D's tables: head and neck, thorax, abdomen, pelvis, lesion; and limbs and other for the rest.
/// </summary>
public static class Anatomy
{
    /// <summary>The region of names that no rule knows.</summary>
    public const string OtherRegion = "other";

    private const string Head = "head and neck", Thorax = "thorax", Abdomen = "abdomen", Pelvis = "pelvis", Limbs = "limbs", Lesion = "lesion";

    // The first rule of which one phrase occurs as whole words wins, so lesions come before the organs that they lie in.
    private static readonly (string Organ, string Region, string[] Phrases)[] s_rules =
    [
        ("lesion", Lesion, ["lesion", "lesions", "tumor", "tumour", "tumors", "cancer", "gtv", "metastasis", "metastases", "nodule", "cyst", "mass", "carcinoma", "sarcoma", "infarct", "edema", "oedema"]),
        ("spinal cord", Head, ["spinal cord", "cord"]),
        ("vertebra", Abdomen, ["vertebra", "vertebrae"]),
        ("vertebra", "", ["spine", "vertebral"]),
        ("rib", Thorax, ["rib", "ribs", "costal", "ribcage"]),
        ("lung", Thorax, ["lung", "lungs"]),
        ("heart", Thorax, ["heart", "atrium", "myocardium", "atrial", "left ventricle", "right ventricle", "ventricle left", "ventricle right", "pericardium"]),
        ("aorta", Abdomen, ["aorta"]),
        ("vein", Abdomen, ["inferior vena cava", "portal vein", "splenic vein", "postcava", "ivc"]),
        ("vein", Thorax, ["superior vena cava", "brachiocephalic vein", "pulmonary vein"]),
        ("artery", Thorax, ["brachiocephalic trunk", "subclavian", "pulmonary artery"]),
        ("artery", Head, ["carotid"]),
        ("iliac vessel", Pelvis, ["iliac artery", "iliac vena", "iliac vein"]),
        ("oesophagus", Thorax, ["esophagus", "oesophagus"]),
        ("trachea", Thorax, ["trachea", "bronchus", "bronchi"]),
        ("mediastinum", Thorax, ["mediastinum", "thymus"]),
        ("breast", Thorax, ["breast"]),
        ("bone of the thorax", Thorax, ["sternum", "scapula", "clavicula", "clavicle"]),
        ("liver", Abdomen, ["liver"]),
        ("spleen", Abdomen, ["spleen"]),
        ("kidney", Abdomen, ["kidney", "kidneys"]),
        ("stomach", Abdomen, ["stomach"]),
        ("pancreas", Abdomen, ["pancreas"]),
        ("gallbladder", Abdomen, ["gallbladder", "gall bladder"]),
        ("adrenal gland", Abdomen, ["adrenal", "adrenals"]),
        ("duodenum", Abdomen, ["duodenum"]),
        ("bowel", Abdomen, ["bowel", "colon", "intestine"]),
        ("bladder", Pelvis, ["urinary bladder", "bladder"]),
        ("prostate", Pelvis, ["prostate", "seminal vesicle"]),
        ("uterus", Pelvis, ["uterus", "ovary"]),
        ("rectum", Pelvis, ["rectum"]),
        ("hip", Pelvis, ["hip", "sacrum", "pelvis", "ilium"]),
        ("muscle", Pelvis, ["gluteus", "iliopsoas"]),
        ("muscle", Abdomen, ["autochthon", "psoas", "muscle", "muscles"]),
        ("long bone", Limbs, ["femur", "humerus", "tibia", "fibula", "radius", "ulna"]),
        ("thyroid", Head, ["thyroid gland", "thyroid"]),
        ("eye", Head, ["eye", "eyes", "eyeball", "lens", "optic nerve"]),
        ("salivary gland", Head, ["parotid", "submandibular"]),
        ("skull", Head, ["skull", "mandible", "teeth", "tooth", "face"]),
        ("brain", Head, ["brain", "white matter", "grey matter", "gray matter", "cerebral cortex", "cortex", "ventricles", "ventricle", "thalamus", "caudate", "putamen", "pallidum", "hippocampus", "amygdala", "cerebellum", "cerebellar", "brainstem", "brain stem", "csf", "cerebrospinal", "cerebrum", "corpus callosum"]),
        ("body", OtherRegion, ["body", "skin", "fat", "background"]),
    ];

    /// <summary>The organ and the region of a structure; <c>other</c> where the name is not known, with the name for the organ.</summary>
    /// <param name="structure">The structure's name, in any spelling with spaces, underscores or dashes.</param>
    public static (string Organ, string Region) Of(string structure)
    {
        string words = ToWords(structure);
        if (LevelOf(words) is { } level) return ("vertebra", level);
        foreach ((string organ, string region, string[] phrases) in s_rules)
            foreach (string phrase in phrases)
                if (words.Contains($" {phrase} ", StringComparison.Ordinal))
                    return (organ, region.Length > 0 ? region : OtherRegion);
        // A mere number names no organ.
        return (structure.AsSpan().ContainsAnyExceptInRange('0', '9') ? structure : OtherRegion, OtherRegion);
    }

    // Vertebrae lie where their level says: "vertebrae_T9", "vertebra L2", "C3".
    private static string? LevelOf(string words)
    {
        if (!words.Contains(" vertebra", StringComparison.Ordinal)) return null;
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (word.Length is 2 or 3 && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
                return word[0] switch { 'c' => Head, 't' => Thorax, 'l' => Abdomen, 's' => Pelvis, _ => null };
        return null;
    }

    private static string ToWords(string name)
    {
        StringBuilder words = new(" ");
        foreach (char letter in name) words.Append(char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ');
        return words.Append(' ').Replace("  ", " ").ToString();
    }
}
