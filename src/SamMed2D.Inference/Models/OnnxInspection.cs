using System.Text;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Models;

/// <summary>
/// What an ONNX file would make ONNX Runtime touch, found by walking its Protocol Buffers fields without loading any weights:
/// the names of external data files, and the operator domains. Field numbers are those of onnx.proto (ONNX IR 10).
/// </summary>
internal sealed class OnnxInspection
{
    private const int MaximumDepth = 32;
    private const int MaximumNameBytes = 4096;

    // Message kinds: which fields lead from one to the next.
    private static readonly Dictionary<(Message, int), Message> s_children = new()
    {
        [(Message.Model, 7)] = Message.Graph,
        [(Message.Model, 8)] = Message.OperatorSet,
        [(Message.Model, 20)] = Message.Training,
        [(Message.Model, 25)] = Message.Function,
        [(Message.Training, 1)] = Message.Graph,
        [(Message.Training, 2)] = Message.Graph,
        [(Message.Function, 7)] = Message.Node,
        [(Message.Function, 9)] = Message.OperatorSet,
        [(Message.Function, 11)] = Message.Attribute,
        [(Message.Graph, 1)] = Message.Node,
        [(Message.Graph, 5)] = Message.Tensor,
        [(Message.Graph, 15)] = Message.SparseTensor,
        [(Message.Node, 5)] = Message.Attribute,
        [(Message.Attribute, 5)] = Message.Tensor,
        [(Message.Attribute, 6)] = Message.Graph,
        [(Message.Attribute, 10)] = Message.Tensor,
        [(Message.Attribute, 11)] = Message.Graph,
        [(Message.Attribute, 22)] = Message.SparseTensor,
        [(Message.Attribute, 23)] = Message.SparseTensor,
        [(Message.SparseTensor, 1)] = Message.Tensor,
        [(Message.SparseTensor, 2)] = Message.Tensor,
        [(Message.Tensor, 13)] = Message.ExternalData,
    };

    private readonly FileStream _stream;
    private readonly HashSet<string> _externalFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);
    private readonly HashSet<string> _operators = new(StringComparer.Ordinal);

    private OnnxInspection(FileStream stream) => _stream = stream;

    private enum Message { Model, Graph, OperatorSet, Training, Function, Node, Attribute, Tensor, SparseTensor, ExternalData }

    /// <summary>Names of external data files, exactly as written in the file.</summary>
    public IReadOnlyCollection<string> ExternalFiles => _externalFiles;

    /// <summary>Operator domains that are imported or used; the empty one is ONNX itself.</summary>
    public IReadOnlyCollection<string> Domains => _domains;

    /// <summary>Operator types that are used.</summary>
    public IReadOnlyCollection<string> Operators => _operators;

    /// <summary>Inspects a file.</summary>
    /// <exception cref="ModelException">The file cannot be read or is not well-formed.</exception>
    public static OnnxInspection Inspect(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            OnnxInspection inspection = new(stream);
            inspection.Walk(Message.Model, stream.Length, 0);
            if (inspection._operators.Count == 0) throw new InvalidDataException("it holds no operators");
            return inspection;
        }
        catch (InvalidDataException failure)
        {
            throw new ModelException(path, $"is not a sound ONNX file ({failure.Message}); import or download the model again", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path, $"cannot be read ({failure.Message})", failure);
        }
    }

    private void Walk(Message message, long end, int depth)
    {
        if (depth > MaximumDepth) throw new InvalidDataException($"it nests deeper than {MaximumDepth}");
        string? key = null, value = null;
        while (_stream.Position < end)
        {
            ulong tag = ReadVarint(end);
            // Other readers cut a tag to 32 bits and so would see another field than this one.
            if (tag > uint.MaxValue) throw new InvalidDataException($"a field number over 29 bits at byte {_stream.Position}");
            int field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    ReadVarint(end);
                    break;
                case 1:
                    Skip(8, end);
                    break;
                case 5:
                    Skip(4, end);
                    break;
                case 2:
                    ulong length = ReadVarint(end);
                    if (length > (ulong)(end - _stream.Position)) throw new InvalidDataException($"a field of {length} bytes ends outside the file");
                    long fieldEnd = _stream.Position + (long)length;
                    if (s_children.TryGetValue((message, field), out Message child)) Walk(child, fieldEnd, depth + 1);
                    else if (message == Message.Node && field == 4) _operators.Add(ReadText((long)length));
                    else if ((message, field) is (Message.Node, 7) or (Message.OperatorSet, 1)) _domains.Add(ReadText((long)length));
                    else if (message == Message.ExternalData && field == 1) key = ReadText((long)length);
                    else if (message == Message.ExternalData && field == 2) value = ReadText((long)length);
                    _stream.Position = fieldEnd;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7} at byte {_stream.Position}");
            }
        }
        if (_stream.Position != end) throw new InvalidDataException($"a field ends outside its message at byte {_stream.Position}");
        if (key == "location") _externalFiles.Add(value ?? "");
    }

    private void Skip(long count, long end)
    {
        if (count > end - _stream.Position) throw new InvalidDataException("a number ends outside the file");
        _stream.Position += count;
    }

    private ulong ReadVarint(long end)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = _stream.Position < end ? _stream.ReadByte() : -1;
            if (next < 0) throw new InvalidDataException("it is truncated");
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException($"a number over 64 bits at byte {_stream.Position}");
    }

    private string ReadText(long length)
    {
        if (length > MaximumNameBytes) throw new InvalidDataException($"a name of {length} bytes");
        Span<byte> bytes = stackalloc byte[(int)length];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
