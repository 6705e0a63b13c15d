using System.Buffers;
using System.Runtime.InteropServices;
using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Pictures;

/// <summary>Where the memory of predictions, rented from the shared pools, goes back to.</summary>
internal static class PredictionMemory
{
    /// <summary>Gives back the memory of a prediction that one of this room's segmenters made.</summary>
    public static void Return(MaskPrediction prediction)
    {
        MaskPrompt mask = prediction.Mask;
        Return(mask.Probabilities);
        if (mask.Native is { } native) Return(native.Values);
        Return(mask.Picture);
    }

    private static void Return<T>(ReadOnlyMemory<T> memory)
    {
        if (MemoryMarshal.TryGetArray(memory, out ArraySegment<T> segment) && segment.Array is { Length: > 0 } array) ArrayPool<T>.Shared.Return(array);
    }
}
