using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Viewer;

/// <summary>What the viewer is started with; <c>sammed2d view</c> has checked and documents it.</summary>
internal sealed record ViewerOptions
{
    /// <summary>Scans to open.</summary>
    public IReadOnlyList<string> Scans { get; init; } = [];

    /// <summary>The window's size.</summary>
    public ImageSize Size { get; init; } = new(1440, 900);

    /// <summary>The scale of everything; null follows the display.</summary>
    public float? Scale { get; init; }

    /// <summary>True draws into memory only, without a display.</summary>
    public bool IsOffscreen { get; init; }

    /// <summary>A script of commands to run; null for none.</summary>
    public string? Script { get; init; }

    /// <summary>Where a picture of the window goes once scans and script are through; the viewer then ends. Null for none.</summary>
    public string? Screenshot { get; init; }

    /// <summary>True prints how long frames took.</summary>
    public bool PrintsFrameTimes { get; init; }

    /// <summary>True has the driver check every call of OpenGL, and prints how many errors it found.</summary>
    public bool ChecksOpenGl { get; init; }

    /// <summary>Reads the arguments that <c>sammed2d view</c> passes on.</summary>
    public static ViewerOptions Parse(string[] arguments)
    {
        ViewerOptions options = new();
        List<string> scans = [];
        for (int n = 0; n < arguments.Length; n++)
        {
            string Next() => n + 1 < arguments.Length ? arguments[++n] : throw new InvalidPromptException($"{arguments[n]} needs a value; start the viewer with 'sammed2d view'");
            options = arguments[n] switch
            {
                "--size" => options with { Size = SizeOf(Next()) },
                "--scale" => options with { Scale = float.Parse(Next(), CultureInfo.InvariantCulture) },
                "--offscreen" => options with { IsOffscreen = true },
                "--script" => options with { Script = Next() },
                "--screenshot" => options with { Screenshot = Next() },
                "--frame-times" => options with { PrintsFrameTimes = true },
                "--check-opengl" => options with { ChecksOpenGl = true },
                _ => options,
            };
            if (!arguments[n].StartsWith("--", StringComparison.Ordinal) && (n == 0 || !TakesValue(arguments[n - 1]))) scans.Add(arguments[n]);
        }
        return options with { Scans = scans };
    }

    private static bool TakesValue(string argument) => argument is "--size" or "--scale" or "--script" or "--screenshot";

    private static ImageSize SizeOf(string text)
    {
        string[] parts = text.Split('x');
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
