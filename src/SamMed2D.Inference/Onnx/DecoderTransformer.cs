using SamMed2D.Inference.Import;

namespace SamMed2D.Inference.Onnx;

/// <summary>The two-way transformer of the mask decoder (Segment Anything, appendix A): tokens and image attend to each other in turn.</summary>
internal sealed class DecoderTransformer(GraphBuilder graph, DecoderWeights weights, int depth, int width)
{
    private const float Epsilon = 1e-5f;
    private const int Heads = SamArchitecture.DecoderHeads;
    private const string Prefix = "mask_decoder.transformer.";

    /// <summary>Adds all layers.</summary>
    /// <param name="tokens">Output and prompt tokens [P,n,width]; they are their own positional encoding.</param>
    /// <param name="image">The image's tokens [P,T,width].</param>
    /// <param name="imagePositions">Their positional encoding [1,T,width].</param>
    public (string Tokens, string Image) Add(string tokens, string image, string imagePositions)
    {
        string tokenPositions = tokens;
        for (int layer = 0; layer < depth; layer++)
        {
            string name = $"{Prefix}layers.{layer}";
            graph.Scope = $"layers.{layer}";
            tokens = AddSelfAttention(name, tokens, tokenPositions, isFirst: layer == 0);
            string query = graph.Sum(tokens, tokenPositions), key = graph.Sum(image, imagePositions);
            tokens = AddNorm(name + ".norm2", graph.Sum(tokens, AddAttention(name + ".cross_attn_token_to_image", query, key, image)));
            tokens = AddNorm(name + ".norm3", graph.Sum(tokens, AddMlp(name + ".mlp", tokens)));
            query = graph.Sum(tokens, tokenPositions);
            image = AddNorm(name + ".norm4", graph.Sum(image, AddAttention(name + ".cross_attn_image_to_token", key, query, tokens)));
        }
        graph.Scope = "final_attention";
        string attended = AddAttention(Prefix + "final_attn_token_to_image", graph.Sum(tokens, tokenPositions), graph.Sum(image, imagePositions), image);
        return (AddNorm(Prefix + "norm_final_attn", graph.Sum(tokens, attended)), image);
    }

    // The first layer adds no positions, and its result replaces the tokens instead of being added to them.
    private string AddSelfAttention(string name, string tokens, string positions, bool isFirst)
    {
        string query = isFirst ? tokens : graph.Sum(tokens, positions);
        string attended = AddAttention(name + ".self_attn", query, query, tokens);
        return AddNorm(name + ".norm1", isFirst ? attended : graph.Sum(tokens, attended));
    }

    private string AddMlp(string name, string tokens)
    {
        int hidden = (int)weights.ShapeOf(name + ".lin1.weight")[0];
        return weights.AddLinear(name + ".lin2", graph.Add("Relu", [weights.AddLinear(name + ".lin1", tokens, width, hidden)]), hidden, width);
    }

    private string AddAttention(string name, string query, string key, string value)
    {
        int inner = (int)weights.ShapeOf(name + ".q_proj.weight")[0], headDim = inner / Heads;
        string q = ToHeads(weights.AddLinear(name + ".q_proj", query, width, inner), headDim, 0, 2, 1, 3);
        string k = ToHeads(weights.AddLinear(name + ".k_proj", key, width, inner), headDim, 0, 2, 3, 1);
        string v = ToHeads(weights.AddLinear(name + ".v_proj", value, width, inner), headDim, 0, 2, 1, 3);
        string scores = graph.Add("Mul", [graph.MatMul(q, k), graph.Scalar(MathF.Pow(headDim, -0.5f))]);
        string attended = graph.Transpose(graph.MatMul(graph.Softmax(scores), v), 0, 2, 1, 3);
        return weights.AddLinear(name + ".out_proj", graph.Reshape(attended, 0, 0, inner), inner, width);
    }

    private string ToHeads(string value, int headDim, params ReadOnlySpan<long> order) => graph.Transpose(graph.Reshape(value, 0, 0, Heads, headDim), order);

    private string AddNorm(string name, string value) => weights.AddNorm(name, value, width, Epsilon);
}
