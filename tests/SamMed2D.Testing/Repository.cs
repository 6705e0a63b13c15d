namespace SamMed2D.Testing;

/// <summary>Where tests find the repository and the real data that lies beside it.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>SamMed2D.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of real scans and goldens beside the repository; it may be missing.</summary>
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>A path under <see cref="Shared"/>.</summary>
    public static string SharedPath(params string[] parts) => Path.Combine([Shared, .. parts]);

    /// <summary>Why tests on shared data are skipped; null where the data is there. For <c>Assert.SkipWhen</c>.</summary>
    public static string? SharedMissing(params string[] parts) =>
        Path.Exists(SharedPath(parts)) ? null : $"needs ../shared/{string.Join('/', parts)}, which is not beside this checkout";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SamMed2D.sln"))) return folder.FullName;
        throw new InvalidOperationException("Tests run from inside the repository, under the folder that holds SamMed2D.sln.");
    }
}
