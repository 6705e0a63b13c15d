using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;

namespace SamMed2D.Inference.Onnx;

/// <summary>
/// Writes the image encoder of SAM and SAM-Med2D as an ONNX graph: <c>input_image</c> [B,3,S,S] to <c>image_embeddings</c> [B,C,S/16,S/16].
/// Tokens travel as rows of a matrix, so that every linear layer is one Gemm on the checkpoint's own weight. Attention is left to
/// <see cref="EncoderAttention"/>, which does no work for window padding.
/// </summary>
internal class EncoderGraph
{
    private const float Epsilon = 1e-6f;

    private readonly bool _hasAdapters;
    private readonly string _image;
    private readonly KeyPlaces _places;

    /// <summary>Prepares the graph.</summary>
    /// <param name="checkpoint">The weights; must stay open until the graph is written.</param>
    /// <param name="architecture">Their sizes.</param>
    /// <param name="imageSize">Pixels along the image; a multiple of the patch size. Position tables are resized where the checkpoint's differs.</param>
    /// <param name="hasAdapters">True to write the adapter branch.</param>
    /// <param name="createLinear">Makes the writer of linear layers; null writes them in float32.</param>
    public EncoderGraph(CheckpointFile checkpoint, SamArchitecture architecture, int imageSize, bool hasAdapters, Func<GraphBuilder, EncoderLinear>? createLinear = null)
    {
        (Architecture, _hasAdapters) = (architecture, hasAdapters);
        Grid = imageSize / architecture.PatchSize;
        Graph = new GraphBuilder("sam-image-encoder");
        Weights = new CheckpointWeights(checkpoint, Graph);
        Linear = createLinear?.Invoke(Graph) ?? new EncoderLinear(Graph);
        _image = Graph.Input("input_image", "batch", 3, imageSize, imageSize);
        _places = new KeyPlaces(Graph, _image, architecture.Heads);
    }

    /// <summary>The graph under construction.</summary>
    protected GraphBuilder Graph { get; }

    /// <summary>The checkpoint's tensors.</summary>
    protected CheckpointWeights Weights { get; }

    /// <summary>The writer of linear layers.</summary>
    protected EncoderLinear Linear { get; }

    /// <summary>The network's sizes.</summary>
    protected SamArchitecture Architecture { get; }

    /// <summary>Tokens along the image.</summary>
    protected int Grid { get; }

    /// <summary>Width of a token.</summary>
    protected int Width => Architecture.EmbedDim;

    /// <summary>Builds the whole graph.</summary>
    public GraphBuilder Build()
    {
        string tokens = AddPatches(_image);
        for (int block = 0; block < Architecture.Depth; block++) tokens = AddBlock(block, tokens);
        Graph.Output("image_embeddings", AddNeck(tokens), "batch", Architecture.EmbeddingChannels, Grid, Grid);
        return Graph;
    }

    /// <summary>Adds a block's attention, from its qkv product to its projection.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="tokens">Normalised tokens [B·T,D].</param>
    /// <returns>Tokens [B·T,D].</returns>
    protected virtual string AddAttention(int block, string tokens) => new EncoderAttention(Graph, Weights, Linear, Architecture, _places, PlanOf(block)).Add($"image_encoder.blocks.{block}.attn", tokens);

    /// <summary>The writer of adapter branches.</summary>
    protected virtual EncoderAdapter CreateAdapter() => new(Graph, Weights, Linear, Grid, Width);

    /// <summary>The windows of a block.</summary>
    protected WindowPlan PlanOf(int block) => new(Grid, Architecture.GlobalBlocks.Contains(block) ? Grid : Architecture.WindowSize);

    /// <summary>A linear layer on the rows of a matrix.</summary>
    protected string AddLinear(string name, string rows, int inputs, int outputs) =>
        Linear.Add(Weights.Linear(name + ".weight", outputs, inputs), rows, Weights.Get(name + ".bias", outputs));

    private string AddPatches(string image)
    {
        Graph.Scope = "patch_embed";
        int patch = Architecture.PatchSize, size = Architecture.ImageSize / patch;
        string weight = Weights.Get("image_encoder.patch_embed.proj.weight", Width, 3, patch, patch);
        string grid = Graph.Add("Conv", [image, weight, Weights.Get("image_encoder.patch_embed.proj.bias", Width)], NodeAttribute.Ints("strides", patch, patch));
        float[] positions = TableResizing.ResizeBilinear(Weights.Read("image_encoder.pos_embed", 1, size, size, Width), size, size, Grid, Grid);
        string table = Graph.Weight("image_encoder.pos_embed", WeightSource.From(positions), 1, Grid * Grid, Width);
        string tokens = Graph.Transpose(Graph.Reshape(grid, 0, Width, Grid * Grid), 0, 2, 1);
        return Graph.Reshape(Graph.Sum(tokens, table), -1, Width);
    }

    private string AddBlock(int block, string tokens)
    {
        string name = $"image_encoder.blocks.{block}";
        Graph.Scope = $"blocks.{block}.attn";
        tokens = Graph.Sum(tokens, AddAttention(block, AddNorm(name + ".norm1", tokens, Width)));
        Graph.Scope = $"blocks.{block}.mlp";
        string normalised = AddNorm(name + ".norm2", tokens, Width);
        int hidden = (int)Weights.ShapeOf(name + ".mlp.lin1.weight")[0];
        string mlp = AddLinear(name + ".mlp.lin2", Graph.Gelu(AddLinear(name + ".mlp.lin1", normalised, Width, hidden)), hidden, Width);
        tokens = Graph.Sum(tokens, mlp);
        if (!_hasAdapters) return tokens;
        Graph.Scope = $"blocks.{block}.adapter";
        return Graph.Sum(tokens, CreateAdapter().Add(name + ".Adapter", normalised));
    }

    private string AddNeck(string rows)
    {
        Graph.Scope = "neck";
        int channels = Architecture.EmbeddingChannels;
        // What follows is no linear layer of a block and stays float32.
        string first = new EncoderLinear(Graph).Add(Weights.LinearAs("image_encoder.neck.0.weight", [channels, Width, 1, 1], channels, Width), rows);
        string planes = ToPlanes(AddNorm("image_encoder.neck.1", first, channels), channels);
        string second = Graph.Add("Conv", [planes, Weights.Get("image_encoder.neck.2.weight", channels, channels, 3, 3)], NodeAttribute.Ints("pads", 1, 1, 1, 1));
        string tokens = Graph.Transpose(Graph.Reshape(second, 0, channels, Grid * Grid), 0, 2, 1);
        return ToPlanes(AddNorm("image_encoder.neck.3", tokens, channels), channels);
    }

    private string ToPlanes(string tokens, int channels) =>
        Graph.Reshape(Graph.Transpose(Graph.Reshape(tokens, -1, Grid * Grid, channels), 0, 2, 1), 0, channels, Grid, Grid);

    private string AddNorm(string name, string tokens, int width) =>
        Graph.LayerNorm(tokens, Weights.Get(name + ".weight", width), Weights.Get(name + ".bias", width), Epsilon);
}
