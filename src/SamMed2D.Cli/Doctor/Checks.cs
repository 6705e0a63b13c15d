using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SamMed2D.Inference;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;

namespace SamMed2D.Cli.Doctor;

/// <summary>Everything that <c>sammed2d doctor</c> looks at.</summary>
internal static class Checks
{
    private const string System = "system", Inference = "inference", Imaging = "imaging", Graphics = "graphics";
    private const string Rebuild = "build again with './sammed2d doctor', which installs what is missing when run as root";
    private const string GdcmGlue = "/usr/lib/cli/gdcm-sharp-3.0/libgdcmsharpglue.so";
    private const string ItkShim = "libsammed2d_itk.so";

    /// <summary>All checks, in the order in which they are shown.</summary>
    /// <param name="modelFolder">The model to look at; null for the bundled one.</param>
    public static IReadOnlyList<Check> All(string? modelFolder) =>
    [
        new(System, "sammed2d", Rebuild, check => check.Ok(ProgramVersion())),
        new(System, ".NET", "install the .NET 10 runtime", check => check.Ok(RuntimeInformation.FrameworkDescription)),
        new(System, "operating system", "", check => check.Ok($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}")),
        new(System, "processor", "", check => check.Ok($"{Environment.ProcessorCount} logical cores, {VectorUnits()}")),
        new(System, "memory", "close other programs; a 300-slice scan with SAM-Med2D wants about 4 GB", LookAtMemory),
        new(Inference, "ONNX Runtime", Rebuild, check => check.Ok(OnnxRuntimeInfo.GetVersion())),
        new(Inference, "execution providers", Rebuild, check => check.Ok(string.Join(", ", OnnxRuntimeInfo.GetProviders()))),
        new(Inference, "CUDA", "for an NVIDIA card: build with -p:OnnxRuntime=Gpu (package Microsoft.ML.OnnxRuntime.Gpu), with CUDA and cuDNN installed", LookAtCuda),
        new(Inference, "model", "name a folder made by 'sammed2d model import', or leave --model away for the bundled model", check => LookAtModel(check, modelFolder)),
        new(Inference, "model runs", "see the model's error; './sammed2d model import' makes a sound folder", check => RunModel(check, modelFolder)),
        LibraryCheck(Imaging, "GDCM (compressed DICOM)", "apt-get install libgdcm-cil", isNeeded: true, GdcmGlue),
        LibraryCheck(Imaging, "ITK shim (NRRD, MetaImage, filters)", "apt-get install libinsighttoolkit5-dev g++ cmake ninja-build, then build again", isNeeded: true, Path.Combine(AppContext.BaseDirectory, ItkShim)),
        LibraryCheck(Imaging, "SkiaSharp (PNG, JPEG)", Rebuild, isNeeded: true, Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", "libSkiaSharp.so"), Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libSkiaSharp.so"), "libSkiaSharp.so"),
        LibraryCheck(Graphics, "OpenGL", "for the viewer: apt-get install libgl1 libopengl0 libgl1-mesa-dri", isNeeded: false, "libOpenGL.so.0", "libGL.so.1", "opengl32.dll"),
        LibraryCheck(Graphics, "EGL (pictures without a screen)", "for pictures without a screen: apt-get install libegl1 libegl-mesa0", isNeeded: false, "libEGL.so.1"),
        LibraryCheck(Graphics, "GLFW (windows)", "for the viewer: apt-get install libglfw3", isNeeded: false, "libglfw.so.3", "glfw3.dll"),
    ];

    private static string ProgramVersion() =>
        typeof(Checks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown version";

    private static string VectorUnits()
    {
        List<string> units = [];
        if (Avx2.IsSupported) units.Add("AVX2");
        if (Avx512F.IsSupported) units.Add("AVX-512");
        if (HasFlag("avx512_vnni") || AvxVnni.IsSupported) units.Add("VNNI");
        return units.Count == 0 ? "no AVX2 (models will be slow)" : string.Join(", ", units);
    }

    // .NET has no question for AVX-512 VNNI.
    private static bool HasFlag(string flag) => File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ').Contains(flag) == true;

    private static Finding LookAtMemory(Check check)
    {
        const double gigabyte = 1 << 30, least = 2;
        double total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / gigabyte;
        string found = string.Create(CultureInfo.InvariantCulture, $"{total:0.0} GB");
        return total >= least ? check.Ok(found) : check.Missing(found);
    }

    private static Finding LookAtCuda(Check check) =>
        OnnxRuntimeInfo.HasCuda() ? check.Ok("this build has the provider; --device cuda says whether the machine does") : check.Optional("this build runs on the CPU only");

    private static Finding LookAtModel(Check check, string? folder)
    {
        ModelFolder model = ModelFolder.Open(folder ?? ModelFolder.Bundled, verifyHashes: true);
        string licence = model.Manifest is { } manifest ? $"licence {manifest.Licence}" : "ONNX files from elsewhere, licence unknown";
        return check.Ok($"{model.Name} ({model.Id}), {licence}");
    }

    private static Finding RunModel(Check check, string? folder)
    {
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(folder);
        using SliceEmbedding embedding = segmenter.Encode(new(64, 64, 1, new byte[64 * 64]));
        MaskPrediction prediction = segmenter.Predict(embedding, new() { Box = new(16, 16, 48, 48) });
        return float.IsFinite(prediction.PredictedIou) ? check.Ok($"on {segmenter.Description.Device}") : check.Missing("its answer is not a number");
    }

    private static Check LibraryCheck(string area, string name, string remedy, bool isNeeded, params string[] candidates) => new(area, name, remedy, check =>
    {
        foreach (string candidate in candidates)
        {
            if (!NativeLibrary.TryLoad(candidate, out nint library)) continue;
            NativeLibrary.Free(library);
            return check.Ok($"{Path.GetFileName(candidate)} loads");
        }
        string found = $"{Path.GetFileName(candidates[0])} does not load";
        return isNeeded ? check.Missing(found) : check.Optional(found);
    });
}
