using SamMed2D.Core.Errors;
using SamMed2D.Imaging;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer;

/// <summary>Runs one command line.</summary>
internal static class EntryPoint
{
    public static int Run(string[] args)
    {
        try
        {
            using GlfwWindow window = GlfwWindow.Open("SamMed2D", new(1400, 900), new(1024, 700), isVisible: true);
            using QuickView view = new(window, new VolumeFiles().Read(args[0]));
            view.Run();
            return 0;
        }
        catch (SamMed2DException failure)
        {
            Console.Error.WriteLine($"error: {failure.Message}");
            return failure is MissingComponentException ? 7 : 3;
        }
    }
}
