namespace SamMed2D.Inference.Onnx;

/// <summary>
/// What lengthens the keys of encoder attention: a one in each key's own row and one in its own column, so that a lengthened query picks
/// up its relative terms in the product with the key. Made once a run for each kind of window, whatever the number of blocks.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="image">The graph's input, whose first size is the batch.</param>
/// <param name="heads">Attention heads.</param>
internal sealed class KeyPlaces(GraphBuilder graph, string image, int heads)
{
    private readonly Dictionary<(int Window, int Windows), string> _expanded = [];
    private readonly Dictionary<int, string> _tables = [];
    private string? _batch;

    /// <summary>The places [B,heads,windows,window²,2·window].</summary>
    public string Get(int window, int windows)
    {
        if (_expanded.TryGetValue((window, windows), out string? known)) return known;
        _batch ??= graph.Add("Shape", [image], NodeAttribute.Int("start", 0), NodeAttribute.Int("end", 1));
        string shape = graph.Concat(0, _batch, graph.Int64s(heads, windows, window * window, 2 * window));
        return _expanded[(window, windows)] = graph.Add("Expand", [GetTable(window), shape]);
    }

    private string GetTable(int window)
    {
        if (_tables.TryGetValue(window, out string? known)) return known;
        int keys = window * window, length = 2 * window;
        float[] places = new float[keys * length];
        for (int key = 0; key < keys; key++)
        {
            places[key * length + key / window] = 1;
            places[key * length + window + key % window] = 1;
        }
        return _tables[window] = graph.Weight($"places.{window}", WeightSource.From(places), keys, length);
    }
}
