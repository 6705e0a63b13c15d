using SamMed2D.Segmentation.Datasets;

namespace SamMed2D.Training.Sam;

/// <summary>Keeps subjects back from learning, never single slices: neighbouring slices of one patient are nearly the same picture.</summary>
internal static class KeptSubjects
{
    /// <summary>Keeps a part of the subjects back.</summary>
    /// <param name="pictures">All pictures.</param>
    /// <param name="part">The part of the subjects, 0 to 1, rounded; of two or more at least one where it is not 0, and never all.</param>
    /// <param name="seed">The same seed keeps the same subjects.</param>
    public static (IReadOnlyList<DatasetPicture> Learned, IReadOnlyList<DatasetPicture> KeptBack) Of(IReadOnlyList<DatasetPicture> pictures, double part, long seed)
    {
        string[] subjects = [.. pictures.Select(SubjectOf).Distinct()];
        if (part <= 0 || subjects.Length < 2) return (pictures, []);
        IReadOnlyDictionary<string, DatasetSplit> halves = SubjectSplit.Assign(
            subjects.Select(subject => (subject, (DatasetSplit?)null)), new Dictionary<string, DatasetSplit>(), Math.Min(part, (subjects.Length - 1.0) / subjects.Length), (int)seed);
        ILookup<bool, DatasetPicture> parts = pictures.ToLookup(picture => halves[SubjectOf(picture)] == DatasetSplit.Test);
        return ([.. parts[false]], [.. parts[true]]);
    }

    /// <summary>Whose picture it is: the data set's word for it, with the data set's name, for subjects of two may be called alike.</summary>
    public static string SubjectOf(DatasetPicture picture) => $"{picture.Masks[0].Tags.Dataset}/{picture.Masks[0].Tags.Subject}";
}
