namespace SamMed2D.Segmentation.Propagation;

/// <summary>An encoded slice: the embedding and the picture that it may still look at. Filled again and again.</summary>
/// <param name="pixelCount">Pixels of a slice.</param>
internal sealed class EncodedSlice(int pixelCount)
{
    /// <summary>The picture as the model saw it.</summary>
    public Memory<byte> Picture { get; } = new byte[pixelCount];

    /// <summary>The embedding; null until the slice is encoded.</summary>
    public SliceEmbedding? Embedding { get; set; }

    /// <summary>The slice.</summary>
    public int Slice { get; set; }

    /// <summary>How many use it.</summary>
    public int Leases { get; set; }

    /// <summary>What it takes once it is encoded.</summary>
    public long SizeBytes => Embedding!.SizeBytes + Picture.Length;
}

/// <summary>
/// Keeps encoded slices up to a number of bytes, room set aside for slices still being encoded included. Makes room by dropping the slice whose next
/// use is furthest away. A slice in use is leased and stays until it is given back, even when the cache is disposed meanwhile. Safe for concurrent calls.
/// </summary>
internal sealed class EmbeddingCache(IPromptableSegmenter segmenter, long capacityBytes) : IDisposable
{
    private readonly Dictionary<int, EncodedSlice> _entries = [];
    private readonly Stack<EncodedSlice> _blank = new();
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
            if (!_entries.TryGetValue(slice, out EncodedSlice? entry)) return null;
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
            foreach ((int slice, EncodedSlice entry) in _entries)
                if (entry.Leases == 0 && nextUse(slice) > moment) freeable += entry.SizeBytes;
            if (freeable < bytes) return false;
            while (CapacityBytes - SizeBytes < bytes) DropLastNeeded(nextUse);
            return Reserve(bytes);
        }
    }

    private void DropLastNeeded(Func<int, long> nextUse)
    {
        (long Use, int Slice) last = (long.MinValue, -1);
        foreach ((int slice, EncodedSlice entry) in _entries)
            if (entry.Leases == 0 && nextUse(slice) is long use && use > last.Use) last = (use, slice);
        Drop(last.Slice);
    }

    private bool Reserve(long bytes)
    {
        SizeBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, SizeBytes);
        return true;
    }

    /// <summary>Memory for a slice that is to be encoded; it belongs to the caller until it is added.</summary>
    /// <param name="pixelCount">Pixels of a slice, of the same number in all calls.</param>
    public EncodedSlice TakeBlank(int pixelCount)
    {
        lock (_entries) return _blank.TryPop(out EncodedSlice? blank) ? blank : new(pixelCount);
    }

    /// <summary>Takes an encoded slice in place of bytes set aside; it belongs to the cache from here on.</summary>
    public void Add(EncodedSlice encoded, long reservedBytes)
    {
        lock (_entries)
        {
            SizeBytes += encoded.SizeBytes - reservedBytes;
            PeakBytes = Math.Max(PeakBytes, SizeBytes);
            _entries.Add(encoded.Slice, encoded);
            if (_disposed) Drop(encoded.Slice);
        }
    }

    /// <summary>Drops all slices; those in use follow when they are given back.</summary>
    public void Dispose()
    {
        lock (_entries)
        {
            _disposed = true;
            foreach (EncodedSlice entry in _entries.Values.ToArray())
                if (entry.Leases == 0) Drop(entry.Slice);
        }
    }

    private void Drop(int slice)
    {
        _entries.Remove(slice, out EncodedSlice? entry);
        SizeBytes -= entry!.SizeBytes;
        if (_disposed)
        {
            entry.Embedding!.Dispose(); // a whole run's embeddings would stay with the segmenter for nothing
            return;
        }
        segmenter.Recycle(entry.Embedding!);
        entry.Embedding = null;
        _blank.Push(entry);
    }

    private void Return(EncodedSlice entry)
    {
        lock (_entries)
        {
            entry.Leases--;
            if (entry.Leases == 0 && _disposed) Drop(entry.Slice);
        }
    }

    /// <summary>The right to use a slice until disposed, once.</summary>
    public readonly struct Lease : IDisposable
    {
        private readonly EmbeddingCache _cache;
        private readonly EncodedSlice _entry;

        internal Lease(EmbeddingCache cache, EncodedSlice entry) => (_cache, _entry) = (cache, entry);

        public SliceEmbedding Embedding => _entry.Embedding!;

        /// <summary>The picture as the model saw it; it may be reused once the lease is given back.</summary>
        public ReadOnlyMemory<byte> Picture => _entry.Picture;

        public void Dispose() => _cache.Return(_entry);
    }
}
