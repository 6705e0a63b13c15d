using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Testing;

namespace SamMed2D.Viewer.Tests;

/// <summary>The main job, as a person does it: from opening a scan to the saved label map, with mouse and keyboard.</summary>
[Collection("window")] // one at a time: each has a screen of its own to draw
public sealed class SessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-viewer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void View_LiverByTwoBoxes_IsPropagatedCorrectedMeasuredSavedAndReopened()
    {
        Assert.SkipUnless(XDisplay.Missing is null, XDisplay.Missing ?? "");
        string scan = Path.Combine(Repository.Root, "sample-volumes", "abdomen-ct.nii.gz"), labels = Path.Combine(_folder, "liver.nii.gz"), project = Path.Combine(_folder, "liver.sammed2d");
        VolumeGeometry geometry = new VolumeFiles().Read(scan).Geometry;
        using (ViewerSession session = ViewerSession.Start(_folder, 1440, 900, scan))
        {
            PixelRectangle axial = session.PaneOf(ViewId.Axial), all = new(0, 0, 1440, 900), strip = new(axial.X0 + 120, axial.Y0 - 10, axial.X1, axial.Y0 - 1);
            session.WaitFor("the scan", screen => ViewerSession.Brightness(screen, axial) > 15);
            session.Display.Move(axial.X0 + 20, axial.Y0 + 20);
            Press(session, "Right", 12); // from slice 29 to 41
            DrawBox(session, geometry, 38, 30, 160, 119, 41);
            session.WaitFor("the mask", screen => ViewerSession.Colored(screen, axial) > 0.1);
            session.Display.Keep("5-box");
            session.Display.Key("a");
            session.WaitUntilStill(all);
            session.Display.Key("p");
            session.WaitFor("confidence along the slider", screen => ViewerSession.Colored(screen, strip) > 0.12);
            session.WaitUntilStill(all);
            session.Display.Keep("6-propagated");

            session.Display.Move(axial.X0 + 20, axial.Y0 + 20);
            Press(session, "Left", 17); // to slice 24
            DrawBox(session, geometry, 47, 51, 100, 113, 24);
            session.WaitUntilStill(all);
            session.Display.Key("a");
            session.WaitUntilStill(all);
            session.Display.Key("p");
            Thread.Sleep(2000); // the run begins a frame or two after the key
            session.WaitUntilStill(all);
            session.Display.Keep("7-corrected");

            session.Display.Key("ctrl+k");
            session.Display.Type("ruler");
            session.Display.Key("Return");
            session.Display.Drag(axial.X0 + 120, axial.Y0 + 150, axial.X0 + 260, axial.Y0 + 190);
            session.WaitUntilStill(all);
            session.Display.Keep("8-measured");

            OpenDialog(session, "ctrl+e");
            session.Display.Type(labels);
            session.WaitUntilStill(all);
            session.Display.Keep("9-export");
            session.Display.Key("Return");
            session.WaitFor("the label map", _ => File.Exists(labels));
            session.WaitUntilStill(all);
            OpenDialog(session, "ctrl+s");
            session.Display.Type(project);
            session.WaitUntilStill(all);
            session.Display.Key("Return");
            session.WaitFor("the project", _ => File.Exists(project));
            session.WaitUntilStill(all);
            session.Display.Key("ctrl+q");
            session.WaitForExit();
            Assert.Equal(0, session.ExitCode);
        }
        double dice = DiceOfLiver(labels);
        Assert.True(dice > 0.6, $"the liver's Dice is {dice:0.000}");

        using ViewerSession again = ViewerSession.Start(_folder, 1440, 900, project);
        again.WaitFor("the labels", screen => ViewerSession.Colored(screen, again.PaneOf(ViewId.Axial)) > 0.02 && ViewerSession.Colored(screen, again.PaneOf(ViewId.Coronal)) > 0.05);
        again.WaitUntilStill(new(0, 0, 1440, 900));
        again.Display.Keep("10-reopened");
    }

    private static void DrawBox(ViewerSession session, VolumeGeometry geometry, int i0, int j0, int i1, int j1, int k)
    {
        session.Display.Key("1");
        (double x0, double y0) = session.AxialPlace(geometry, i0, j0, k);
        (double x1, double y1) = session.AxialPlace(geometry, i1, j1, k);
        session.Display.Drag(x0, y0, x1, y1);
    }

    // What is typed before the dialog is there would be keys of the views.
    private static void OpenDialog(ViewerSession session, string key)
    {
        PixelRectangle middle = new(500, 300, 900, 600);
        double before = ViewerSession.Brightness(session.Display.Look(), middle);
        session.Display.Key(key);
        session.WaitFor($"the dialog of {key}", screen => Math.Abs(ViewerSession.Brightness(screen, middle) - before) > 3);
        session.WaitUntilStill(middle);
    }

    // A key takes two frames, and a slow machine's frames take their time: the next one waits until the last is on the screen.
    private static void Press(ViewerSession session, string key, int times)
    {
        for (int n = 0; n < times; n++)
        {
            session.Display.Key(key);
            session.WaitUntilStill(session.PaneOf(ViewId.Axial));
        }
    }

    private static double DiceOfLiver(string path)
    {
        const ushort liver = 1;
        VolumeFiles files = new();
        LabelMap found = files.ReadLabelMap(path), truth = files.ReadLabelMap(Path.Combine(Repository.Root, "sample-volumes", "abdomen-ct-labels.nii.gz"));
        Assert.True(found.Geometry.IsSameGrid(truth.Geometry, 1e-3));
        long both = 0, sum = 0;
        for (int n = 0; n < found.Labels.Length; n++)
        {
            bool isFound = found.Labels[n] != 0, isTrue = truth.Labels[n] == liver;
            if (isFound && isTrue) both++;
            sum += (isFound ? 1 : 0) + (isTrue ? 1 : 0);
        }
        return 2.0 * both / Math.Max(sum, 1);
    }
}
