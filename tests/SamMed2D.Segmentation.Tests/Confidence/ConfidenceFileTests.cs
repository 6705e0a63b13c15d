using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Confidence;

namespace SamMed2D.Segmentation.Tests.Confidence;

public sealed class ConfidenceFileTests : IDisposable
{
    private static readonly ConfidenceModel s_model = new()
    {
        ModelId = "compact-1",
        Provenance = "tests; with \"quotes\"",
        StopBelow = 0.35,
        Key = new(-1, 2, 3),
        Step = new(1, 2, 3, 4, 5, -6, 7, -0.1),
        Presence = new(2, 3, 4, 5, 6, -7, 8, -0.2),
        Blend = new(0.5, 1.0 / 3, 2),
    };

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"confidence-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        ConfidenceFile.Write(s_model, _path);
        Assert.Equal(s_model, ConfidenceFile.Read(_path));
    }

    [Fact]
    public void Read_FileWithoutPresence_StopsByConfidence()
    {
        ConfidenceFile.Write(s_model, _path);
        string text = File.ReadAllText(_path);
        File.WriteAllText(_path, text.Replace("\"presence\"", "\"of a later version\"", StringComparison.Ordinal));
        Assert.Equal(s_model with { Presence = s_model.Step }, ConfidenceFile.Read(_path));
    }

    [Theory]
    [InlineData("{}", "is no confidence file")]
    [InlineData("{\"format\":\"sammed2d-confidence\",\"version\":2}", "version 2")]
    [InlineData("{\"format\":\"sammed2d-confidence\",\"version\":1}", "key is missing")]
    [InlineData("{\"format\":", "is damaged")]
    public void Read_Damaged_SaysSoInOneLine(string text, string expected)
    {
        File.WriteAllText(_path, text);
        string message = Assert.Throws<InvalidFileException>(() => ConfidenceFile.Read(_path)).Message;
        Assert.Contains(expected, message);
        Assert.Contains("calibrate", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Read_NoFile_SaysSo() => Assert.Contains("cannot be read", Assert.Throws<InvalidFileException>(() => ConfidenceFile.Read(_path)).Message);
}
