using static TorchSharp.torch;

namespace SamMed2D.Training.Focus;

/// <summary>
/// The focus network: a U-Net on a 96×96 crop with prompts as channels, 2.0 M parameters. Parameter names are those of
/// <c>focus.safetensors</c>. Input [N, <see cref="FocusLayout.Channels"/>, 96, 96]; output logits [N,1,96,96] in the input's type and
/// predicted IoU [N].
/// </summary>
internal sealed class FocusNetwork : nn.Module<Tensor, (Tensor Logits, Tensor Iou)>
{
    private static readonly int[] s_widths = [16, 32, 64, 128, 160];
    private static readonly int[] s_blocks = [0, 1, 2, 2, 1];

    private readonly MixedConvolution _stem;
    private readonly NormRelu _stemNorm;
    private readonly MixedConvolution[] _down = new MixedConvolution[5];
    private readonly Stage[] _encoders = new Stage[5];
    private readonly MixedConvolution[] _up = new MixedConvolution[4];
    private readonly Stage[] _decoders = new Stage[4];
    private readonly MixedConvolution _head1;
    private readonly NormRelu _headNorm;
    private readonly MixedConvolution _head2;
    private readonly MixedConvolution _global;
    private readonly MixedConvolution _iou1;
    private readonly MixedConvolution _iou2;

    public FocusNetwork() : base("focus")
    {
        _stem = Convolution("stem", FocusLayout.Channels, s_widths[0], 3);
        register_module("stem_norm", _stemNorm = new NormRelu("stem_norm", s_widths[0]));
        for (int level = 1; level <= 4; level++)
        {
            _down[level] = Convolution($"down{level}", s_widths[level - 1], s_widths[level], 3, 2);
            register_module($"enc{level}", _encoders[level] = new Stage($"enc{level}", s_widths[level], s_blocks[level]));
        }
        for (int level = 3; level >= 0; level--)
        {
            _up[level] = Convolution($"up{level}", s_widths[level + 1], s_widths[level], 1);
            register_module($"dec{level}", _decoders[level] = new Stage($"dec{level}", s_widths[level], level == 0 ? 0 : 1));
        }
        _head1 = Convolution("head1", s_widths[0], s_widths[0], 3);
        register_module("head_norm", _headNorm = new NormRelu("head_norm", s_widths[0]));
        _head2 = Convolution("head2", s_widths[0], 1, 3);
        _global = Convolution("glob", s_widths[4], s_widths[4], 1);
        _iou1 = Convolution("iou1", s_widths[4], 64, 1);
        _iou2 = Convolution("iou2", 64, 1, 1);
    }

    /// <inheritdoc/>
    public override (Tensor Logits, Tensor Iou) forward(Tensor input)
    {
        Tensor[] skips = new Tensor[5];
        skips[0] = _stemNorm.forward(_stem.forward(input));
        for (int level = 1; level <= 4; level++) skips[level] = _encoders[level].forward(_down[level].forward(skips[level - 1]));

        Tensor pooled = skips[4].mean([2, 3], keepdim: true);
        Tensor iou = _iou2.forward(_iou1.forward(pooled).relu()).reshape(-1);
        Tensor x = skips[4] + _global.forward(pooled);
        for (int level = 3; level >= 0; level--)
        {
            Tensor wide = nn.functional.interpolate(_up[level].forward(x), scale_factor: [2, 2], mode: InterpolationMode.Nearest);
            x = _decoders[level].forward(wide + skips[level]);
        }
        return (_head2.forward(_headNorm.forward(_head1.forward(x))), iou);
    }

    private MixedConvolution Convolution(string name, int from, int to, int kernel, int stride = 1)
    {
        MixedConvolution layer = new(name, from, to, kernel, stride);
        register_module(name, layer);
        return layer;
    }
}
