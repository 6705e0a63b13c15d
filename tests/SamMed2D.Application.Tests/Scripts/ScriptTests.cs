using SamMed2D.Application.Scripts;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;

namespace SamMed2D.Application.Tests.Scripts;

public sealed class ScriptTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Run_WholeSession_ReachesItsExpectations()
    {
        string path = _test.Files.Add("abdomen.nii", TestWorkspace.Abdomen.Image);
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Run($$"""
            [
              { "note": "open, box, accept, undo" },
              { "run": "scan.open", "with": { "path": "{{path}}" } },
              { "wait": 20 },
              { "expect": { "scans": 1, "segments": 0, "unsaved": false } },
              { "run": "segment.add", "with": { "name": "liver" } },
              { "run": "view.slice", "with": { "view": "axial", "slice": {{slice}} } },
              { "run": "tool.box" },
              { "run": "prompt.box", "with": { "view": "axial", "box": [{{liver.X0}}, {{liver.Y0}}, {{liver.X1}}, {{liver.Y1}}] } },
              { "wait": 20 },
              { "expect": { "mask": true, "slice:axial": {{slice}} } },
              { "key": "A" },
              { "expect": { "mask": false, "voxels:liver": { "min": 10 }, "unsaved": true, "model": "Threshold" } },
              { "key": "Ctrl+Z" },
              { "expect": { "voxels:liver": 0 } }
            ]
            """);
        Assert.Empty(_test.Workspace.Notices.Open);
    }

    [Theory]
    [InlineData("[", "is not JSON")]
    [InlineData("{}", "is not a list")]
    [InlineData("[ { \"rum\": \"x\" } ]", "step 1: has 'rum'")]
    [InlineData("[ { \"wait\": 0 } ]", "step 1: waits")]
    [InlineData("[ { \"run\": \"app.keys\" }, { \"run\": \"no.such\" } ]", "step 2: no.such: there is no such command")]
    [InlineData("[ { \"key\": \"F11\" } ]", "step 1: the key 'F11' does nothing")]
    [InlineData("[ { \"key\": \"\" } ]", "step 1: presses '', which names no key")]
    [InlineData("[ { \"wait\": 1e300 } ]", "step 1: waits for")]
    [InlineData("[ { \"expect\": { \"scans\": { \"min\": \"a\" } } } ]", "step 1: 'min' is \"a\", not a number")]
    [InlineData("[ { \"expect\": { \"scans\": 2 } } ]", "step 1: 'scans' is 0, not 2")]
    [InlineData("[ { \"expect\": { \"colour\": 2 } } ]", "'colour', which is not known")]
    [InlineData("[ { \"run\": \"scan.open\", \"with\": { \"path\": \"/nowhere.nii\" } } ]", "step 1: /nowhere.nii: does not exist")]
    public void Run_ScriptThatFails_NamesTheStep(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidCommandException>(() => Run(json)).Message);

    [Fact]
    public void Run_JobOfTheLastStep_IsWaitedFor()
    {
        _test.OpenAbdomen();
        string path = Path.Combine(_test.Folder, "saved.sammed2d");
        Run($$"""[ { "run": "project.save", "with": { "path": "{{path}}" } } ]""");
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Run_JobThatFails_EndsAtTheStepThatStartedIt()
    {
        string path = Path.Combine(_test.Folder, "text.nii");
        File.WriteAllText(path, "no scan");
        string message = Assert.Throws<InvalidCommandException>(() => Run($$"""[ { "run": "scan.open", "with": { "path": "{{path}}" } }, { "wait": 20 } ]""")).Message;
        Assert.Contains("is not a volume", message);
    }

    private void Run(string json) => new ScriptRunner(_test.Workspace, CommandScript.Parse(json, "s.json")).Run(new CancellationTokenSource(20_000).Token);
}
