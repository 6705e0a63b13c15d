namespace SamMed2D.Inference.Runtime;

/// <summary>Where models run.</summary>
public enum InferenceDevice
{
    /// <summary>CUDA where this build and this machine have it, else the CPU, and a notice that says so.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA device; an error where there is none.</summary>
    Cuda,
}

/// <summary>How models are run.</summary>
public sealed record InferenceOptions
{
    /// <summary>Where.</summary>
    public InferenceDevice Device { get; init; } = InferenceDevice.Auto;

    /// <summary>Threads inside one run; 0 takes one for each physical core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// True lets idle threads spin between operators: a little faster for one caller on an otherwise idle machine, and a waste of cores
    /// where encoder, decoder and a viewer share them.
    /// </summary>
    public bool AllowSpinning { get; init; }

    /// <summary>True compares every file's SHA-256 at opening; false compares the sizes of all and the hashes of small ones.</summary>
    public bool VerifyHashes { get; init; }

    /// <summary>
    /// Where large models' optimised graphs are kept between starts on this machine (up to 8 GB; what was used longest ago goes first); null keeps none.
    /// </summary>
    public string? GraphCacheFolder { get; init; }

    /// <summary>The folder for that by the rules of the system: <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c> and the like; null where there is none.</summary>
    public static string? UserGraphCacheFolder
    {
        get
        {
            string? caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(caches) || !Path.IsPathRooted(caches))
            {
                string home = Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
                caches = home.Length == 0 ? null : OperatingSystem.IsWindows() ? home : Path.Combine(home, ".cache");
            }
            return caches is null ? null : Path.Combine(caches, "sammed2d", "graphs");
        }
    }

    /// <summary>Is told, at most once each, what the user should know: a fall-back to the CPU, a model exported in a lesser way. Null ignores it.</summary>
    public Action<string>? Notice { get; init; }
}
