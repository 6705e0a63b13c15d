using System.Text.Json.Serialization;
using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Application.Projects;

/// <summary>What <c>project.json</c> says: which scans, how they are shown, and what else is not in the session.</summary>
internal sealed record ProjectContent
{
    public const string FormatName = "sammed2d-project";

    public const int CurrentVersion = 1;

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public required string Format { get; init; }

    /// <summary>The version of the form; later ones are refused.</summary>
    public required int Version { get; init; }

    /// <summary>The scan that is segmented first, then the others.</summary>
    public required IReadOnlyList<ProjectScan> Scans { get; init; }

    /// <summary>Places of the scan behind and the one on top in <see cref="Scans"/>; null for none.</summary>
    public int? Background { get; init; }

    public int? Foreground { get; init; }

    public double ForegroundOpacity { get; init; } = 0.5;

    public RasPoint Crosshair { get; init; }

    public LayoutKind Layout { get; init; }

    public ViewId MainView { get; init; }

    public IReadOnlyList<ViewState> Views { get; init; } = [];

    public Camera? Camera { get; init; }

    public string Preset { get; init; } = "";

    public bool IsVolumeShown { get; init; } = true;

    public bool AreSurfacesShown { get; init; } = true;

    public IReadOnlyList<ViewId> ShownSlices { get; init; } = [];

    public ushort? ActiveLabel { get; init; }

    public SliceRange? Range { get; init; }

    public string ModelWindow { get; init; } = "auto";
}

/// <summary>A scan of a project.</summary>
internal sealed record ProjectScan
{
    /// <summary>Its full path when the project was saved.</summary>
    public required string Path { get; init; }

    /// <summary>Its path from the project's folder, for projects that move together with their scans.</summary>
    public string? RelativePath { get; init; }

    public string? Series { get; init; }

    public int? Frame { get; init; }

    /// <summary>The identity of its voxels.</summary>
    public required string Sha256 { get; init; }

    public double WindowLow { get; init; }

    public double WindowHigh { get; init; }

    public string WindowName { get; init; } = "";
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProjectContent))]
internal sealed partial class ProjectJson : JsonSerializerContext;
