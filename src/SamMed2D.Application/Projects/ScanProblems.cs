namespace SamMed2D.Application.Projects;

/// <summary>A project's scan is not where it was.</summary>
internal sealed class ScanMissing(Exception told) : Exception(told.Message, told);

/// <summary>A project's scan has other voxels than were segmented.</summary>
internal sealed class ScanChanged(Exception told) : Exception(told.Message, told);
