using SamMed2D.Core.Errors;
using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Tests;

public sealed class CurvesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-curves-").FullName;

    private string Progress => Path.Combine(_folder, "progress.jsonl");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Write_SessionThatWasKilled_KeepsWhatTheNextOneDidAgain()
    {
        File.WriteAllText(Progress, """
            {"event":"started","step":0}
            {"event":"step","step":5,"samples":50,"loss":1.5,"dice":0.25,"learningRate":0.001}
            {"event":"step","step":10,"samples":100,"loss":9,"dice":0.9}
            {"event":"step","step":15,"samp
            {"event":"started","step":5}
            {"event":"step","step":10,"samples":100,"loss":1.25,"dice":0.5}
            {"event":"evaluation","step":10,"samples":100,"dice":0.625}
            """);
        new Curves(_folder, Progress, "masks").Write();

        Assert.Equal("""
            step,samples,loss,dice,iouError,gradientNorm,learningRate,validationDice
            5,50,1.5,0.25,,,0.001,
            10,100,1.25,0.5,,,,
            10,100,,,,,,0.625

            """, File.ReadAllText(Path.Combine(_folder, "curves.csv")), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Log_AfterALineThatWasCutOff_BeginsALineOfItsOwn()
    {
        File.WriteAllText(Progress, """{"event":"step","step":15,"samp""");
        ProgressLog log = new(Progress, TextWriter.Null);
        log.Write(new() { Event = "started", Step = 5 });
        log.Write(new() { Event = "step", Step = 6 });

        Assert.Equal(["""{"event":"step","step":15,"samp""", """{"event":"started","step":5}""", """{"event":"step","step":6}"""], File.ReadAllLines(Progress));
    }

    [Fact]
    public void Write_DiskThatIsFull_IsAnOutputError()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs Linux's /dev/full");
        File.CreateSymbolicLink(Progress, "/dev/full");

        OutputException refusal = Assert.Throws<OutputException>(() => new ProgressLog(Progress, TextWriter.Null).Write(new() { Event = "step" }));
        Assert.Contains("progress.jsonl", refusal.Message);
    }
}
