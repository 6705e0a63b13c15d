using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Runtime;

/// <summary>Chooses between CPU and CUDA for a session.</summary>
internal static class CudaProvider
{
    private const string Remedy =
        "the package Microsoft.ML.OnnxRuntime.Gpu: build with -p:OnnxRuntime=Gpu on a machine with an NVIDIA driver, CUDA and cuDNN, or use --device cpu";

    private static int s_fallBackTold;

    /// <summary>Adds the CUDA provider to the settings where it is asked for or there.</summary>
    /// <returns>The device that the session will run on: <c>cpu</c> or <c>cuda</c>.</returns>
    /// <exception cref="MissingComponentException">CUDA is asked for and absent.</exception>
    public static string Append(SessionOptions settings, InferenceOptions options)
    {
        if (options.Device == InferenceDevice.Cpu) return "cpu";
        string? problem = OnnxRuntimeInfo.HasCuda() ? TryAppend(settings) : "this build of ONNX Runtime has no CUDA provider";
        if (problem is null) return "cuda";
        if (options.Device == InferenceDevice.Cuda) throw new MissingComponentException($"--device cuda: {problem}; it needs {Remedy}");
        if (options.Notice is { } notice && Interlocked.Exchange(ref s_fallBackTold, 1) == 0) notice($"running on the CPU: {problem}");
        return "cpu";
    }

    private static string? TryAppend(SessionOptions settings)
    {
        try
        {
            settings.AppendExecutionProvider_CUDA(0);
            return null;
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or EntryPointNotFoundException)
        {
            return $"the CUDA provider does not start ({failure.Message.ReplaceLineEndings(" ").Trim()})";
        }
    }
}
