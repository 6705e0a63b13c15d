namespace SamMed2D.Cli.Tests;

public class EntryPointTests
{
    [Fact]
    public void Run_UnknownCommand_ExitsWith2AndPointsToHelp()
    {
        CommandRun run = CommandRun.Of("segmnt");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("segmnt", run.Error);
        Assert.Contains("--help", run.Error);
    }

    [Fact]
    public void Run_NoArguments_PrintsHelp()
    {
        CommandRun run = CommandRun.Of();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Usage:", run.Output);
        Assert.Contains("not a medical device", run.Output);
    }
}
