namespace SamMed2D.Imaging.Dicom;

/// <summary>One line of a listing: slices of one series with the same size and orientation. Holds nothing of the patient.</summary>
public sealed class DicomSeries
{
    internal DicomSeries(int number, IReadOnlyList<DicomFrame> frames)
    {
        DicomInstance first = frames[0].Instance;
        (Number, Uid, SeriesNumber, Modality, Description) = (number, first.SeriesUid, first.SeriesNumber, first.Modality, first.SeriesDescription);
        (Columns, Rows) = (frames[0].Columns, frames[0].Rows);
        IsLocaliser = frames.All(frame => frame.Instance.IsLocaliser);
        if (frames[0].Plane is not null) Stack = SliceStack.Arrange(frames);
        SliceCount = Stack?.Phases[0].Count ?? frames.Count;
        Problem = ProblemOf(frames);
    }

    /// <summary>Its number in the listing, from 1: what <c>--series</c> takes.</summary>
    public int Number { get; }

    /// <summary>The series number that the scanner gave, if any.</summary>
    public int? SeriesNumber { get; }

    /// <summary>The series' UID; empty where the files have none.</summary>
    public string Uid { get; }

    /// <summary>The last digits of the UID, enough to tell series apart by eye.</summary>
    public string UidTail => Uid.Length <= 8 ? Uid : Uid[^8..];

    /// <summary>DICOM modality code, such as <c>CT</c> or <c>MR</c>.</summary>
    public string Modality { get; }

    /// <summary>The series description, without control characters.</summary>
    public string Description { get; }

    /// <summary>Pixels in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows of a slice.</summary>
    public int Rows { get; }

    /// <summary>Slices of one phase.</summary>
    public int SliceCount { get; }

    /// <summary>How many phases or time points it has: volumes at the same place.</summary>
    public int PhaseCount => Stack?.Phases.Count ?? 1;

    /// <summary>What tells its phases apart, such as <c>acquisition number</c>; empty where there is one phase.</summary>
    public string PhaseRule => Stack?.PhaseRule ?? "";

    /// <summary>True for scouts and localisers.</summary>
    public bool IsLocaliser { get; }

    /// <summary>Why it cannot be read as a volume; null where it can.</summary>
    public string? Problem { get; }

    /// <summary>The sorted slices; null where the files do not say where they lie.</summary>
    internal SliceStack? Stack { get; }

    /// <summary>The series in one line: <c>2: CT, "Abdomen", 512×512, 40 slices, scanner's number 5, UID …12345678</c>.</summary>
    public override string ToString()
    {
        string phases = PhaseCount > 1 ? $" × {PhaseCount} phases" : "";
        string what = string.Join(", ", new[]
        {
            Modality,
            Description.Length > 0 ? $"\"{Description}\"" : "",
            $"{Columns}×{Rows}",
            $"{SliceCount} {(SliceCount == 1 ? "slice" : "slices")}{phases}",
            SeriesNumber is int number ? $"scanner's number {number}" : "",
            Uid.Length > 0 ? $"UID …{UidTail}" : "no UID",
        }.Where(part => part.Length > 0));
        return $"{Number}: {what}";
    }

    private string? ProblemOf(IReadOnlyList<DicomFrame> frames)
    {
        DicomInstance first = frames[0].Instance;
        if (first.Format.Problem is string pixels) return pixels;
        if (Stack is null) return "its images do not say where they lie in the patient (no position, orientation or pixel spacing), so they make no volume; export the original slices";
        if (SliceCount > 1) return null;
        return IsLocaliser
            ? "it is a localiser of one slice; choose the scan itself"
            : "it is a single slice; a volume needs at least two, so give the folder with the whole series";
    }
}
