using System.Diagnostics;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Viewer.Tests;

/// <summary>A model of SAM-Med2D's shape in the viewer, imported as users do.</summary>
public sealed class ImportedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-imported-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void View_ImportedModel_EncodesSlicesAheadAndAnswersPrompts()
    {
        string checkpoint = Path.Combine(_folder, "random.pth"), model = Path.Combine(_folder, "model");
        new SamCheckpoint().Write(checkpoint);
        using (Process import = Process.Start(new ProcessStartInfo("dotnet", [ViewerSession.Program, "model", "import", checkpoint, "-o", model]) { RedirectStandardOutput = true })!)
        {
            import.StandardOutput.ReadToEnd();
            import.WaitForExit();
            Assert.Equal(0, import.ExitCode);
        }
        // The slice in sight rests while thirty boxes are asked about: time enough for its neighbours.
        string boxes = string.Concat(Enumerable.Range(0, 30).Select(n => $$"""{ "run": "prompt.box", "with": { "view": "axial", "slice": 41, "box": [{{38 + n}}, 30, 160, 119] } }, { "wait": 60 }, """));
        string script = $$"""
            [ { "wait": 60 }, { "run": "model.add-folder", "with": { "folder": "{{model}}" } }, { "run": "tool.box" }, { "wait": 60 },
              { "run": "view.slice", "with": { "view": "axial", "slice": 41 } }, { "run": "prompt.box", "with": { "view": "axial", "slice": 41, "box": [38, 30, 160, 119] } },
              { "wait": 120 }, { "expect": { "mask": true } }, {{boxes}}{ "expect": { "encoded": { "min": 2 } } } ]
            """;
        ScriptedViewer run = ScriptedViewer.Run(_folder, script, null, ScriptedViewer.Sample("abdomen-ct.nii.gz"));
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
