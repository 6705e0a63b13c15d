using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using SamMed2D.Core.Errors;
using TorchSharp;

namespace SamMed2D.Training.Native;

/// <summary>Loads libtorch, and says plainly what to do where it cannot be loaded.</summary>
internal static partial class LibTorch
{
    private static readonly Lazy<string?> s_problem = new(Load);

    /// <summary>Where the native files lie.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    /// <summary>Why libtorch cannot be used on this machine, with the remedy; null if it can.</summary>
    public static string? Problem => s_problem.Value;

    /// <summary>Makes sure that libtorch is loaded.</summary>
    /// <exception cref="MissingComponentException">It cannot be loaded.</exception>
    public static void Require()
    {
        if (Problem is not null) throw new MissingComponentException(Problem);
    }

    /// <summary>Keeps the C library from giving memory back after every step, which costs a fifth of the time of training on a CPU.</summary>
    public static void KeepMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        const int trimThreshold = -1, topPad = -2, mmapThreshold = -3; // malloc.h
        _ = SetMallocOption(mmapThreshold, 1 << 30);
        _ = SetMallocOption(trimThreshold, int.MaxValue);
        _ = SetMallocOption(topPad, 64 << 20);
    }

    /// <summary>The message for a loader's failure; public to tests through its text alone.</summary>
    internal static string Explain(string loaderMessage)
    {
        Match version = MissingVersion().Match(loaderMessage);
        string found = version.Success
            ? $"the C++ library of this system lacks {version.Value}, which it was built for; install a newer libstdc++6 (Debian 13, Ubuntu 24.04 and later have GLIBCXX_3.4.32), or rebuild the plug-in, whose build lifts that one requirement"
            : $"{loaderMessage.Trim().ReplaceLineEndings(" ")}; rebuild the plug-in (dotnet build plugins/SamMed2D.Training -c Release) on 64-bit x86 Linux";
        return $"training needs libtorch, which cannot be loaded: {found}";
    }

    private static string? Load()
    {
        string file = Path.Combine(Folder, "libLibTorchSharp.so");
        // TorchSharp hides the loader's message, so the file is tried first; loading it twice is one loading.
        try
        {
            if (File.Exists(file)) LeaveOutNnpack(NativeLibrary.Load(file));
            using torch.Tensor probe = torch.ones(1);
            return probe.item<float>() == 1 ? null : "training needs libtorch, which gives wrong results on this machine";
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or TypeInitializationException or NotSupportedException or EntryPointNotFoundException)
        {
            return Explain((failure.InnerException ?? failure).Message);
        }
    }

    /// <summary>
    /// Does what <c>torch.backends.nnpack.set_flags(False)</c> does in Python, which TorchSharp lacks: where a processor is not one that NNPACK knows, libtorch
    /// would write a warning for every convolution.
    /// </summary>
    private static unsafe void LeaveOutNnpack(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint context) || !NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out nint set)) return;
        ((delegate* unmanaged<nint, byte, void>)set)(((delegate* unmanaged<nint>)context)(), 0);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);

    [GeneratedRegex(@"(GLIBCXX|CXXABI|GLIBC)_[0-9.]+")]
    private static partial Regex MissingVersion();
}
