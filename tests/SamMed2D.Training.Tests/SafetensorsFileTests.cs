using SamMed2D.Core.Errors;
using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Tests;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("sammed2d-tensors-").FullName, "weights.safetensors");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, true);

    [Fact]
    public void Read_Written_GivesTheSameTensorsAndTexts()
    {
        SafetensorsFile written = new();
        written.Tensors["a.weight"] = ([2, 3], [1, -2, 3.5f, float.Epsilon, 5, 6]);
        written.Tensors["empty"] = ([0], []);
        written.Tensors["scalar"] = ([], [7]);
        written.Metadata["step"] = "12";
        written.Write(_path);
        SafetensorsFile read = SafetensorsFile.Read(_path);

        Assert.Equal("12", read.Metadata["step"]);
        Assert.Equal(written.Tensors.Keys, read.Tensors.Keys);
        foreach ((string name, (long[] shape, float[] values)) in written.Tensors)
        {
            Assert.Equal(shape, read.Tensors[name].Shape);
            Assert.Equal(values, read.Tensors[name].Values);
        }
    }

    [Fact]
    public void Mean_TwoFiles_WeighsEachValue()
    {
        string start = _path + ".start";
        SafetensorsFile trained = new(), from = new();
        trained.Tensors["a"] = ([2], [10, -4]);
        from.Tensors["a"] = ([2], [0, 6]);
        trained.Write(_path);
        from.Write(start);

        float[] mean = Focus.FocusWeights.Mean(_path, start, 0.75f).Tensors["a"].Values;

        Assert.Equal([7.5f, -1.5f], mean);
    }

    [Fact]
    public void Mean_OtherArchitecture_IsAModelErrorThatNamesTheTensor()
    {
        string start = _path + ".start";
        SafetensorsFile trained = new(), from = new();
        trained.Tensors["a"] = ([2], [10, -4]);
        from.Tensors["a"] = ([3], [0, 6, 1]);
        trained.Write(_path);
        from.Write(start);

        ModelException error = Assert.Throws<ModelException>(() => Focus.FocusWeights.Mean(_path, start, 0.5f));

        Assert.Contains("a of the shape [2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutAnywhere_IsAModelError()
    {
        SafetensorsFile written = new();
        written.Tensors["a"] = ([4], [1, 2, 3, 4]);
        written.Write(_path);
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            Assert.Throws<ModelException>(() => SafetensorsFile.Read(_path));
        }
    }

    [Fact]
    public void Read_AnyBytes_IsAModelErrorOrAFile() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        byte[] framed = [(byte)Math.Min(bytes.Length, 255), 0, 0, 0, 0, 0, 0, 0, (byte)'{', .. bytes];
        File.WriteAllBytes(_path, framed);
        try
        {
            SafetensorsFile.Read(_path);
        }
        catch (ModelException)
        {
            // the one error that users see
        }
    }, iter: 200, threads: 1);
}
