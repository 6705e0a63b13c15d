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

    /// <summary>Is told, at most once each, what the user should know: a fall-back to the CPU, a model exported in a lesser way. Null ignores it.</summary>
    public Action<string>? Notice { get; init; }
}
