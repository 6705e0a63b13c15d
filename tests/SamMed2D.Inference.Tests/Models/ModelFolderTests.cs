using SamMed2D.Core.Errors;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Onnx.Format;

namespace SamMed2D.Inference.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_Bundled_IsTheCompactModelThatItsConfidencesWereFittedTo()
    {
        ModelFolder model = ModelFolder.Open(ModelFolder.Bundled, verifyHashes: true);

        Assert.Equal(ModelKind.Focus, model.Kind);
        Assert.StartsWith("compact-focus-", model.Id);
        Assert.Equal("Apache-2.0", model.Manifest!.Licence);
        Assert.Contains($"\"{model.Id}\"", File.ReadAllText(Path.Combine(ModelFolder.Bundled, "confidence.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingFolderOrFile_SaysWhich()
    {
        AssertRefused(Path.Combine(_folder, "none"), "no such folder");
        AssertRefused(_folder, "holds neither model.json nor encoder.onnx");
        string file = Path.Combine(_folder, "checkpoint.pth");
        File.WriteAllText(file, "");
        AssertRefused(file, "model import");
        CopyBundled();
        File.Delete(Path.Combine(_folder, "focus.onnx"));
        AssertRefused(_folder, "focus.onnx: is missing");
    }

    [Fact]
    public void Open_FileOfAnotherSize_SaysBoth()
    {
        CopyBundled();
        using (FileStream stream = File.OpenWrite(Path.Combine(_folder, "focus.onnx"))) stream.SetLength(1000);

        AssertRefused(_folder, "has 1000 bytes, model.json says");
    }

    [Fact]
    public void Open_OneBitFlipped_IsFoundByTheHash()
    {
        CopyBundled();
        string path = Path.Combine(_folder, "focus.onnx");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        AssertRefused(_folder, "SHA-256");
    }

    [Fact]
    public void Open_LinkInPlaceOfAFile_IsRefused()
    {
        CopyBundled();
        string path = Path.Combine(_folder, "focus.onnx");
        File.Move(path, path + ".moved");
        File.CreateSymbolicLink(path, path + ".moved");

        AssertRefused(_folder, "is a link");
    }

    [Theory]
    [InlineData("other.weights")]
    [InlineData("../focus.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("*/_ORT_MEM_ADDR_/*")]
    public void Open_OwnModelWithWeightsThatItDoesNotName_IsRefused(string location)
    {
        WriteFocus(graph => graph.Initializer.Add(External(location)));

        AssertRefused(_folder, $"takes weights from '{location}'");
    }

    [Fact]
    public void Open_ForeignPair_IsASamWithoutManifest()
    {
        ExportedPairFixture.Write(_folder);

        ModelFolder model = ModelFolder.Open(_folder);

        Assert.Null(model.Manifest);
        Assert.Equal(ModelKind.Sam, model.Kind);
        Assert.Matches("^onnx-[0-9a-f]{8}$", model.Id);
        Assert.Equal(model.Id, ModelFolder.Open(_folder).Id);
    }

    [Fact]
    public void Open_ForeignPairUnderOtherNames_IsFound()
    {
        ExportedPairFixture.Encoder().Save(Path.Combine(_folder, "sam-med2d_b.encoder.onnx"));
        ExportedPairFixture.Decoder().Save(Path.Combine(_folder, "sam-med2d_b.decoder.onnx"));

        Assert.EndsWith("sam-med2d_b.decoder.onnx", ModelFolder.Open(_folder).PathOf(ModelFileRole.Decoder));

        File.Copy(Path.Combine(_folder, "sam-med2d_b.decoder.onnx"), Path.Combine(_folder, "other.decoder.onnx"));
        AssertRefused(_folder, "2 files named like decoder.onnx");
    }

    [Theory]
    [InlineData("initializer")]
    [InlineData("attribute")]
    [InlineData("subgraph")]
    [InlineData("sparse")]
    public void Open_ForeignPairWithExternalData_IsRefusedWhereverItIsHidden(string place)
    {
        ExportedPairFixture.Write(_folder);
        TinyOnnx encoder = ExportedPairFixture.Encoder();
        TensorProto tensor = External("weights.bin");
        switch (place)
        {
            case "initializer":
                encoder.Graph.Initializer.Add(tensor);
                break;
            case "attribute":
                encoder.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "value", T = tensor });
                break;
            case "subgraph":
                encoder.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", G = new GraphProto { Initializer = { tensor } } });
                break;
            default:
                encoder.Graph.SparseInitializer.Add(new SparseTensorProto { Values = tensor });
                break;
        }
        encoder.Save(Path.Combine(_folder, "encoder.onnx"));

        AssertRefused(_folder, "keeps weights in another file ('weights.bin')");
    }

    [Fact]
    public void Open_ForeignPairWithCustomOperator_IsRefused()
    {
        ExportedPairFixture.Write(_folder);
        TinyOnnx decoder = ExportedPairFixture.Decoder();
        decoder.Graph.Node[0].Domain = "evil.example";
        decoder.Save(Path.Combine(_folder, "decoder.onnx"));
        AssertRefused(_folder, "unknown domain 'evil.example'");

        decoder.Graph.Node[0].Domain = "com.microsoft";
        decoder.Graph.Node[0].OpType = "EPContext";
        decoder.Save(Path.Combine(_folder, "decoder.onnx"));
        AssertRefused(_folder, "EPContext");
    }

    [Fact]
    public void Inspect_AnyDamage_IsRefusedOrRead()
    {
        string path = Path.Combine(_folder, "damaged.onnx");
        ExportedPairFixture.Decoder().Save(path);
        byte[] sound = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[1, sound.Length]).Sample((place, value, length) =>
        {
            byte[] bytes = sound[..length];
            if (place < length) bytes[place] = value;
            File.WriteAllBytes(path, bytes);
            try
            {
                OnnxInspection.Inspect(path);
            }
            catch (ModelException refusal)
            {
                Assert.DoesNotContain('\n', refusal.Message);
            }
        }, iter: 600, threads: 1);
    }

    [Fact]
    public void Inspect_WhatItNames_IsInTheFile()
    {
        string path = Path.Combine(_folder, "sound.onnx");
        TinyOnnx model = ExportedPairFixture.Decoder();
        model.Graph.Initializer.Add(External("a.bin"));
        model.Graph.Initializer.Add(External("b.bin"));
        model.Graph.Node[0].Domain = "com.microsoft";
        model.Save(path);

        OnnxInspection found = OnnxInspection.Inspect(path);

        Assert.Equal(["a.bin", "b.bin"], found.ExternalFiles.Order());
        Assert.Contains("Resize", found.Operators);
        Assert.Equal(["com.microsoft"], found.Domains);
    }

    private static TensorProto External(string location) => new()
    {
        Name = "external-" + location,
        DataType = 1,
        Dims = { 1 },
        DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData = { new StringStringEntryProto { Key = "location", Value = location }, new StringStringEntryProto { Key = "offset", Value = "0" } },
    };

    private void CopyBundled()
    {
        foreach (string file in (string[])["focus.onnx", "model.json"]) File.Copy(Path.Combine(ModelFolder.Bundled, file), Path.Combine(_folder, file));
    }

    private void WriteFocus(Action<GraphProto> change)
    {
        string path = Path.Combine(_folder, "focus.onnx");
        TinyOnnx focus = new TinyOnnx().Input("focus_input", 1, 6, 8, 8).Output("logits", 1, 6, 8, 8).Node("Identity", ["focus_input"], "logits");
        change(focus.Graph);
        focus.Save(path);
        new ModelManifest
        {
            Kind = ModelKind.Focus,
            Name = "test",
            Id = "test-0",
            Licence = "none",
            Provenance = "test",
            Focus = new() { CropSize = 8 },
            Files = [ModelFile.Describe(ModelFileRole.Focus, path)],
        }.Write(_folder);
    }

    private static void AssertRefused(string folder, string expected)
    {
        ModelException refusal = Assert.Throws<ModelException>(() => ModelFolder.Open(folder));
        Assert.Contains(expected, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
