using SamMed2D.Segmentation.Datasets;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Sam;

/// <summary>Parts pictures by subject, never by slice: neighbouring slices of one patient are nearly the same picture.</summary>
internal static class KeptSubjects
{
    /// <summary>Keeps a part of the subjects back.</summary>
    /// <param name="pictures">All pictures.</param>
    /// <param name="part">The part of the subjects, rounded, at least one where it is above 0 and there are two.</param>
    /// <param name="seed">The same seed keeps the same subjects.</param>
    public static (IReadOnlyList<DatasetPicture> Learned, IReadOnlyList<DatasetPicture> KeptBack) Of(IReadOnlyList<DatasetPicture> pictures, double part, long seed)
    {
        string[] subjects = [.. pictures.Select(SubjectOf).Distinct().Order(StringComparer.Ordinal)];
        int kept = part <= 0 || subjects.Length < 2 ? 0 : Math.Clamp((int)Math.Round(part * subjects.Length), 1, subjects.Length - 1);
        RandomSource random = new(seed ^ 0x5B1, 0);
        HashSet<string> back = [.. subjects.Select(subject => (subject, Draw: random.Unit())).OrderBy(pair => pair.Draw).Take(kept).Select(pair => pair.subject)];
        return ([.. pictures.Where(picture => !back.Contains(SubjectOf(picture)))], [.. pictures.Where(picture => back.Contains(SubjectOf(picture)))]);
    }

    /// <summary>Whose picture it is: the data set's word for it, with the data set's name, for subjects of two may be called alike.</summary>
    public static string SubjectOf(DatasetPicture picture) => $"{picture.Masks[0].Tags.Dataset}/{picture.Masks[0].Tags.Subject}";
}
