using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Checkpoints;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("model")]
    [InlineData("state_dict")]
    [InlineData(null)]
    public void Open_StateDictNestedOrBare_FindsItsTensors(string? key)
    {
        string path = PathOf("nested.pth");
        CheckpointWriter.Write(path, [new("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), new("a.bias", [2], [-1, 0.5f])], key);

        using CheckpointFile checkpoint = CheckpointFile.Open(path);

        Assert.Equal(["a.bias", "a.weight"], checkpoint.Tensors.Keys.Order());
        Assert.Equal([2L, 3L], checkpoint.GetTensor("a.weight").Shape);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], checkpoint.GetTensor("a.weight").ToArray());
        Assert.Equal([-1f, 0.5f], checkpoint.GetTensor("a.bias").ToArray());
        Assert.Empty(checkpoint.CodeReferences);
    }

    [Fact]
    public void ReadFloat32_HalfStorage_WidensExactly()
    {
        string path = PathOf("half.pth");
        float[] values = [0, 1, -2.5f, 65504, 6.103515625e-5f];
        CheckpointWriter.Write(path, [new("w", [5], values)], isHalf: true);

        using CheckpointFile checkpoint = CheckpointFile.Open(path);

        Assert.Equal(CheckpointElementType.Float16, checkpoint.GetTensor("w").ElementType);
        Assert.Equal(values, checkpoint.GetTensor("w").ToArray());
    }

    [Fact]
    public void ReadFloat32_BFloat16AndInt64_ConvertsToSingle()
    {
        byte[] brain = [0x80, 0x3f, 0x20, 0xc1]; // 1 and -10, from the bfloat16 definition (upper half of a single)
        long[] whole = [3, -7];
        byte[] pickle = new PickleWriter().Op('}').Op('(')
            .Text("b").Tensor("BFloat16Storage", "0", 2, 0, [2], [1])
            .Text("i").Tensor("LongStorage", "1", 2, 0, [2], [1]).Op('u').ToArray();

        using CheckpointFile checkpoint = OpenBytes(CheckpointWriter.ToBytes(pickle, brain, MemoryMarshal.AsBytes(whole.AsSpan()).ToArray()));

        Assert.Equal([1f, -10f], checkpoint.GetTensor("b").ToArray());
        Assert.Equal([3f, -7f], checkpoint.GetTensor("i").ToArray());
    }

    [Fact]
    public void ReadFloat32_TransposedView_ReturnsRowMajorCopy()
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("t").Tensor("FloatStorage", "0", 8, 1, [3, 2], [1, 3]).Op('u').ToArray();

        using CheckpointFile checkpoint = OpenBytes(CheckpointWriter.ToBytes(pickle, Floats(9, 1, 2, 3, 4, 5, 6, 9)));
        using MemoryStream stream = new();
        checkpoint.GetTensor("t").WriteFloat32(stream);

        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], checkpoint.GetTensor("t").ToArray());
        Assert.Equal(Floats(1, 4, 2, 5, 3, 6), stream.ToArray());
    }

    [Fact]
    public void WriteFloat32_LongTensor_StreamsEveryValueInOrder()
    {
        string path = PathOf("long.pth");
        float[] values = [.. Enumerable.Range(0, 200_001).Select(n => n * 0.25f)];
        CheckpointWriter.Write(path, [new("w", [3, 66_667], values)]);

        using CheckpointFile checkpoint = CheckpointFile.Open(path);
        using MemoryStream stream = new();
        checkpoint.GetTensor("w").WriteFloat32(stream);

        Assert.Equal(values, MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray());
    }

    [Fact]
    public void Open_ReferencesToCode_NamesThemAndRunsNothing()
    {
        string victim = PathOf("pwned");
        byte[] pickle = new PickleWriter().Op('}').Op('(')
            .Text("model").Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op('u')
            .Text("optimizer").Global("posix", "system").Text($"touch {victim}").Raw(0x85).Op('R')
            .Text("other").Text("builtins").Text("eval").Raw(0x93).Text("1").Raw(0x85).Op('R').Op('u').ToArray();

        using CheckpointFile checkpoint = OpenBytes(CheckpointWriter.ToBytes(pickle, Floats(2.5f)));

        Assert.Equal(["posix.system", "builtins.eval"], checkpoint.CodeReferences);
        Assert.Equal([2.5f], checkpoint.GetTensor("w").ToArray());
        Assert.False(File.Exists(victim));
    }

    [Fact]
    public void Open_CodeWhereTheStateDictShouldBe_RefusesAndNamesIt()
    {
        byte[] pickle = new PickleWriter().Global("os", "system").Text("true").Raw(0x85).Op('R').ToArray();

        ModelException failure = Assert.Throws<ModelException>(() => OpenBytes(CheckpointWriter.ToBytes(pickle)));

        Assert.Contains("os.system", failure.Message, StringComparison.Ordinal);
        Assert.Contains("torch.save(model.state_dict()", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 2, 0x8a, 10, 0x6c, 0xfc }, "before version 1.6")]
    [InlineData(new byte[] { 1, 2, 3, 4, 5 }, "does not begin as a zip archive")]
    [InlineData(new byte[] { }, "only 0 bytes")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0, 0, 0, 0 }, "cut off")]
    public void Open_OtherFormats_SayWhatToDo(byte[] bytes, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => OpenBytes(bytes)).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_MissingFile_SaysSo() =>
        Assert.Contains("no such file", Assert.Throws<ModelException>(() => CheckpointFile.Open(PathOf("absent.pth"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_CompressedArchive_SaysToSaveItAgain()
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create))
        {
            using Stream part = archive.CreateEntry("archive/data.pkl", CompressionLevel.Optimal).Open();
            part.Write(new byte[1000]);
        }
        Assert.Contains("is compressed", Assert.Throws<ModelException>(() => OpenBytes(bytes.ToArray())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new long[] { 3 }, new long[] { 1 })] // longer than the storage
    [InlineData(2, new long[] { 1 }, new long[] { 1 })] // starts past its end
    [InlineData(0, new long[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 })] // overflows
    [InlineData(0, new long[] { 1000 }, new long[] { 0 })] // one element repeated
    [InlineData(-1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(0, new long[] { -1 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2 }, new long[] { long.MaxValue })]
    public void Open_TensorOutsideItsStorage_Throws(long offset, long[] shape, long[] strides)
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 2, offset, shape, strides).Op('u').ToArray();
        Assert.Throws<ModelException>(() => OpenBytes(CheckpointWriter.ToBytes(pickle, Floats(1, 2))));
    }

    [Fact]
    public void Open_StorageShorterThanItClaims_Throws()
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 1_000_000_000, 0, [1_000_000_000], [1]).Op('u').ToArray();
        Assert.Throws<ModelException>(() => OpenBytes(CheckpointWriter.ToBytes(pickle, Floats(1, 2))));
    }

    [Fact]
    public void Open_NestedTooDeep_Throws()
    {
        PickleWriter pickle = new();
        for (int n = 0; n < 100_000; n++) pickle.Op('(');
        Assert.Contains("nested", Assert.Throws<ModelException>(() => OpenBytes(CheckpointWriter.ToBytes(pickle.ToArray()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TooManyInstructions_Throws()
    {
        byte[] pickle = [0x80, 2, .. Enumerable.Repeat((byte)')', 600_000), (byte)'.'];
        Assert.Contains("instructions", Assert.Throws<ModelException>(() => OpenBytes(CheckpointWriter.ToBytes(pickle))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Zip64Records_AreFollowed()
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Op('u').ToArray();
        using CheckpointFile checkpoint = OpenBytes(ToZip64(("a/data.pkl", pickle), ("a/data/0", Floats(4, 5))));
        Assert.Equal([4f, 5f], checkpoint.GetTensor("w").ToArray());
    }

    [Fact]
    public void Open_MutatedOrTruncated_GivesTensorsOrModelException()
    {
        string small = PathOf("small.pth");
        CheckpointWriter.Write(small, [new("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), new("a.bias", [2], [1, 2]), new("c", [], [3])]);
        byte[] sound = File.ReadAllBytes(small);
        for (int length = 0; length < sound.Length; length++) OpenAndReadAll(sound[..length]);

        Random random = new(20240731);
        for (int round = 0; round < 3000; round++)
        {
            byte[] mutated = [.. sound];
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                int at = random.Next(mutated.Length);
                switch (random.Next(3))
                {
                    case 0: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: mutated[at] = (byte)random.Next(256); break;
                    default: mutated.AsSpan(at, Math.Min(4, mutated.Length - at)).Fill((byte)(random.Next(2) * 255)); break;
                }
            }
            OpenAndReadAll(mutated);
        }
    }

    [Fact]
    public void Open_HostileGolden_NamesThePosixCallAndReadsTheModel()
    {
        Assert.SkipWhen(Repository.SharedMissing("model-goldens") is not null, Repository.SharedMissing("model-goldens") ?? "");
        using CheckpointFile checkpoint = CheckpointFile.Open(Repository.SharedPath("model-goldens", "hostile-pickle.pth"));
        Assert.Contains("posix.system", checkpoint.CodeReferences);
        Assert.Equal([1L, 256L], checkpoint.GetTensor("prompt_encoder.no_mask_embed.weight").Shape);
        Assert.False(File.Exists("pwned"));
    }

    [Fact]
    public void Open_TinyGolden_HasItsTensorsAndMentionsTheOptimizer()
    {
        Assert.SkipWhen(Repository.SharedMissing("model-goldens") is not null, Repository.SharedMissing("model-goldens") ?? "");
        using CheckpointFile checkpoint = CheckpointFile.Open(Repository.SharedPath("model-goldens", "sam-med2d-tiny.pth"));
        Assert.Equal([1L, 16L, 16L, 64L], checkpoint.GetTensor("image_encoder.pos_embed").Shape);
        Assert.Equal(["torch.optim.adam.Adam"], checkpoint.CodeReferences);
    }

    private void OpenAndReadAll(byte[] bytes)
    {
        string path = PathOf("mutated.pth");
        File.WriteAllBytes(path, bytes);
        try
        {
            using CheckpointFile checkpoint = CheckpointFile.Open(path);
            foreach (CheckpointTensor tensor in checkpoint.Tensors.Values) Assert.Equal(tensor.ElementCount, tensor.ToArray().Length);
        }
        catch (ModelException)
        {
            // The one error that damaged files may give.
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    // APPNOTE.TXT 4.3.14, 4.3.15 and 4.5.3: sizes and offsets saturated in the old fields and given in the zip64 ones.
    private static byte[] ToZip64(params (string Name, byte[] Data)[] parts)
    {
        MemoryStream file = new();
        MemoryStream directory = new();
        foreach ((string name, byte[] data) in parts)
        {
            byte[] text = System.Text.Encoding.UTF8.GetBytes(name);
            long header = file.Position;
            byte[] local = new byte[30];
            BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034b50);
            BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(26), (ushort)text.Length);
            file.Write([.. local, .. text, .. data]);

            byte[] entry = new byte[46];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014b50);
            entry.AsSpan(20, 8).Fill(0xff);
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(28), (ushort)text.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(30), 28);
            entry.AsSpan(42, 4).Fill(0xff);
            byte[] extra = [1, 0, 24, 0, .. BitConverter.GetBytes((long)data.Length), .. BitConverter.GetBytes((long)data.Length), .. BitConverter.GetBytes(header)];
            directory.Write([.. entry, .. text, .. extra]);
        }
        long start = file.Position;
        file.Write(directory.ToArray());
        long endRecord = file.Position;
        byte[] end64 = new byte[56];
        BinaryPrimitives.WriteUInt32LittleEndian(end64, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(32), parts.Length);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(40), directory.Length);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(48), start);
        byte[] locator = new byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(locator, 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), endRecord);
        byte[] end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        end.AsSpan(8, 12).Fill(0xff);
        file.Write([.. end64, .. locator, .. end]);
        return file.ToArray();
    }

    private CheckpointFile OpenBytes(byte[] bytes)
    {
        string path = PathOf("given.pth");
        File.WriteAllBytes(path, bytes);
        return CheckpointFile.Open(path);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
