using SamMed2D.Training.Scenes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>The number type of products and convolutions of a network; weights, norms, sums and softmax stay in float32. TorchSharp has no autocast.</summary>
internal sealed class Arithmetic
{
    public ScalarType Type { get; init; } = ScalarType.Float32;

    public Tensor Cast(Tensor value) => value.to_type(Type);
}

/// <summary>A module that only holds others under their names, as Python's <c>Sequential</c> and <c>ModuleList</c> name them.</summary>
internal class Group(string name) : nn.Module(name)
{
    public T Add<T>(string child, T module) where T : nn.Module
    {
        register_module(child, module);
        return module;
    }

    public T Add<T>(T module) where T : nn.Module => Add(module.GetName(), module);
}

/// <summary>A learnt table, <c>NAME.weight</c>, of [rows, width].</summary>
internal sealed class Table : Group
{
    public Table(string name, long rows, long width) : base(name)
    {
        Weight = new Parameter(empty(rows, width));
        register_parameter("weight", Weight);
    }

    public Parameter Weight { get; }
}

/// <summary>A linear layer on the last axis, optionally with a low-rank addition (Hu et al., LoRA, 2021) that is merged into the weight on export.</summary>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    /// <summary>How the two matrices of the addition are called.</summary>
    public const string LowRankDown = "low_rank_down", LowRankUp = "low_rank_up";

    private readonly Arithmetic _arithmetic;
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private Parameter? _down;
    private Parameter? _up;

    public Linear(string name, long inputs, long outputs, Arithmetic arithmetic, bool hasBias = true) : base(name)
    {
        _arithmetic = arithmetic;
        _weight = new Parameter(empty(outputs, inputs));
        register_parameter("weight", _weight);
        if (!hasBias) return;
        _bias = new Parameter(empty(outputs));
        register_parameter("bias", _bias);
    }

    /// <summary>Adds the low-rank part: the down matrix random, the up matrix zero, so that nothing changes at first.</summary>
    public void AddLowRank(int rank, RandomSource random)
    {
        long inputs = _weight.shape[1], outputs = _weight.shape[0];
        _down = new Parameter(Initial.Uniform(random, 1 / MathF.Sqrt(inputs), rank, inputs));
        _up = new Parameter(zeros(outputs, rank));
        register_parameter(LowRankDown, _down);
        register_parameter(LowRankUp, _up);
    }

    /// <summary>The weight with the low-rank part in it; the caller disposes it.</summary>
    public Tensor GetMergedWeight()
    {
        using IDisposable noGradient = no_grad();
        return _down is null ? _weight.detach() : _weight + _up!.mm(_down);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor cast = _arithmetic.Cast(input);
        Tensor output = nn.functional.linear(cast, _arithmetic.Cast(_weight), _bias is null ? null : _arithmetic.Cast(_bias)).to_type(ScalarType.Float32);
        if (_down is null) return output;
        Tensor low = nn.functional.linear(cast, _arithmetic.Cast(_down));
        return output + nn.functional.linear(low, _arithmetic.Cast(_up!)).to_type(ScalarType.Float32);
    }
}

/// <summary>Layer normalisation over the last axis, or over the channels of [N,C,H,W].</summary>
internal sealed class Norm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly double _epsilon;
    private readonly bool _isOverChannels;

    public Norm(string name, long width, double epsilon, bool isOverChannels = false) : base(name)
    {
        (_epsilon, _isOverChannels) = (epsilon, isOverChannels);
        _weight = new Parameter(ones(width));
        _bias = new Parameter(zeros(width));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    public override Tensor forward(Tensor input)
    {
        if (!_isOverChannels) return nn.functional.layer_norm(input, _weight.shape, _weight, _bias, _epsilon);
        return nn.functional.layer_norm(input.permute(0, 2, 3, 1), _weight.shape, _weight, _bias, _epsilon).permute(0, 3, 1, 2);
    }
}

/// <summary>A convolution on [N,C,H,W]. None of SAM's has a single output channel, for which libtorch 2.10 leaves part of a gradient unwritten (Focus/Layers.cs).</summary>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Arithmetic _arithmetic;
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly long _stride, _padding;

    public Convolution(string name, long from, long to, long kernel, Arithmetic arithmetic, long stride = 1, long padding = 0, bool hasBias = true) : base(name)
    {
        (_arithmetic, _stride, _padding) = (arithmetic, stride, padding);
        _weight = new Parameter(empty(to, from, kernel, kernel));
        register_parameter("weight", _weight);
        if (!hasBias) return;
        _bias = new Parameter(empty(to));
        register_parameter("bias", _bias);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor cast = _arithmetic.Cast(input), weight = _arithmetic.Cast(_weight);
        Tensor? bias = _bias is null ? null : _arithmetic.Cast(_bias);
        // A 1x1 convolution is a product over channels; libtorch would try NNPACK for it, and complain on every call where it cannot.
        Tensor output = weight.shape[3] == 1
            ? nn.functional.linear(cast.permute(0, 2, 3, 1), weight.flatten(1), bias).permute(0, 3, 1, 2)
            : nn.functional.conv2d(cast, weight, bias, strides: [_stride, _stride], padding: [_padding, _padding]);
        return output.to_type(ScalarType.Float32);
    }
}

/// <summary>A transposed convolution on [N,C,H,W].</summary>
internal sealed class TransposedConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Arithmetic _arithmetic;
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly long _stride, _padding;

    public TransposedConvolution(string name, long from, long to, long kernel, Arithmetic arithmetic, long stride, long padding = 0, bool hasBias = true) : base(name)
    {
        (_arithmetic, _stride, _padding) = (arithmetic, stride, padding);
        _weight = new Parameter(empty(from, to, kernel, kernel));
        register_parameter("weight", _weight);
        if (!hasBias) return;
        _bias = new Parameter(empty(to));
        register_parameter("bias", _bias);
    }

    public override Tensor forward(Tensor input) =>
        nn.functional.conv_transpose2d(_arithmetic.Cast(input), _arithmetic.Cast(_weight), _bias is null ? null : _arithmetic.Cast(_bias), strides: [_stride, _stride], padding: [_padding, _padding])
            .to_type(ScalarType.Float32);
}

/// <summary>Linear layers <c>layers.0</c>, <c>layers.1</c>, … with ReLU between.</summary>
internal sealed class Perceptron : Group
{
    private readonly Linear[] _layers;

    public Perceptron(string name, Arithmetic arithmetic, params long[] widths) : base(name)
    {
        Group layers = Add(new Group("layers"));
        _layers = [.. Enumerable.Range(0, widths.Length - 1).Select(n => layers.Add(new Linear($"{n}", widths[n], widths[n + 1], arithmetic)))];
    }

    public Tensor Apply(Tensor input)
    {
        for (int n = 0; n < _layers.Length; n++) input = n < _layers.Length - 1 ? _layers[n].forward(input).relu() : _layers[n].forward(input);
        return input;
    }
}

/// <summary>Starting values that depend on the seed alone, on every device.</summary>
internal static class Initial
{
    /// <summary>Uniform between minus and plus a limit.</summary>
    public static Tensor Uniform(RandomSource random, float limit, params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int n = 0; n < values.Length; n++) values[n] = random.Uniform(-limit, limit);
        return tensor(values, shape);
    }
}
