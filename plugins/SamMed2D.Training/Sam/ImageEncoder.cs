using SamMed2D.Inference.Import;
using SamMed2D.Training.Scenes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>SAM's image encoder, with SAM-Med2D's adapters where wanted: normalised pictures [B,3,S,S] to embeddings [B,C,S/16,S/16].</summary>
internal sealed class ImageEncoder : Group
{
    private readonly Convolution _patches;
    private readonly Parameter _positions;
    private readonly EncoderBlock[] _blocks;
    private readonly Convolution _neck0, _neck2;
    private readonly Norm _neck1, _neck3;

    public ImageEncoder(SamArchitecture architecture, int imageSize, bool hasAdapters, Arithmetic arithmetic) : base("image_encoder")
    {
        const double epsilon = 1e-6;
        int width = architecture.EmbedDim, grid = imageSize / architecture.PatchSize, channels = architecture.EmbeddingChannels;
        _patches = Add(new Group("patch_embed")).Add(new Convolution("proj", 3, width, architecture.PatchSize, arithmetic, stride: architecture.PatchSize));
        _positions = new Parameter(empty(1, grid, grid, width));
        register_parameter("pos_embed", _positions);
        Group blocks = Add(new Group("blocks"));
        _blocks = [.. Enumerable.Range(0, architecture.Depth).Select(n => blocks.Add(
            new EncoderBlock($"{n}", width, architecture.Heads, architecture.GlobalBlocks.Contains(n) ? null : architecture.WindowSize, grid, hasAdapters, arithmetic)))];
        Group neck = Add(new Group("neck"));
        _neck0 = neck.Add(new Convolution("0", width, channels, 1, arithmetic, hasBias: false));
        _neck1 = neck.Add(new Norm("1", channels, epsilon, isOverChannels: true));
        _neck2 = neck.Add(new Convolution("2", channels, channels, 3, arithmetic, padding: 1, hasBias: false));
        _neck3 = neck.Add(new Norm("3", channels, epsilon, isOverChannels: true));
    }

    public Tensor Encode(Tensor pictures)
    {
        Tensor tokens = _patches.forward(pictures).permute(0, 2, 3, 1) + _positions;
        foreach (EncoderBlock block in _blocks) tokens = block.Apply(tokens);
        return _neck3.forward(_neck2.forward(_neck1.forward(_neck0.forward(tokens.permute(0, 3, 1, 2)))));
    }

    /// <summary>Gives every block's query, key and value layer a low-rank addition.</summary>
    public void AddLowRank(int rank, RandomSource random)
    {
        foreach (EncoderBlock block in _blocks) block.QueryKeyValue.AddLowRank(rank, random);
    }

    /// <summary>The layers that may have low-rank additions, by the names of their weights.</summary>
    public IEnumerable<(string Name, Linear Layer)> LowRankLayers => _blocks.Select((block, n) => ($"image_encoder.blocks.{n}.attn.qkv.weight", block.QueryKeyValue));
}

/// <summary>One block: attention, then a perceptron and beside it the adapter.</summary>
internal sealed class EncoderBlock : Group
{
    private readonly Norm _norm1, _norm2;
    private readonly EncoderAttention _attention;
    private readonly Linear _lin1, _lin2;
    private readonly Adapter? _adapter;

    public EncoderBlock(string name, int width, int heads, int? window, int grid, bool hasAdapter, Arithmetic arithmetic) : base(name)
    {
        const double epsilon = 1e-6;
        _norm1 = Add(new Norm("norm1", width, epsilon));
        _attention = Add(new EncoderAttention("attn", width, heads, window, grid, arithmetic));
        _norm2 = Add(new Norm("norm2", width, epsilon));
        Group perceptron = Add(new Group("mlp"));
        _lin1 = perceptron.Add(new Linear("lin1", width, 4 * width, arithmetic));
        _lin2 = perceptron.Add(new Linear("lin2", 4 * width, width, arithmetic));
        if (hasAdapter) _adapter = Add(new Adapter("Adapter", width, arithmetic));
    }

    public Linear QueryKeyValue => _attention.QueryKeyValue;

    /// <summary>Tokens [B,H,W,D] to tokens.</summary>
    public Tensor Apply(Tensor tokens)
    {
        tokens = tokens + _attention.Apply(_norm1.forward(tokens));
        Tensor normalised = _norm2.forward(tokens);
        tokens = tokens + _lin2.forward(nn.functional.gelu(_lin1.forward(normalised)));
        return _adapter is null ? tokens : tokens + _adapter.Apply(normalised);
    }
}

/// <summary>Attention over the whole grid or within windows (the grid padded with zero tokens to whole ones), with decomposed relative positions.</summary>
internal sealed class EncoderAttention : Group
{
    private readonly Arithmetic _arithmetic;
    private readonly int _heads, _side;
    private readonly bool _isWindowed;
    private readonly Linear _projection;
    private readonly Parameter _down, _across;
    private readonly long[] _distances;

