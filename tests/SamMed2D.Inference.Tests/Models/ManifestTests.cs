using SamMed2D.Core.Errors;
using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Tests.Models;

public sealed class ManifestTests : IDisposable
{
    private static readonly string s_hash = new('a', 64);

    private readonly string _folder = Directory.CreateTempSubdirectory("manifest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_WhatWriteWrote_IsEqual()
    {
        ModelManifest written = CreateSam();
        written.Write(_folder);

        ModelManifest read = ModelManifest.Read(Path.Combine(_folder, ModelManifest.FileName));

        Assert.Equal(written.ToJson(), read.ToJson());
        Assert.Equal(ResizePolicy.PadSmall, read.Sam!.Preprocessing.Resize);
        Assert.Equal(MaskPromptDomain.Probability, read.Sam.MaskPrompt);
        Assert.Equal([2, 5, 8, 11], read.Architecture!.GlobalBlocks);
        Assert.Equal("decoder.onnx", read.FindFile(ModelFileRole.Decoder)!.Name);
    }

    [Fact]
    public void ToJson_SamModel_UsesTheWordsOfTheFormat()
    {
        string json = CreateSam().ToJson();

        foreach (string expected in (string[])["\"kind\": \"sam\"", "\"resize\": \"pad-small\"", "\"maskPrompt\": \"probability\"", "\"sizeBytes\": 10"])
            Assert.Contains(expected, json);
        Assert.DoesNotContain("focus", json);
    }

    [Theory]
    [InlineData("{", "not a model description")]
    [InlineData("null", "empty")]
    [InlineData("{}", "not a model description")]
    [InlineData("[1]", "not a model description")]
    public void Read_Damaged_IsOneLineThatNamesTheFile(string text, string expected) => AssertRefused(text, expected);

    [Theory]
    [InlineData("\"sammed2d-model\"", "\"other\"", "format 'other'")]
    [InlineData("\"version\": 1", "\"version\": 2", "version 2")]
    [InlineData("encoder.onnx", "../encoder.onnx", "bare name")]
    [InlineData("encoder.onnx", "/etc/passwd", "bare name")]
    [InlineData("encoder.onnx", "a\\\\b", "bare name")]
    [InlineData("encoder.onnx", "decoder.onnx", "twice")]
    [InlineData("\"role\": \"encoder\"", "\"role\": \"document\"", "no encoder file")]
    [InlineData("\"imageSize\": 256", "\"imageSize\": 2147483647", "image size")]
    [InlineData("\"kind\": \"sam\"", "\"kind\": \"focus\"", "no focus file")]
    [InlineData("\"kind\": \"sam\"", "\"kind\": 0", "not a model description")]
    [InlineData("\"sizeBytes\": 10", "\"sizeBytes\": -1", "bytes")]
    [InlineData("aaaa", "aaa!", "SHA-256")]
    [InlineData("\"resize\": \"pad-small\"", "\"resize\": null", "not a model description")]
    public void Read_OneFieldWrong_SaysWhich(string original, string replacement, string expected)
    {
        string json = CreateSam().ToJson();
        Assert.Contains(original, json);

        AssertRefused(json.Replace(original, replacement), expected);
    }

    [Fact]
    public void Read_UnknownField_IsIgnored()
    {
        string path = Path.Combine(_folder, ModelManifest.FileName);
        File.WriteAllText(path, CreateSam().ToJson().Replace("\"version\": 1,", "\"version\": 1, \"later\": { \"a\": [1] },"));

        Assert.Equal("SAM-Med2D", ModelManifest.Read(path).Name);
    }

    private void AssertRefused(string text, string expected)
    {
        string path = Path.Combine(_folder, ModelManifest.FileName);
        File.WriteAllText(path, text);

        ModelException refusal = Assert.Throws<ModelException>(() => ModelManifest.Read(path));

        Assert.Contains(expected, refusal.Message);
        Assert.StartsWith(path, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static ModelManifest CreateSam() => new()
    {
        Kind = ModelKind.Sam,
        Name = "SAM-Med2D",
        Id = "sam-med2d_b-00000000",
        Licence = "Apache-2.0",
        Provenance = "test",
        Sam = new()
        {
            ImageSize = 256,
            EmbeddingShape = [256, 16, 16],
            Preprocessing = ImagePreprocessing.SegmentAnything(ResizePolicy.PadSmall),
            MaskPrompt = MaskPromptDomain.Probability,
            MaskSize = 64,
        },
        Architecture = new(768, 12, 12, 16, 14, [2, 5, 8, 11], true, 271_000_000),
        Files = [new(ModelFileRole.Encoder, "encoder.onnx", 10, s_hash), new(ModelFileRole.Decoder, "decoder.onnx", 11, s_hash)],
    };
}
