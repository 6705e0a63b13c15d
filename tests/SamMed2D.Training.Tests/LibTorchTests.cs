using SamMed2D.Training.Native;

namespace SamMed2D.Training.Tests;

public class LibTorchTests
{
    [Fact]
    public void Explain_OldCppLibrary_NamesTheVersionAndTheRemedy()
    {
        // What the loader of Debian 12 says.
        string message = LibTorch.Explain("Unable to load shared library '…/libLibTorchSharp.so': /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by …/libLibTorchSharp.so)");

        Assert.Contains("GLIBCXX_3.4.32", message);
        Assert.Contains("libstdc++6", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void ExplainMissingCuda_BuildForTheCpu_NamesThePropertyThatBuildsTheOther()
    {
        Assert.Contains("-p:LibTorch=Cuda", TrainingDevice.ExplainMissingCuda(hasBuild: false));
        Assert.Contains("nvidia-smi", TrainingDevice.ExplainMissingCuda(hasBuild: true));
    }

    [Fact]
    public void Select_CudaWithoutADevice_IsAMissingComponent()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        Assert.SkipWhen(File.Exists("/dev/nvidia0"), "this machine has a CUDA device");

        Assert.Throws<SamMed2D.Core.Errors.MissingComponentException>(() => TrainingDevice.Select("cuda"));
        Assert.Equal(TorchSharp.DeviceType.CPU, TrainingDevice.Select("auto").type);
    }
}