    public EncoderAttention(string name, int width, int heads, int? window, int grid, Arithmetic arithmetic) : base(name)
    {
        (_arithmetic, _heads, _side, _isWindowed) = (arithmetic, heads, window ?? grid, window is not null);
        QueryKeyValue = Add(new Linear("qkv", width, 3 * width, arithmetic));
        _projection = Add(new Linear("proj", width, width, arithmetic));
        _down = new Parameter(empty(2 * _side - 1, width / heads));
        _across = new Parameter(empty(2 * _side - 1, width / heads));
        register_parameter("rel_pos_h", _down);
        register_parameter("rel_pos_w", _across);
        _distances = [.. from query in Enumerable.Range(0, _side) from key in Enumerable.Range(0, _side) select (long)(query - key + _side - 1)];
    }

    public Linear QueryKeyValue { get; }

    public Tensor Apply(Tensor tokens)
    {
        if (!_isWindowed) return Attend(tokens);
        long batch = tokens.shape[0], height = tokens.shape[1], width = tokens.shape[2], channels = tokens.shape[3];
        long rows = (height + _side - 1) / _side, columns = (width + _side - 1) / _side;
        Tensor padded = nn.functional.pad(tokens, [0, 0, 0, columns * _side - width, 0, rows * _side - height]);
        Tensor windows = padded.reshape(batch, rows, _side, columns, _side, channels).permute(0, 1, 3, 2, 4, 5).reshape(-1, _side, _side, channels);
        Tensor whole = Attend(windows).reshape(batch, rows, columns, _side, _side, channels).permute(0, 1, 3, 2, 4, 5).reshape(batch, rows * _side, columns * _side, channels);
        return whole.narrow(1, 0, height).narrow(2, 0, width);
    }

    private Tensor Attend(Tensor tokens)
    {
        long batch = tokens.shape[0], count = _side * _side, width = tokens.shape[3], head = width / _heads;
        Tensor three = QueryKeyValue.forward(tokens).reshape(batch, count, 3, _heads, head).permute(2, 0, 3, 1, 4).reshape(3, batch * _heads, count, head);
        Tensor query = three[0], key = three[1], value = three[2];
        Tensor scores = _arithmetic.Cast(query * Math.Pow(head, -0.5)).matmul(_arithmetic.Cast(key).transpose(1, 2)).to_type(ScalarType.Float32);
        // The relative terms take the unscaled query.
        Tensor square = query.reshape(batch * _heads, _side, _side, head);
        Tensor down = einsum("bhwc,hkc->bhwk", square, ByDistance(_down)).unsqueeze(-1);
        Tensor across = einsum("bhwc,wkc->bhwk", square, ByDistance(_across)).unsqueeze(-2);
        Tensor weights = (scores.reshape(batch * _heads, _side, _side, _side, _side) + down + across).reshape(batch * _heads, count, count).softmax(-1);
        Tensor mixed = _arithmetic.Cast(weights).matmul(_arithmetic.Cast(value)).to_type(ScalarType.Float32);
        return _projection.forward(mixed.reshape(batch, _heads, _side, _side, head).permute(0, 2, 3, 1, 4).reshape(batch, _side, _side, width));
    }

    private Tensor ByDistance(Parameter table) => table.index_select(0, tensor(_distances, device: table.device)).reshape(_side, _side, -1);
}

/// <summary>SAM-Med2D's adapter: a gate over channels, then a convolution down and one up, added and normalised.</summary>
internal sealed class Adapter : Group
{
    private readonly Linear _gate0, _gate2;
    private readonly Convolution _down;
    private readonly TransposedConvolution _up;
    private readonly Norm _norm;

    public Adapter(string name, int width, Arithmetic arithmetic) : base(name)
    {
        Group channel = Add(new Group("channel")), spatial = Add(new Group("spatial"));
        _gate0 = channel.Add(new Linear("0", width, width / 4, arithmetic, hasBias: false));
        _gate2 = channel.Add(new Linear("2", width / 4, width, arithmetic, hasBias: false));
        _down = spatial.Add(new Convolution("0", width, width, 3, arithmetic, stride: 2, padding: 1, hasBias: false));
        _up = spatial.Add(new TransposedConvolution("2", width, width, 4, arithmetic, stride: 2, padding: 1, hasBias: false));
        _norm = Add(new Norm("norm", width, 1e-5));
    }

    /// <summary>Normalised tokens [B,H,W,D] to what is added to the block's output.</summary>
    public Tensor Apply(Tensor tokens)
    {
        Tensor gate = _gate2.forward(_gate0.forward(tokens.mean([1, 2])).relu()).sigmoid();
        Tensor planes = (tokens * gate.unsqueeze(1).unsqueeze(1)).permute(0, 3, 1, 2);
        Tensor spatial = _up.forward(_down.forward(planes).relu()).relu();
        return _norm.forward(tokens + spatial.permute(0, 2, 3, 1));
    }
}
