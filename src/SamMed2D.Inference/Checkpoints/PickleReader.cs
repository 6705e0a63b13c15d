using System.Buffers.Binary;
using System.Text;

namespace SamMed2D.Inference.Checkpoints;

/// <summary>
/// Interprets the pickle of a checkpoint, op code by op code from a closed list (Python's pickletools, protocols 2 to 5).
/// Nothing is ever imported or called: a handful of names that rebuild tensors are understood by this class itself, and every other
/// name becomes an inert placeholder whose name is kept. Memory is bounded by the pickle's length and the number of instructions.
/// </summary>
internal ref struct PickleReader
{
    // A ViT-B checkpoint with its optimizer has about 60,000 instructions, ViT-H without one 25,000.
    private const int MaximumInstructions = 500_000;
    private const int MaximumMarks = 200;
    private const int MaximumNames = 50;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];
    private readonly List<string> _codeReferences = [];
    private int _at;

    private PickleReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Interprets one pickle.</summary>
    /// <param name="bytes">The pickle.</param>
    /// <param name="codeReferences">The names of code that it refers to and that were replaced by placeholders, each once.</param>
    /// <returns>Its value: <see cref="PickledDict"/>, <see cref="PickledSequence"/>, <see cref="PickledTensor"/>, string, long, double, bool or null among others.</returns>
    /// <exception cref="PickleException">The bytes are not a pickle of the closed list, or exceed its limits.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, out IReadOnlyList<string> codeReferences)
    {
        PickleReader reader = new(bytes);
        object? value = reader.Run();
        codeReferences = reader._codeReferences;
        return value;
    }

    private object? Run()
    {
        for (int instruction = 0; instruction < MaximumInstructions; instruction++)
        {
            byte code = Take(1)[0];
            if (code == (byte)'.') return Pop();
            Execute(code);
        }
        throw new PickleException($"it has over {MaximumInstructions} instructions, which no state dict needs");
    }

    private void Execute(byte code)
    {
        switch (code)
        {
            case 0x80: CheckProtocol(Take(1)[0]); break;
            case 0x95: Take(8); break; // FRAME
            case (byte)'(': PushMark(); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': Push(Peek()); break;

            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 0x8a: Push(ReadLong(Take(1)[0])); break;
            case 0x8b: Push(ReadLong(BinaryPrimitives.ReadInt32LittleEndian(Take(4)))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;

            case (byte)'X': Push(ReadText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case 0x8c: Push(ReadText(Take(1)[0])); break;
            case 0x8d: Push(ReadText(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))); break;
            case (byte)'U': Push(ReadText(Take(1)[0])); break;
            case (byte)'T': Push(ReadText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case (byte)'C': SkipBytes(Take(1)[0]); break;
            case (byte)'B': SkipBytes(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case 0x8e or 0x96: SkipBytes(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))); break;

            case (byte)']' or 0x8f: Push(new PickledSequence([])); break;
            case (byte)')': Push(PickledSequence.Empty); break;
            case (byte)'l' or (byte)'t' or 0x91: Push(new PickledSequence(PopToMark())); break;
            case 0x85: PushTuple(1); break;
            case 0x86: PushTuple(2); break;
            case 0x87: PushTuple(3); break;
            case (byte)'}': Push(new PickledDict()); break;
            case (byte)'d': PushDict(PopToMark()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e' or 0x90: Append(PopToMark()); break;
            case (byte)'s': SetItems([.. PopSeveral(2)]); break;
            case (byte)'u': SetItems(PopToMark()); break;

            case (byte)'q': Memoize(Take(1)[0]); break;
            case (byte)'r': Memoize(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case 0x94: Memoize(_memo.Count); break;
            case (byte)'h': Recall(Take(1)[0]); break;
            case (byte)'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;

            case (byte)'c': Push(Resolve(ReadLine(), ReadLine())); break;
            case 0x93: PushStackGlobal(); break;
            case (byte)'i': PopToMark(); NoteCode($"{ReadLine()}.{ReadLine()}"); Push(PickledPlaceholder.Instance); break; // INST
            case (byte)'o': PopToMark(); Push(PickledPlaceholder.Instance); break;
            case (byte)'R' or 0x81: Rebuild(); break; // REDUCE, NEWOBJ
            case 0x92: Pop(); Rebuild(); break; // NEWOBJ_EX
            case (byte)'b': Pop(); Peek(); break; // BUILD: attributes of an object that has none here
            case (byte)'Q': Push(ToStorage(Pop())); break;
            default: throw new PickleException($"the instruction 0x{code:x2} at byte {_at - 1} is not one that state dicts are made of");
        }
    }

    private static void CheckProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5) throw new PickleException($"it is of protocol {protocol}, and 2 to 5 are known");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _at)) throw new PickleException($"it is cut off at byte {_at}");
        ReadOnlySpan<byte> taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    private string ReadText(ulong length) => Encoding.UTF8.GetString(Take(length));

    private string ReadLine()
    {
        int length = _bytes[_at..].IndexOf((byte)'\n');
        if (length < 0) throw new PickleException($"it is cut off in a name at byte {_at}");
        string line = ReadText((ulong)length);
        Take(1);
        return line;
    }

    // Integers beyond 64 bits occur in no state dict; they become placeholders (random seeds in an optimizer's state, say).
    private object ReadLong(int length)
    {
        if (length < 0) throw new PickleException($"it has an integer of negative length at byte {_at}");
        ReadOnlySpan<byte> digits = Take((ulong)length);
        if (length > 8) return PickledPlaceholder.Instance;
        long value = length > 0 && (digits[^1] & 0x80) != 0 ? -1 : 0;
        for (int n = length - 1; n >= 0; n--) value = value << 8 | digits[n];
        return value;
    }

    private void SkipBytes(ulong length)
    {
        Take(length);
        Push(PickledPlaceholder.Instance);
    }

    private readonly void Push(object? value) => _stack.Add(value);

    private readonly int Floor => _marks.Count > 0 ? _marks.Peek() : 0;

    private readonly object? Peek() => _stack.Count > Floor ? _stack[^1] : throw new PickleException("it takes more values than it has put down");

    private readonly object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly List<object?> PopSeveral(int count)
    {
        int start = _stack.Count - count;
        if (start < Floor) throw new PickleException("it takes more values than it has put down");
        List<object?> values = _stack.GetRange(start, count);
        _stack.RemoveRange(start, count);
        return values;
    }

    private readonly void PushMark()
    {
        if (_marks.Count == MaximumMarks) throw new PickleException($"it is nested over {MaximumMarks} deep");
        _marks.Push(_stack.Count);
    }

    private readonly List<object?> PopToMark()
    {
        if (!_marks.TryPeek(out int mark)) throw new PickleException("it closes a group that it has not opened");
        List<object?> values = PopSeveral(_stack.Count - mark);
        _marks.Pop();
        return values;
    }

    private readonly void PushTuple(int count) => Push(new PickledSequence(PopSeveral(count)));

    private readonly void PushDict(List<object?> keysAndValues)
    {
        Push(new PickledDict());
        SetItems(keysAndValues);
    }

    private readonly void Append(List<object?> items)
    {
        // Appending to the shared empty tuple would change every one of them.
        if (Peek() is PickledSequence sequence && sequence != PickledSequence.Empty) sequence.Items.AddRange(items);
    }

    private readonly void SetItems(List<object?> keysAndValues)
    {
        if (keysAndValues.Count % 2 != 0) throw new PickleException("it sets a key without a value");
        if (Peek() is not PickledDict dict) return;
        for (int n = 0; n < keysAndValues.Count; n += 2) dict.Pairs.Add(new(keysAndValues[n], keysAndValues[n + 1]));
    }

    private readonly void Memoize(long index) => _memo[index] = Peek();

    private readonly void Recall(long index) =>
        Push(_memo.TryGetValue(index, out object? value) ? value : throw new PickleException($"it recalls value {index}, which it has not kept"));

    private readonly void PushStackGlobal()
    {
        if (Pop() is not string name || Pop() is not string module) throw new PickleException("it names code by something that is no text");
        Push(Resolve(module, name));
    }

    private readonly object Resolve(string module, string name)
    {
        switch (module, name)
        {
            case ("torch._utils", "_rebuild_tensor_v2"): return KnownGlobal.RebuildTensor;
            case ("torch._utils", "_rebuild_parameter"): return KnownGlobal.RebuildParameter;
            case ("collections", "OrderedDict" or "defaultdict"): return KnownGlobal.Dict;
            case ("__builtin__" or "builtins", "dict"): return KnownGlobal.Dict;
            case ("__builtin__" or "builtins", "list" or "tuple" or "set"): return KnownGlobal.Sequence;
            case ("torch", "Size"): return KnownGlobal.Sequence;
            case ("torch", "FloatStorage"): return new PickledStorageType(CheckpointElementType.Float32);
            case ("torch", "HalfStorage"): return new PickledStorageType(CheckpointElementType.Float16);
            case ("torch", "BFloat16Storage"): return new PickledStorageType(CheckpointElementType.BFloat16);
            case ("torch", "LongStorage"): return new PickledStorageType(CheckpointElementType.Int64);
        }
        NoteCode($"{module}.{name}");
        return PickledPlaceholder.Instance;
    }

    private readonly void NoteCode(string name)
    {
        if (name.Length > 100) name = name[..100];
        name = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or ' ' ? letter : '?'));
        if (_codeReferences.Count < MaximumNames && !_codeReferences.Contains(name)) _codeReferences.Add(name);
    }

    private readonly void Rebuild()
    {
        object? arguments = Pop();
        object? callable = Pop();
        Push(callable switch
        {
            KnownGlobal.RebuildTensor => ToTensor(arguments),
            KnownGlobal.RebuildParameter => arguments is PickledSequence { Items: [PickledTensor tensor, ..] } ? tensor : PickledPlaceholder.Instance,
            KnownGlobal.Dict => new PickledDict(),
            KnownGlobal.Sequence => arguments is PickledSequence { Items: [PickledSequence items] } ? items : new PickledSequence([]),
            _ => PickledPlaceholder.Instance,
        });
    }

    // A storage of a type that is not taken (double, int8, ...) may belong to an optimizer; only a tensor that is asked for must be sound.
    private static object ToStorage(object? id) => id is PickledSequence { Items: ["storage", PickledStorageType type, string key, _, long count] } && count >= 0
        ? new PickledStorage(type.ElementType, key, count)
        : PickledPlaceholder.Instance;

    private static object ToTensor(object? arguments)
    {
        const int maximumRank = 8;
        if (arguments is not PickledSequence { Items: [PickledStorage storage, long offset, PickledSequence shape, PickledSequence strides, ..] }) return PickledPlaceholder.Instance;
        if (shape.Items.Count > maximumRank || shape.Items.Count != strides.Items.Count) throw new PickleException($"a tensor has {shape.Items.Count} sizes and {strides.Items.Count} strides");
        return new PickledTensor(storage, offset, ToNumbers(shape), ToNumbers(strides));
    }

    private static long[] ToNumbers(PickledSequence sequence)
    {
        long[] numbers = new long[sequence.Items.Count];
        for (int n = 0; n < numbers.Length; n++)
            numbers[n] = sequence.Items[n] is long number ? number : throw new PickleException("a tensor's size or stride is no whole number");
        return numbers;
    }
}

/// <summary>What is wrong with a pickle, without the file's name; the checkpoint reader turns it into a <see cref="Core.Errors.ModelException"/>.</summary>
internal sealed class PickleException(string message) : Exception(message);
