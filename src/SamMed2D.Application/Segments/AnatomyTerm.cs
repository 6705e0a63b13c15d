using SamMed2D.Core.Volumes;

namespace SamMed2D.Application.Segments;

/// <summary>A name to pick for a segment.</summary>
/// <param name="Category">What it is: organ, vessel, bone, muscle, tissue, lesion, other.</param>
/// <param name="Name">Its name.</param>
/// <param name="Code">Its SNOMED CT code, as DICOM segmentations carry it.</param>
/// <param name="SideCode">The code of the side, 24028007 for right and 7771000 for left; empty for none.</param>
/// <param name="Color">Its usual colour.</param>
public sealed record AnatomyTerm(string Category, string Name, string Code, string SideCode, RgbColor Color)
{
    /// <summary>All names, by category and from head to foot.</summary>
    public static IReadOnlyList<AnatomyTerm> All { get; } = Read();

    /// <summary>The term of a name, in any case; null where there is none.</summary>
    public static AnatomyTerm? Find(string name) => All.FirstOrDefault(term => term.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The terms for some typed letters: those that start with them first.</summary>
    public static IReadOnlyList<AnatomyTerm> Search(string typed)
    {
        string[] words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. All.Where(term => words.All(word => term.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(term => term.Name.StartsWith(typed.Trim(), StringComparison.OrdinalIgnoreCase))];
    }

    private static List<AnatomyTerm> Read()
    {
        using StreamReader reader = new(typeof(AnatomyTerm).Assembly.GetManifestResourceStream("anatomy.csv")!);
        List<AnatomyTerm> terms = [];
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(';');
            RgbColor.TryParse(cells[4], out RgbColor color);
            terms.Add(new(cells[0], cells[1], cells[2], cells[3], color));
        }
        return terms;
    }
}
