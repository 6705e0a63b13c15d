namespace SamMed2D.Inference.Checkpoints;

/// <summary>The element types of checkpoint tensors that the reader takes.</summary>
public enum CheckpointElementType
{
    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a single (bfloat16).</summary>
    BFloat16,

    /// <summary>64-bit signed integer.</summary>
    Int64,
}

/// <summary>Sizes of element types.</summary>
internal static class CheckpointElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int SizeBytes(this CheckpointElementType type) => type switch
    {
        CheckpointElementType.Float32 => 4,
        CheckpointElementType.Int64 => 8,
        _ => 2,
    };
}
