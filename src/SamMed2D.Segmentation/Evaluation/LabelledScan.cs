using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>A scan with its reference.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Subject">Whose scan it is; confidence intervals come from subjects, so scans of one person share it.</param>
/// <param name="Volume">The scan.</param>
/// <param name="Labels">The reference on the scan's grid.</param>
public sealed record LabelledScan(string Name, string Subject, Volume Volume, LabelMap Labels);
