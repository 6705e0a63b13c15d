using System.Buffers;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>An encoded slice: the embedding and the picture that it may still look at. Disposing returns the picture's buffer to its pool.</summary>
internal sealed class EncodedSlice(SliceEmbedding embedding, byte[] pixels) : IDisposable
{
    public SliceEmbedding Embedding { get; } = embedding;

    /// <summary>The picture as the model saw it.</summary>
    public ReadOnlyMemory<byte> Picture { get; } = pixels.AsMemory(0, embedding.Width * embedding.Height);

    public long SizeBytes => Embedding.SizeBytes + pixels.Length;

    public void Dispose()
    {
        Embedding.Dispose();
        ArrayPool<byte>.Shared.Return(pixels);
    }
}

/// <summary>
/// Keeps encoded slices up to a number of bytes, room set aside for slices still being encoded included. Makes room by dropping the slice whose next
/// use is furthest away. A slice in use is leased and stays until it is given back, even when the cache is disposed meanwhile. Safe for concurrent calls.
/// </summary>
internal sealed class EmbeddingCache(long capacityBytes) : IDisposable
{
    private readonly Dictionary<int, Entry> _entries = [];
    private bool _disposed;

    public long CapacityBytes { get; } = capacityBytes;

    /// <summary>Bytes held and set aside.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>The most bytes ever held and set aside.</summary>
    public long PeakBytes { get; private set; }

    public bool Contains(int slice)
    {
        lock (_entries) return _entries.ContainsKey(slice);
    }

    /// <summary>The slice, kept until the lease is disposed; null where it is not here.</summary>
    public Lease? TryLease(int slice)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(slice, out Entry? entry)) return null;
            entry.Leases++;
            return new Lease(this, entry);
        }
    }

    /// <summary>Sets bytes aside, dropping slices that are not in use and are needed later than a moment, the last needed first.</summary>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="moment">Slices needed at or before it stay.</param>
    /// <param name="nextUse">When a slice is needed next.</param>
    /// <returns>False where there is no room; nothing is dropped in vain.</returns>
    public bool TryReserve(long bytes, long moment, Func<int, long> nextUse)
    {
        lock (_entries)
        {
            if (CapacityBytes - SizeBytes >= bytes) return Reserve(bytes);
            long freeable = CapacityBytes - SizeBytes;
            foreach ((int slice, Entry entry) in _entries)
                if (entry.Leases == 0 && nextUse(slice) > moment) freeable += entry.Bytes;
            if (freeable < bytes) return false;
            while (CapacityBytes - SizeBytes < bytes) DropLastNeeded(nextUse);
            return Reserve(bytes);
        }
    }

    private void DropLastNeeded(Func<int, long> nextUse)
    {
        (long Use, int Slice) last = (long.MinValue, -1);
        foreach ((int slice, Entry entry) in _entries)
            if (entry.Leases == 0 && nextUse(slice) is long use && use > last.Use) last = (use, slice);
        Drop(last.Slice);
    }

    private bool Reserve(long bytes)
    {
        SizeBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, SizeBytes);
        return true;
    }

    /// <summary>Takes a slice in place of bytes set aside; it belongs to the cache from here on.</summary>
    public void Add(int slice, EncodedSlice encoded, long reservedBytes)
    {
        lock (_entries)
        {
            SizeBytes += encoded.SizeBytes - reservedBytes;
            PeakBytes = Math.Max(PeakBytes, SizeBytes);
            _entries.Add(slice, new(slice, encoded));
            if (_disposed) Drop(slice);
        }
    }

    /// <summary>Drops all slices; those in use follow when they are given back.</summary>
    public void Dispose()
    {
        lock (_entries)
        {
            _disposed = true;
            foreach (Entry entry in _entries.Values.ToArray())
                if (entry.Leases == 0) Drop(entry.Slice);
        }
    }

    private void Drop(int slice)
    {
        _entries.Remove(slice, out Entry? entry);
        SizeBytes -= entry!.Bytes;
        entry.Encoded.Dispose();
    }

    private void Return(Entry entry)
    {
        lock (_entries)
        {
            entry.Leases--;
            if (entry.Leases == 0 && _disposed) Drop(entry.Slice);
        }
    }

    private sealed class Entry(int slice, EncodedSlice encoded)
    {
        public int Slice { get; } = slice;

        public EncodedSlice Encoded { get; } = encoded;

        public long Bytes { get; } = encoded.SizeBytes;

        public int Leases { get; set; }
    }

    /// <summary>The right to use a slice until disposed, once.</summary>
    public readonly struct Lease : IDisposable
    {
        private readonly EmbeddingCache _cache;
        private readonly Entry _entry;

        internal Lease(EmbeddingCache cache, object entry) => (_cache, _entry) = (cache, (Entry)entry);

        public SliceEmbedding Embedding => Encoded.Embedding;

        /// <summary>The picture as the model saw it; it may be reused once the lease is given back.</summary>
        public ReadOnlyMemory<byte> Picture => Encoded.Picture;

        private EncodedSlice Encoded => _entry.Encoded;

        public void Dispose() => _cache.Return(_entry);
    }
}
