using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Runtime;

/// <summary>What the ONNX Runtime beside this assembly is and can do.</summary>
public static class OnnxRuntimeInfo
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Its version.</summary>
    /// <exception cref="MissingComponentException">Its native library is missing or does not load.</exception>
    public static string GetVersion() => Guard(() => Environment.GetVersionString());

    /// <summary>The execution providers built into it, such as <c>CPUExecutionProvider</c>.</summary>
    /// <exception cref="MissingComponentException">Its native library is missing or does not load.</exception>
    public static IReadOnlyList<string> GetProviders() => Guard(() => Environment.GetAvailableProviders());

    /// <summary>True where the build has the CUDA provider; the machine may still lack a device or its libraries.</summary>
    /// <exception cref="MissingComponentException">ONNX Runtime's native library is missing or does not load.</exception>
    public static bool HasCuda() => GetProviders().Contains(CudaProvider);

    /// <summary>The environment, created quietly: no telemetry, and only fatal errors on standard error (others arrive as exceptions).</summary>
    private static OrtEnv Environment => s_environment.Value;

    private static readonly Lazy<OrtEnv> s_environment = new(() =>
    {
        EnvironmentCreationOptions options = new() { logId = "sammed2d", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OrtEnv environment = OrtEnv.IsCreated ? OrtEnv.Instance() : OrtEnv.CreateInstanceWithOptions(ref options);
        environment.DisableTelemetryEvents();
        return environment;
    });

    /// <summary>Makes sure that the environment exists before the first session creates a talkative one.</summary>
    internal static void Prepare() => Guard(() => Environment);

    private static T Guard<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception failure) when (IsMissingLibrary(failure, out string? reason))
        {
            throw new MissingComponentException(
                $"ONNX Runtime's native library does not load ({reason}); build again, so that libonnxruntime lies beside the program", failure);
        }
    }

    private static bool IsMissingLibrary(Exception failure, [NotNullWhen(true)] out string? reason)
    {
        Exception? cause = failure;
        while (cause is not null and not DllNotFoundException and not BadImageFormatException and not EntryPointNotFoundException) cause = cause.InnerException;
        reason = cause?.Message.Split('\n', 2)[0].Trim();
        return reason is not null;
    }
}
