using System.Security.Cryptography;
using System.Text;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>Divides subjects into those to train on and those to test on. Whole subjects: slices of one person are never in both halves.</summary>
public static class SubjectSplit
{
    /// <summary>Assigns every subject to a half.</summary>
    /// <param name="subjects">The subjects; those that are said to belong to a half do.</param>
    /// <param name="earlier">Where subjects were in an earlier run; they stay there.</param>
    /// <param name="testShare">The share of all subjects to test on, 0 to 1; of two or more subjects at least one, if it is not 0.</param>
    /// <param name="seed">The same seed and subjects give the same halves.</param>
    public static IReadOnlyDictionary<string, DatasetSplit> Assign(
        IEnumerable<(string Subject, DatasetSplit? Said)> subjects, IReadOnlyDictionary<string, DatasetSplit> earlier, double testShare, int seed)
    {
        Dictionary<string, DatasetSplit> halves = [];
        SortedSet<string> open = new(StringComparer.Ordinal);
        foreach ((string subject, DatasetSplit? said) in subjects)
            if (said is { } half) halves[subject] = half;
            else open.Add(subject);
        open.ExceptWith(halves.Keys);
        foreach (string subject in open.Where(earlier.ContainsKey).ToArray())
        {
            halves[subject] = earlier[subject];
            open.Remove(subject);
        }
        int total = halves.Count + open.Count;
        int wanted = testShare > 0 && total > 1 ? Math.Clamp((int)Math.Round(testShare * total), 1, total) : (int)Math.Round(testShare * total);
        int left = Math.Max(0, wanted - halves.Values.Count(half => half == DatasetSplit.Test));
        foreach (string subject in open.OrderBy(subject => Draw(subject, seed), StringComparer.Ordinal))
            halves[subject] = left-- > 0 ? DatasetSplit.Test : DatasetSplit.Train;
        return halves;
    }

    // A hash, not a random number: a subject's draw does not depend on who else is there.
    private static string Draw(string subject, int seed) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed} {subject}"))));
}
