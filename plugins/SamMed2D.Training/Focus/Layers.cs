using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamMed2D.Training.Focus;

/// <summary>
/// A convolution whose weights stay in float32 and are cast to the input's type at each call; TorchSharp has no autocast, and bfloat16 about
/// doubles the speed of 3×3 convolutions on CPUs that have it.
/// </summary>
internal sealed class MixedConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly long _stride;
    private readonly long _padding;

    public MixedConvolution(string name, int from, int to, int kernel, int stride = 1, bool hasBias = true) : base(name)
    {
        (_stride, _padding) = (stride, kernel / 2);
        _weight = new Parameter(torch.empty(to, from, kernel, kernel));
        nn.init.kaiming_normal_(_weight, 0, nn.init.FanInOut.FanIn, nn.init.NonlinearityType.ReLU);
        register_parameter("weight", _weight);
        if (!hasBias) return;
        _bias = new Parameter(torch.zeros(to));
        register_parameter("bias", _bias);
    }

    public override Tensor forward(Tensor input)
    {
        ScalarType type = input.dtype;
        // Channels innermost, like the input: the layout in which the bfloat16 kernels run.
        Tensor weight = Widened(_weight.to_type(type)).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Tensor? bias = _bias is null ? null : Widened(_bias.to_type(type));
        Tensor output = nn.functional.conv2d(input, weight, bias, strides: [_stride, _stride], padding: [_padding, _padding]);
        return output.shape[1] == _weight.shape[0] ? output : output.narrow(1, 0, _weight.shape[0]);
    }

    /// <summary>
    /// Fills up to sixteen output channels with zeros: in libtorch 2.10 the gradient of a convolution to one channel with respect to its input
    /// is partly never written (now and then NaN, or a segmentation fault further back).
    /// </summary>
    private static Tensor Widened(Tensor values)
    {
        const long leastChannels = 16;
        if (values.shape[0] >= leastChannels) return values;
        long[] missing = values.shape;
        missing[0] = leastChannels - missing[0];
        return cat([values, zeros(missing, values.dtype)], 0);
    }
}

/// <summary>Group normalisation in eight groups followed by ReLU; weights as in <see cref="MixedConvolution"/>.</summary>
internal sealed class NormRelu : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    public NormRelu(string name, int channels) : base(name)
    {
        _weight = new Parameter(torch.ones(channels));
        _bias = new Parameter(torch.zeros(channels));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    public override Tensor forward(Tensor input) =>
        nn.functional.group_norm(input, 8, _weight.to_type(input.dtype), _bias.to_type(input.dtype), 1e-5).relu();
}

/// <summary>Pre-activation residual block: x + conv2(norm2(conv1(norm1(x)))).</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly NormRelu _norm1;
    private readonly MixedConvolution _conv1;
    private readonly NormRelu _norm2;
    private readonly MixedConvolution _conv2;

    public ResidualBlock(string name, int channels) : base(name)
    {
        register_module("norm1", _norm1 = new NormRelu("norm1", channels));
        register_module("conv1", _conv1 = new MixedConvolution("conv1", channels, channels, 3, hasBias: false));
        register_module("norm2", _norm2 = new NormRelu("norm2", channels));
        register_module("conv2", _conv2 = new MixedConvolution("conv2", channels, channels, 3));
    }

    public override Tensor forward(Tensor input) => input + _conv2.forward(_norm2.forward(_conv1.forward(_norm1.forward(input))));
}

/// <summary>Residual blocks named 0, 1, … and a closing norm.</summary>
internal sealed class Stage : nn.Module<Tensor, Tensor>
{
    private readonly ResidualBlock[] _blocks;
    private readonly NormRelu _norm;

    public Stage(string name, int channels, int blocks) : base(name)
    {
        _blocks = new ResidualBlock[blocks];
        for (int n = 0; n < blocks; n++) register_module($"{n}", _blocks[n] = new ResidualBlock($"{n}", channels));
        register_module("norm", _norm = new NormRelu("norm", channels));
    }

    public override Tensor forward(Tensor input)
    {
        foreach (ResidualBlock block in _blocks) input = block.forward(input);
        return _norm.forward(input);
    }
}
