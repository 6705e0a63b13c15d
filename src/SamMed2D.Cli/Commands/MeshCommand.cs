using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Rendering.MeshFiles;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d mesh</c>: turns a label map into surfaces.</summary>
internal static class MeshCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> input = new("LABELS") { Description = "A label map: NIfTI, NRRD or MetaImage." };
        Option<string> output = new("--output", "-o") { Description = $"Ends in {string.Join(", ", MeshFile.Extensions)}.", Required = true };
        Option<MeshSpace> space = new("--space") { Description = "The axes of the coordinates, which the file names: lps (as 3D Slicer writes) or ras.", DefaultValueFactory = _ => MeshSpace.Lps };
        Option<int> smooth = new("--smooth") { Description = "Rounds of smoothing that keeps the volume; 0 keeps the voxels' faces.", DefaultValueFactory = _ => new SurfaceOptions().SmoothingRounds };
        Option<ushort[]> only = new("--label") { Description = "The label values to take; all where not given.", AllowMultipleArgumentsPerToken = true };
        smooth.Validators.Add(result =>
        {
            if (result.GetValue(smooth) is < 0 or > 1000) result.AddError("--smooth takes a number from 0 to 1000");
        });
        Command command = new("mesh", "Turns a label map into closed surfaces, one a segment, for printing and other programs.") { input, output, space, smooth, only };
        command.SetAction(parsed =>
        {
            LabelMap labels = new VolumeFiles().ReadLabelMap(parsed.GetValue(input)!, shell.Cancellation);
            SurfaceOptions options = new()
            {
                SmoothingRounds = parsed.GetValue(smooth),
                Labels = parsed.GetValue(only) is { Length: > 0 } chosen ? new HashSet<ushort>(chosen) : null,
            };
            IReadOnlyList<SurfaceMesh> meshes = SurfaceNets.Extract(labels, options, cancellation: shell.Cancellation);
            MeshFile.Write(parsed.GetValue(output)!, meshes, parsed.GetValue(space));
            foreach (SurfaceMesh mesh in meshes) Shell.Print(FormattableString.Invariant($"{mesh.Name}: {mesh.TriangleCount} triangles, {mesh.ComputeVolumeMm3() / 1000:0.##} ml"));
            return (int)ExitCode.Success;
        });
        return command;
    }
}
