namespace SamMed2D.Inference.Models;

/// <summary>What a model description must satisfy before anything is loaded on its word.</summary>
internal static class ManifestRules
{
    private const int LargestImage = 4096;

    /// <summary>The first thing that is wrong, as the rest of a message, or null.</summary>
    public static string? FindProblem(ModelManifest manifest)
    {
        if (manifest.Format != ModelManifest.FormatName)
            return $"has the format '{manifest.Format}', expected '{ModelManifest.FormatName}'; name a folder made by 'sammed2d model import'";
        if (manifest.Version is < 1 or > ModelManifest.CurrentVersion)
            return $"has version {manifest.Version}, this program reads up to {ModelManifest.CurrentVersion}; update the program or import the model again";
        if (manifest.Id.Length == 0 || manifest.Name.Length == 0) return "names no model (id, name); import the model again";
        return FindFileProblem(manifest) ?? manifest.Kind switch
        {
            ModelKind.Sam => FindSamProblem(manifest),
            _ => FindFocusProblem(manifest),
        };
    }

    private static string? FindFileProblem(ModelManifest manifest)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (ModelFile file in manifest.Files)
        {
            if (!IsBareName(file.Name)) return $"names the file '{file.Name}', which is not a bare name in the same folder; do not use this model";
            if (!names.Add(file.Name)) return $"names the file '{file.Name}' twice; import the model again";
            if (file.SizeBytes < 0) return $"gives '{file.Name}' {file.SizeBytes} bytes; import the model again";
            if (!IsSha256(file.Sha256)) return $"gives '{file.Name}' a SHA-256 that is not 64 hexadecimal digits; import the model again";
        }
        foreach (ModelFileRole role in RequiredRoles(manifest.Kind))
            if (manifest.FindFile(role) is null) return $"names no {role.ToString().ToLowerInvariant()} file; import the model again";
        return null;
    }

    private static ReadOnlySpan<ModelFileRole> RequiredRoles(ModelKind kind) =>
        kind == ModelKind.Sam ? [ModelFileRole.Encoder, ModelFileRole.Decoder] : [ModelFileRole.Focus];

    private static string? FindSamProblem(ModelManifest manifest)
    {
        if (manifest.Sam is not { } sam) return "is of kind sam without a 'sam' section; import the model again";
        if (sam.ImageSize is < 16 or > LargestImage) return $"has an image size of {sam.ImageSize}, expected 16 to {LargestImage}";
        if (sam.MaskSize < 1 || sam.MaskSize > sam.ImageSize) return $"has a mask size of {sam.MaskSize} for images of {sam.ImageSize}";
        if (sam.EmbeddingShape.Count != 3 || sam.EmbeddingShape.Any(size => size is < 1 or > LargestImage))
            return $"has the embedding shape [{string.Join(',', sam.EmbeddingShape)}], expected channels, rows, columns";
        if (sam.Preprocessing.Mean.Count != 3 || sam.Preprocessing.Std.Count != 3 || sam.Preprocessing.Std.Any(value => !(value > 0)))
            return "has a preprocessing without three means and three positive deviations";
        if (sam.Decoder.Candidates is < 1 or > 64) return $"has a decoder of {sam.Decoder.Candidates} masks";
        return null;
    }

    private static string? FindFocusProblem(ModelManifest manifest)
    {
        if (manifest.Focus is not { } focus) return "is of kind focus without a 'focus' section; import the model again";
        if (focus.CropSize is < 8 or > LargestImage) return $"has a crop size of {focus.CropSize}, expected 8 to {LargestImage}";
        if (focus.CanvasSize is < 16 or > LargestImage) return $"has a canvas of {focus.CanvasSize}, expected 16 to {LargestImage}";
        if (!(focus.MinimumSide >= 1 && focus.MaximumSide >= focus.MinimumSide && focus.MaximumSide <= 4.0 * LargestImage))
            return $"has crops from {focus.MinimumSide} to {focus.MaximumSide}";
        foreach (double length in (ReadOnlySpan<double>)[focus.BoxFactor, focus.MaskFactor, focus.FirstClickSide, focus.SecondClickMinimumSide])
            if (!(length > 0 && length <= LargestImage)) return $"has a crop length of {length}";
        return null;
    }

    /// <summary>True for a name that can only mean a file in the same folder.</summary>
    internal static bool IsBareName(string name) =>
        name.Length is > 0 and <= 255 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', ':') < 0 && !name.Any(char.IsControl);

    private static bool IsSha256(string digits) => digits.Length == 64 && digits.All(char.IsAsciiHexDigit);
}
