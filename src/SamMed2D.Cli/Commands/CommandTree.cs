using System.CommandLine;
using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Commands;

/// <summary>The commands of <c>sammed2d</c>, in the order of its help.</summary>
internal static class CommandTree
{
    public static RootCommand Create(Shell shell) => new(
        "Segments CT and MR scans with SAM-Med2D: slice by slice, from a few prompts.\nResearch use only; not a medical device.")
    {
        ViewCommand.Create(),
        SegmentCommand.Create(shell),
        ReplayCommand.Create(shell),
        InfoCommand.Create(shell),
        ConvertCommand.Create(shell),
        RenderCommand.Create(shell),
        MeshCommand.Create(shell),
        SlicesCommand.Create(shell),
        DatasetCommand.Create(shell),
        EvaluateCommand.Create(shell),
        EvaluateVolumesCommand.Create(shell),
        Evaluate2DCommand.Create(shell),
        EvaluatePropagationCommand.Create(shell),
        CalibrateCommand.Create(shell),
        PhantomCommand.Create(shell),
        PredictCommand.Create(shell),
        TrainCommand.Create(shell),
        DoctorCommand.Create(shell),
        ModelCommand.Create(shell),
        Shell.QuietOption,
        ErrorReport.DebugOption,
    };
}
