using System.Text.RegularExpressions;

namespace SamMed2D.Viewer.Tests;

/// <summary>A whole session in a context whose driver checks every call.</summary>
public sealed partial class OpenGlTests : IDisposable
{
    // Everything that draws in its own way: slices, overlays, masks, two scans, the volume's presets, surfaces, slices in 3D, layouts, lists and dialogs.
    private const string Script = """
        [
          { "wait": 60 },
          { "run": "view.scroll", "with": { "view": "axial", "slices": 5 } }, { "run": "view.zoom-in", "with": { "view": "coronal" } }, { "wait": 5 },
          { "run": "view.turn", "with": { "view": "sagittal", "right": 20, "down": 10 } }, { "wait": 5 }, { "run": "view.follow-grid" },
          { "run": "view.interpolation" }, { "run": "window.preset", "with": { "name": "ct-bone" } }, { "wait": 5 },
          { "run": "tool.box" }, { "run": "view.slice", "with": { "view": "axial", "slice": 41 } }, { "run": "prompt.box", "with": { "view": "axial", "slice": 41, "box": [38, 30, 160, 119] } }, { "wait": 60 }, { "expect": { "mask": true } },
          { "run": "prompt.accept" }, { "run": "edit.paint", "with": { "view": "axial", "slice": 40, "path": [[90, 60], [120, 80]], "radius": 20, "ball": true } },
          { "run": "3d.toggle-slice", "with": { "view": "axial" } }, { "wait": 60 },
          { "run": "3d.orbit", "with": { "right": 80, "down": 20 } }, { "run": "3d.toggle-volume" }, { "wait": 30 }, { "run": "3d.toggle-volume" },
          { "run": "3d.preset", "with": { "name": "mip" } }, { "wait": 30 }, { "run": "3d.cut-by-slices" }, { "wait": 30 },
          { "run": "measure.ruler", "with": { "at": [[0, 0, 0], [30, 40, 0]] } },
          { "run": "scan.open", "with": { "path": "SECOND" } }, { "wait": 60 }, { "run": "scan.opacity", "with": { "opacity": 0.4 } }, { "wait": 5 },
          { "run": "view.side-by-side", "with": { "view": "axial" } }, { "wait": 5 }, { "run": "view.maximise", "with": { "view": "coronal" } }, { "wait": 5 }, { "run": "view.four-up" },
          { "run": "app.keys" }, { "wait": 5 }, { "run": "app.keys" }, { "run": "app.palette" }, { "wait": 5 }, { "run": "app.palette" },
          { "run": "edit.undo" }, { "run": "edit.undo" }, { "wait": 30 }, { "run": "scan.close", "with": { "scan": 2 } }, { "wait": 10 },
          { "run": "scan.close", "with": { "discard": true } }, { "wait": 10 }, { "expect": { "scans": 0 } }
        ]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-opengl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void View_WholeSessionInACheckedContext_MakesNoOpenGlError()
    {
        ScriptedViewer run = ScriptedViewer.Run(_folder, Script.Replace("SECOND", ScriptedViewer.Sample("abdomen-ct-labels.nii.gz")), null, "--check-opengl", ScriptedViewer.Sample("abdomen-ct.nii.gz"));
        Assert.True(run.ExitCode == 0, run.Error);
        Match report = Report().Match(run.Error);
        Assert.True(report.Success, run.Error);
        Assert.Equal("0", report.Groups["errors"].Value);
        Assert.True(int.Parse(report.Groups["frames"].Value, System.Globalization.CultureInfo.InvariantCulture) > 20, run.Error);
    }

    [GeneratedRegex("OpenGL 4.*: checked, (?<errors>[0-9]+) errors in (?<frames>[0-9]+) frames")]
    private static partial Regex Report();
}
