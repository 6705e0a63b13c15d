using System.Runtime.InteropServices;
using Google.Protobuf;
using SamMed2D.Inference.Onnx.Format;

namespace SamMed2D.Inference.Onnx;

/// <summary>
/// Puts an ONNX graph together (opset 20). Values are their names. Weights stay outside, in a file of external data beside the graph;
/// shapes, indices and single numbers lie inside it.
/// </summary>
internal sealed class GraphBuilder(string name)
{
    private const int OperatorSet = 20, MicrosoftOperatorSet = 1, FormatVersion = 9;
    private const int FloatType = 1, Int64Type = 7;
    private const string MicrosoftDomain = "com.microsoft";

    private readonly GraphProto _graph = new() { Name = name };
    private readonly List<(TensorProto Tensor, WeightSource Source)> _weights = [];
    private readonly Dictionary<string, string> _constants = [];
    private readonly Dictionary<string, int> _nodeNames = [];
    private bool _usesMicrosoft;

    /// <summary>Put before the names of nodes, to tell them apart in profiles: <c>blocks.3.attn</c>.</summary>
    public string Scope { get; set; } = "";

    /// <summary>Bytes that the weights will take, without padding.</summary>
    public long WeightBytes => _weights.Sum(weight => weight.Source.SizeBytes);

    /// <summary>Declares a float32 input; sizes are numbers or names of sizes that vary.</summary>
    public string Input(string name, params ReadOnlySpan<object> shape)
    {
        _graph.Input.Add(Describe(name, shape));
        return name;
    }

    /// <summary>Declares a float32 output and gives it its value.</summary>
    public void Output(string name, string value, params ReadOnlySpan<object> shape)
    {
        _graph.Node.Add(new NodeProto { Name = $"{name}/Identity", OpType = "Identity", Input = { value }, Output = { name } });
        _graph.Output.Add(Describe(name, shape));
    }

    /// <summary>Adds a node with one output and returns the output's name.</summary>
    public string Add(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => AddSeveral(type, 1, inputs, attributes)[0];

    /// <summary>Adds a node of one of ONNX Runtime's own operators.</summary>
    public string AddMicrosoft(string type, params ReadOnlySpan<string> inputs)
    {
        string output = Add(type, inputs);
        _graph.Node[^1].Domain = MicrosoftDomain;
        _usesMicrosoft = true;
        return output;
    }

    /// <summary>Adds a node with several outputs.</summary>
    public string[] AddSeveral(string type, int outputs, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string key = $"{Scope}/{type}";
        int number = CollectionsMarshal.GetValueRefOrAddDefault(_nodeNames, key, out _)++;
        NodeProto node = new() { Name = $"{key}.{number}", OpType = type };
        foreach (string input in inputs) node.Input.Add(input);
        foreach (AttributeProto attribute in attributes) node.Attribute.Add(attribute);
        for (int n = 0; n < outputs; n++) node.Output.Add(outputs == 1 ? node.Name : $"{node.Name}:{n}");
        _graph.Node.Add(node);
        return [.. node.Output];
    }

    /// <summary>Adds a weight that lies in the weights file.</summary>
    /// <param name="name">Its name, unique in the graph.</param>
    /// <param name="source">Its values.</param>
    /// <param name="shape">Its sizes, whose product is the source's element count.</param>
    public string Weight(string name, WeightSource source, params ReadOnlySpan<long> shape)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)source.Element };
        long count = 1;
        foreach (long size in shape)
        {
            tensor.Dims.Add(size);
            count = checked(count * size);
        }
        if (count != source.ElementCount) throw new ArgumentException($"The weight {name} has {source.ElementCount} elements, and its shape {count}.", nameof(shape));
        _weights.Add((tensor, source));
        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>A constant list of whole numbers (a shape, indices), shared where the same list was asked for before.</summary>
    public string Int64s(params ReadOnlySpan<long> values) => Int64Tensor(values, [values.Length]);

    /// <summary>A constant tensor of whole numbers, shared where the same was asked for before.</summary>
    public string Int64Tensor(ReadOnlySpan<long> values, ReadOnlySpan<long> shape) => Constant(Int64Type, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A constant number, shared where the same was asked for before.</summary>
    public string Scalar(float value) => Constant(FloatType, MemoryMarshal.AsBytes(new ReadOnlySpan<float>(in value)), []);

    /// <summary>Writes the weights, then the graph that points into them.</summary>
    /// <param name="graph">Receives the ONNX file.</param>
    /// <param name="weights">Receives the external data.</param>
    /// <param name="weightsName">The bare name under which the external data will lie beside the graph.</param>
    /// <param name="progress">Told how many bytes of weights each step has written.</param>
    /// <param name="cancellation">Looked at before each weight.</param>
    public void Write(Stream graph, WeightsFile weights, string weightsName, Action<long> progress, CancellationToken cancellation)
    {
        foreach ((TensorProto tensor, WeightSource source) in _weights)
        {
            cancellation.ThrowIfCancellationRequested();
            long offset = weights.Append(source);
            long length = source.SizeBytes;
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(
            [
                new StringStringEntryProto { Key = "location", Value = weightsName },
                new StringStringEntryProto { Key = "offset", Value = $"{offset}" },
                new StringStringEntryProto { Key = "length", Value = $"{length}" },
            ]);
            progress(length);
        }
        WriteModel(graph);
    }

    /// <summary>Writes one file that holds graph and weights; for small models.</summary>
    /// <param name="graph">Receives the ONNX file.</param>
    public void WriteWhole(Stream graph)
    {
        foreach ((TensorProto tensor, WeightSource source) in _weights)
        {
            using MemoryStream values = new(checked((int)source.SizeBytes));
            source.Write(values);
            tensor.RawData = ByteString.CopyFrom(values.GetBuffer().AsSpan(0, (int)values.Length));
        }
        WriteModel(graph);
    }

    private void WriteModel(Stream graph)
    {
        ModelProto model = new()
        {
            IrVersion = FormatVersion,
            ProducerName = "SamMed2D",
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
        };
        if (_usesMicrosoft) model.OpsetImport.Add(new OperatorSetIdProto { Domain = MicrosoftDomain, Version = MicrosoftOperatorSet });
        model.WriteTo(graph);
    }

    private string Constant(int type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        string key = $"{type}:{string.Join(',', shape.ToArray())}:{Convert.ToHexString(bytes)}";
        if (_constants.TryGetValue(key, out string? known)) return known;
        TensorProto tensor = new() { Name = $"constant.{_constants.Count}", DataType = type, RawData = ByteString.CopyFrom(bytes) };
        foreach (long size in shape) tensor.Dims.Add(size);
        _graph.Initializer.Add(tensor);
        return _constants[key] = tensor.Name;
    }

    private static ValueInfoProto Describe(string name, ReadOnlySpan<object> shape)
    {
        TensorShapeProto dims = new();
        foreach (object size in shape)
            dims.Dim.Add(size is string varying ? new TensorShapeProto.Types.Dimension { DimParam = varying } : new TensorShapeProto.Types.Dimension { DimValue = (int)size });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = FloatType, Shape = dims } } };
    }
}
