using SamMed2D.Core.Errors;
using TorchSharp;

namespace SamMed2D.Training.Native;

/// <summary>Where training computes.</summary>
internal static class TrainingDevice
{
    /// <summary>Loads libtorch and makes a device the one that new tensors lie on.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c>, or <c>auto</c> for CUDA where it works.</param>
    /// <exception cref="MissingComponentException">libtorch cannot be loaded, or the device is not there.</exception>
    public static torch.Device Select(string name)
    {
        LibTorch.Require();
        bool isCuda = name != "cpu" && HasCuda();
        if (name == "cuda" && !isCuda) throw new MissingComponentException(ExplainMissingCuda(HasCudaBuild()));
        torch.Device device = isCuda ? torch.CUDA : torch.CPU;
        torch.set_default_device(device);
        return device;
    }

    /// <summary>Why there is no CUDA.</summary>
    /// <param name="hasBuild">Whether this build of the plug-in holds libtorch for CUDA.</param>
    internal static string ExplainMissingCuda(bool hasBuild) => hasBuild
        ? "no CUDA device can be used: nvidia-smi should list one, with a driver for CUDA 12.8 (570 or newer); or train with --device cpu"
        : "this build of the training plug-in holds libtorch for the CPU only; build it with: dotnet build plugins/SamMed2D.Training -c Release -p:LibTorch=Cuda; or train with --device cpu";

    private static bool HasCudaBuild() =>
        Directory.Exists(LibTorch.Folder) && Directory.EnumerateFiles(LibTorch.Folder, "libtorch_cuda*").Any();

    private static bool HasCuda()
    {
        try
        {
            return HasCudaBuild() && torch.cuda.is_available();
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or NotSupportedException or TypeInitializationException)
        {
            return false;
        }
    }
}
