using SamMed2D.Core.Errors;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Tests.Onnx;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Import;

public sealed class ModelImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_RandomCheckpoint_WritesAModelThatOpensAndAnswers()
    {
        string model = PathOf("model");
        ImportResult result = ModelImport.Run(WriteRandom(new()), model, new() { Name = "Tiny one", Licence = "CC0-1.0" });

        ModelFolder opened = ModelFolder.Open(model, verifyHashes: true);
        Assert.Equal(result.Manifest.Id, opened.Id);
        Assert.StartsWith("tiny-one-", opened.Id, StringComparison.Ordinal);
        Assert.Equal("CC0-1.0", opened.Manifest!.Licence);
        Assert.Equal((MaskPromptDomain.Probability, ResizePolicy.PadSmall, 256, 64),
            (opened.Manifest.Sam!.MaskPrompt, opened.Manifest.Sam.Preprocessing.Resize, opened.Manifest.Sam.ImageSize, opened.Manifest.Sam.MaskSize));
        Assert.Equal(["decoder.onnx", "decoder.weights", "encoder.onnx", "encoder.weights", "model.json"], Directory.GetFiles(model).Select(Path.GetFileName).Order());

        using GraphRunner decoder = new(opened.PathOf(ModelFileRole.Decoder));
        Dictionary<string, Numbers> outputs = decoder.Run(
            ("image_embeddings", new(new float[256 * 256], 1, 256, 16, 16)), ("point_coords", new([10, 20], 1, 1, 2)), ("point_labels", new([1], 1, 1)),
            ("mask_input", new(new float[64 * 64], 1, 1, 64, 64)), ("has_mask_input", new([0], 1)));
        Assert.Equal([1L, 4L, 64L, 64L], outputs["low_res_masks"].Shape);
        Assert.Equal([1L, 4L], outputs["iou_predictions"].Shape);
        Assert.All(outputs["low_res_masks"].Values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Run_SamAt1024Read_HasSamsOwnHabits()
    {
        string checkpoint = WriteRandom(new() { ImageSize = 1024, Adapters = false });
        ModelManifest sam = ModelImport.Run(checkpoint, PathOf("sam"), new() { ImageSize = 256, WithoutAdapters = true }).Manifest;
        ModelManifest forced = ModelImport.Run(checkpoint, PathOf("forced"), new() { ImageSize = 256, Family = SamFamily.SamMed2D }).Manifest;

        Assert.Equal((MaskPromptDomain.Logits, ResizePolicy.LongestSide), (sam.Sam!.MaskPrompt, sam.Sam.Preprocessing.Resize));
        Assert.Equal((MaskPromptDomain.Probability, ResizePolicy.PadSmall), (forced.Sam!.MaskPrompt, forced.Sam.Preprocessing.Resize));
        Assert.NotEqual(sam.Id, forced.Id);
    }

    [Fact]
    public void Run_ResizedAndWithoutAdapters_SaysSoInNotes()
    {
        IReadOnlyList<string> notes = ModelImport.Run(WriteRandom(new() { ImageSize = 512, Adapters = false }), PathOf("m"), new() { ImageSize = 256, WithoutAdapters = true }).Notes;
        Assert.Contains(notes, note => note.Contains("512", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("no adapters", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(250)]
    [InlineData(240)] // 15 tokens, which adapters cannot halve
    [InlineData(32)]
    [InlineData(1 << 20)]
    public void Run_ImpossibleImageSize_SaysWhichArePossible(int size)
    {
        string checkpoint = WriteRandom(new());
        ModelException failure = Assert.Throws<ModelException>(() => ModelImport.Run(checkpoint, PathOf("m"), new() { ImageSize = size }));
        Assert.Contains("multiple of 32", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PlaceHoldsOtherThings_RefusesAndLeavesThem()
    {
        string checkpoint = WriteRandom(new()), place = Directory.CreateDirectory(PathOf("scans")).FullName, precious = Path.Combine(place, "scan.nii");
        File.WriteAllText(precious, "precious");
        Assert.Throws<OutputException>(() => ModelImport.Run(checkpoint, place, new()));
        Assert.Equal("precious", File.ReadAllText(precious));
    }

    [Fact]
    public void Run_PlaceHoldsAModel_ReplacesItUnlessSomethingElseLiesInside()
    {
        string checkpoint = WriteRandom(new()), place = PathOf("model");
        ModelImport.Run(checkpoint, place, new() { Name = "first" });
        ModelImport.Run(checkpoint, place, new() { Name = "second" });
        Assert.Equal("second", ModelManifest.Read(Path.Combine(place, "model.json")).Name);

        File.WriteAllText(Path.Combine(place, "notes.txt"), "mine");
        OutputException failure = Assert.Throws<OutputException>(() => ModelImport.Run(checkpoint, place, new() { Name = "third" }));
        Assert.Contains("notes.txt", failure.Message, StringComparison.Ordinal);
        Assert.Equal("second", ModelManifest.Read(Path.Combine(place, "model.json")).Name);
        Assert.Equal(["model", "random.pth"], Entries());
    }

    [Fact]
    public void Run_Cancelled_LeavesNothingBehind()
    {
        using CancellationTokenSource source = new();
        string checkpoint = WriteRandom(new());
        Assert.Throws<OperationCanceledException>(() => ModelImport.Run(checkpoint, PathOf("m"), new(), (done, total) =>
        {
            if (done > total / 3) source.Cancel();
        }, source.Token));
        Assert.Equal(["random.pth"], Entries());
    }

    [Fact]
    public void Run_NotFiniteWeights_RefusesAndLeavesNothingBehind()
    {
        SamCheckpoint sizes = new();
        string checkpoint = PathOf("random.pth");
        CheckpointWriter.Write(checkpoint, [.. sizes.Tensors().Select(tensor => tensor.Name.EndsWith("neck.3.bias", StringComparison.Ordinal) ? tensor with { Fill = values => values.Fill(float.NaN) } : tensor)]);
        Assert.Contains("not finite", Assert.Throws<ModelException>(() => ModelImport.Run(checkpoint, PathOf("m"), new())).Message, StringComparison.Ordinal);
        Assert.Equal(["random.pth"], Entries());
    }

    [Fact]
    public void Run_TensorOfAnotherShape_NamesItWithBothShapes()
    {
        SamCheckpoint sizes = new();
        string checkpoint = PathOf("random.pth");
        CheckpointWriter.Write(checkpoint, [.. sizes.Tensors().Select(tensor => tensor.Name.EndsWith("blocks.0.attn.proj.weight", StringComparison.Ordinal) ? tensor with { Shape = [64, 16] } : tensor)]);
        string message = Assert.Throws<ModelException>(() => ModelImport.Run(checkpoint, PathOf("m"), new())).Message;
        Assert.Contains("blocks.0.attn.proj.weight is [64, 16], expected [32, 32]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_HostileGolden_RefusesAndSaysWhatItFound()
    {
        Assert.SkipWhen(Repository.SharedMissing("model-goldens") is not null, Repository.SharedMissing("model-goldens") ?? "");
        ModelException failure = Assert.Throws<ModelException>(() => ModelImport.Run(Repository.SharedPath("model-goldens", "hostile-pickle.pth"), PathOf("m"), new()));
        Assert.Contains("posix.system", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("pwned"));
        Assert.Empty(Entries());
    }

    private string[] Entries() => [.. Directory.GetFileSystemEntries(_folder).Select(entry => Path.GetFileName(entry)).Order()];

    private string WriteRandom(SamCheckpoint sizes)
    {
        string path = PathOf("random.pth");
        sizes.Write(path);
        return path;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
