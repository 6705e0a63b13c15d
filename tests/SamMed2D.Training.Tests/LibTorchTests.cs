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
}
