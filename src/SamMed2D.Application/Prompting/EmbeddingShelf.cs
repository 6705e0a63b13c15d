using SamMed2D.Segmentation;

namespace SamMed2D.Application.Prompting;

/// <summary>The embeddings of the slices looked at last, within a bound of bytes; the one used longest ago goes first. For one thread.</summary>
internal sealed class EmbeddingShelf(long capacityBytes) : IDisposable
{
    private readonly LinkedList<(SliceKey Key, SliceEmbedding Embedding, long Bytes)> _shelf = new();
    private long _bytes;

    public SliceEmbedding? Find(SliceKey key)
    {
        for (LinkedListNode<(SliceKey Key, SliceEmbedding Embedding, long Bytes)>? node = _shelf.First; node is not null; node = node.Next)
        {
            if (node.Value.Key != key) continue;
            _shelf.Remove(node);
            _shelf.AddFirst(node);
            return node.Value.Embedding;
        }
        return null;
    }

    /// <summary>Takes an embedding over.</summary>
    /// <param name="key">Its slice.</param>
    /// <param name="embedding">The embedding; disposed when it leaves the shelf.</param>
    /// <param name="pictureBytes">Bytes of the picture that it may still look at.</param>
    public void Add(SliceKey key, SliceEmbedding embedding, int pictureBytes)
    {
        long bytes = embedding.SizeBytes + pictureBytes;
        _shelf.AddFirst((key, embedding, bytes));
        _bytes += bytes;
        while (_bytes > capacityBytes && _shelf.Count > 1) RemoveLast();
    }

    public void Clear()
    {
        while (_shelf.Count > 0) RemoveLast();
    }

    public void Dispose() => Clear();

    private void RemoveLast()
    {
        (_, SliceEmbedding embedding, long bytes) = _shelf.Last!.Value;
        _shelf.RemoveLast();
        _bytes -= bytes;
        embedding.Dispose();
    }
}
