using System.Runtime.InteropServices;
using Google.Protobuf;
using SamMed2D.Inference.Onnx.Format;

namespace SamMed2D.Inference.Tests.Models;

/// <summary>Writes small ONNX files by hand, as other programs would.</summary>
internal sealed class TinyOnnx
{
    private const int Float = 1, Int64 = 7;

    private readonly GraphProto _graph = new() { Name = "tiny" };

    public ModelProto Model { get; } = new() { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 16 } } };

    public GraphProto Graph => _graph;

    /// <summary>Declares an input; -1 leaves a size free.</summary>
    public TinyOnnx Input(string name, params long[] shape)
    {
        _graph.Input.Add(Describe(name, shape));
        return this;
    }

    public TinyOnnx Output(string name, params long[] shape)
    {
        _graph.Output.Add(Describe(name, shape));
        return this;
    }

    public TinyOnnx Constant(string name, long[] shape, params float[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)) };
        tensor.Dims.Add(shape);
        _graph.Initializer.Add(tensor);
        return this;
    }

    public TinyOnnx Constant(string name, params long[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = Int64, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values)) };
        tensor.Dims.Add(values.Length);
        _graph.Initializer.Add(tensor);
        return this;
    }

    public TinyOnnx Node(string type, string[] inputs, string output, params (string Name, long[] Values)[] attributes)
    {
        NodeProto node = new() { OpType = type, Name = output, Output = { output } };
        node.Input.Add(inputs);
        foreach ((string name, long[] values) in attributes)
        {
            AttributeProto attribute = new() { Name = name };
            if (values.Length == 1) (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, values[0]);
            else
            {
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.Add(values);
            }
            node.Attribute.Add(attribute);
        }
        _graph.Node.Add(node);
        return this;
    }

    public void Save(string path)
    {
        Model.Graph = _graph;
        File.WriteAllBytes(path, Model.ToByteArray());
    }

    private static ValueInfoProto Describe(string name, long[] shape)
    {
        TensorShapeProto dimensions = new();
        foreach (long size in shape)
            dimensions.Dim.Add(size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = name + dimensions.Dim.Count } : new TensorShapeProto.Types.Dimension { DimValue = size });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = Float, Shape = dimensions } } };
    }
}
