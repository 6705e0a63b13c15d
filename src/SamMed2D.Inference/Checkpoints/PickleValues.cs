namespace SamMed2D.Inference.Checkpoints;

/// <summary>A Python dict: the pairs in the order they were set. Later pairs with the same key win; the reader of the pairs decides.</summary>
internal sealed class PickledDict
{
    /// <summary>The pairs.</summary>
    public List<KeyValuePair<object?, object?>> Pairs { get; } = [];
}

/// <summary>A Python list, tuple or set.</summary>
internal sealed class PickledSequence(List<object?> items)
{
    /// <summary>The empty tuple, of which pickles hold many.</summary>
    public static PickledSequence Empty { get; } = new([]);

    /// <summary>The items.</summary>
    public List<object?> Items { get; } = items;
}

/// <summary>A name that a pickle may use because the reader itself knows what it stands for.</summary>
internal enum KnownGlobal
{
    RebuildTensor,
    RebuildParameter,
    Dict,
    Sequence,
}

/// <summary>The element type behind a <c>torch.*Storage</c> name.</summary>
internal sealed record PickledStorageType(CheckpointElementType ElementType);

/// <summary>A storage: the archive's part <c>data/&lt;key&gt;</c>.</summary>
internal sealed record PickledStorage(CheckpointElementType ElementType, string Key, long ElementCount);

/// <summary>A view into a storage.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long StorageOffset, long[] Shape, long[] Strides);

/// <summary>Stands for everything that a pickle would have had Python look up, call or build, and that the reader does not know. It does nothing.</summary>
internal sealed class PickledPlaceholder
{
    /// <summary>The only one needed: what it would have been is kept in the reader's list of names.</summary>
    public static PickledPlaceholder Instance { get; } = new();
}
