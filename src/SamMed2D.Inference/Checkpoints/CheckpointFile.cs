using Microsoft.Win32.SafeHandles;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Checkpoints;

/// <summary>
/// A PyTorch checkpoint (<c>.pth</c>, <c>.pt</c>) opened for reading: the named tensors of its state dict, which stay in the file until asked for.
/// The archive and its pickle are interpreted here and nothing in them is ever run (PyTorch's serialization notes: a zip archive with
/// <c>data.pkl</c> and one part per storage). Tensors may be read from several threads at once.
/// </summary>
public sealed class CheckpointFile : IDisposable
{
    private const int MaximumPickleBytes = 16 << 20;
    private static readonly string[] StateDictKeys = ["model", "state_dict", "model_state_dict"];

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, CheckpointTensor> _tensors = [];

    private CheckpointFile(string path, SafeFileHandle file)
    {
        (Path, _file, SizeBytes) = (path, file, RandomAccess.GetLength(file));
        ThrowWhereOtherFormat();
        StoredZip archive = new(path, file);
        string prefix = FindPrefix(archive);
        ThrowWhereBigEndian(archive, prefix);
        foreach ((string name, PickledTensor tensor) in FindStateDict(ReadPickle(archive, prefix)))
            _tensors[name] = Locate(archive, prefix, name, tensor);
    }

    /// <summary>The file, as it was given.</summary>
    public string Path { get; }

    /// <summary>Length of the file in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>The tensors of the state dict by name, in no particular order.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <summary>
    /// The names of code that the checkpoint refers to beyond what rebuilds tensors, such as <c>torch.optim.adam.Adam</c>. None of it was run.
    /// A name like <c>posix.system</c> means that the file was made to attack whoever opens it with Python.
    /// </summary>
    public IReadOnlyList<string> CodeReferences { get; private set; } = [];

    /// <summary>The code references as a remark inside a message; empty where there are none.</summary>
    internal string CodeRemark => CodeReferences.Count > 0 ? $" (it refers to the code {string.Join(", ", CodeReferences.Take(5))}, which was not run)" : "";

    /// <summary>Opens a checkpoint and reads its table of tensors, not their values. The caller disposes it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelException">It is missing, not a checkpoint, damaged, in PyTorch's old format, or holds no state dict.</exception>
    public static CheckpointFile Open(string path)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelException(path, File.Exists(path) ? "cannot be opened; check its permissions" : "there is no such file; check the path", failure);
        }
        try
        {
            return new CheckpointFile(path, file);
        }
        catch (Exception failure)
        {
            file.Dispose();
            if (failure is IOException) throw new ModelException(path, $"cannot be read ({failure.Message})", failure);
            throw;
        }
    }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public CheckpointTensor GetTensor(string name) => _tensors.TryGetValue(name, out CheckpointTensor? tensor)
        ? tensor
        : throw new ModelException(Path, $"has no tensor {name} among its {_tensors.Count}; choose a checkpoint of SAM or SAM-Med2D");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void ThrowWhereOtherFormat()
    {
        Span<byte> start = stackalloc byte[4];
        if (SizeBytes < start.Length || !_file.TryReadExactly(0, start)) throw new ModelException(Path, $"is no checkpoint: it has only {SizeBytes} bytes; copy or download it again");
        if (start[0] == 0x80 && start[1] is >= 2 and <= 5)
            throw new ModelException(Path, "is in PyTorch's old format from before version 1.6; save it again in Python with torch.save(torch.load(path, map_location='cpu'), new_path)");
        if (start is not [(byte)'P', (byte)'K', ..])
            throw new ModelException(Path, "is no PyTorch checkpoint: it does not begin as a zip archive; choose a .pth file as made by torch.save");
    }

    private string FindPrefix(StoredZip archive)
    {
        const string pickle = "data.pkl";
        string[] found = [.. archive.Names.Where(name => name == pickle || name.EndsWith("/" + pickle, StringComparison.Ordinal))];
        return found.Length == 1
            ? found[0][..^pickle.Length]
            : throw new ModelException(Path, $"is a zip archive with {found.Length} parts named {pickle}, where a PyTorch checkpoint has one; choose a .pth file as made by torch.save");
    }

    private void ThrowWhereBigEndian(StoredZip archive, string prefix)
    {
        string name = prefix + "byteorder";
        if (archive.Names.Contains(name) && archive.ReadAll(name, 64).AsSpan().SequenceEqual("big"u8))
            throw new ModelException(Path, "was saved on a big-endian machine; save it again on a little-endian one (any PC)");
    }

    private object? ReadPickle(StoredZip archive, string prefix)
    {
        try
        {
            object? value = PickleReader.Read(archive.ReadAll(prefix + "data.pkl", MaximumPickleBytes), out IReadOnlyList<string> codeReferences);
            CodeReferences = codeReferences;
            return value;
        }
        catch (PickleException failure)
        {
            throw new ModelException(Path, $"its data.pkl cannot be taken: {failure.Message}; save only the state dict, with torch.save(model.state_dict(), path)", failure);
        }
    }

    private IEnumerable<KeyValuePair<string, PickledTensor>> FindStateDict(object? top)
    {
        if (top is not PickledDict dict) throw NoStateDict();
        foreach (string key in StateDictKeys)
            if (dict.Pairs.FindLast(pair => pair.Key is string text && text == key).Value is PickledDict inner) return TensorsOf(inner) is { Count: > 0 } found ? found : throw NoStateDict();
        return TensorsOf(dict) is { Count: > 0 } bare ? bare : throw NoStateDict();
    }

    // A model trained in DataParallel has "module." before every name.
    private static List<KeyValuePair<string, PickledTensor>> TensorsOf(PickledDict dict)
    {
        const string parallel = "module.";
        List<KeyValuePair<string, PickledTensor>> tensors = [];
        foreach ((object? key, object? value) in dict.Pairs)
            if (key is string name && value is PickledTensor tensor) tensors.Add(new(name, tensor));
        bool isParallel = tensors.TrueForAll(pair => pair.Key.StartsWith(parallel, StringComparison.Ordinal));
        return isParallel ? tensors.ConvertAll(pair => KeyValuePair.Create(pair.Key[parallel.Length..], pair.Value)) : tensors;
    }

    private ModelException NoStateDict()
    {
        string keys = string.Join(" or ", StateDictKeys.Select(key => $"\"{key}\""));
        return new(Path, $"holds no state dict, neither bare nor under {keys}{CodeRemark}; save it with torch.save(model.state_dict(), path)");
    }

    private CheckpointTensor Locate(StoredZip archive, string prefix, string name, PickledTensor tensor)
    {
        ByteRange part = archive.Find($"{prefix}data/{tensor.Storage.Key}");
        int elementBytes = tensor.Storage.ElementType.SizeBytes();
        if (tensor.Storage.ElementCount > part.Length / elementBytes)
            throw new ModelException(Path, $"the storage of {name} should have {tensor.Storage.ElementCount} elements and has room for {part.Length / elementBytes}; the file is damaged, so copy or download it again");
        if (!StridedLayout.TryCreate(tensor.Shape, tensor.Strides, tensor.StorageOffset, tensor.Storage.ElementCount, out StridedLayout? layout))
            throw new ModelException(Path, $"the tensor {name} of shape [{string.Join(", ", tensor.Shape)}] does not fit its storage of {tensor.Storage.ElementCount} elements; the file is damaged");
        return new CheckpointTensor(this, _file, name, tensor.Storage.ElementType, layout, part.Offset);
    }
}
