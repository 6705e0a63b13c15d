using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SamMed2D.Rendering.Software;

/// <summary>Reads voxels beside each other along the first axis, for eight places at once. One implementation a voxel type.</summary>
internal unsafe interface IVoxelPairs
{
    /// <summary>A stored number is <c>value · Unit + Bias</c> of what <see cref="Mix"/> gives.</summary>
    static abstract float Unit { get; }

    /// <summary>See <see cref="Unit"/>.</summary>
    static abstract float Bias { get; }

    /// <summary>Values between the voxels at some offsets and the ones after them.</summary>
    /// <param name="voxels">The first voxel.</param>
    /// <param name="count">The number of voxels.</param>
    /// <param name="offset">Numbers of voxels that have a next one.</param>
    /// <param name="weights">How far each place is from one to the next.</param>
    static abstract Vector256<float> Mix(void* voxels, int count, Vector256<int> offset, in PairWeights weights);
}

/// <summary>How far places are from one voxel to the next, in the two forms that voxel types need.</summary>
internal readonly struct PairWeights
{
    public const int One = 1 << 14;

    public readonly Vector256<float> Fraction;

    /// <summary>In 16-bit halves: the weight of the first voxel below, that of the second above; together <see cref="One"/>.</summary>
    public readonly Vector256<short> Pair;

    /// <summary>Makes both forms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PairWeights(Vector256<float> fraction)
    {
        Fraction = fraction;
        Vector256<int> second = Avx.ConvertToVector256Int32(fraction * (float)One);
        Pair = (Vector256.Create(One) - second + (second << 16)).AsInt16();
    }

    /// <summary>Between the two signed 16-bit numbers of each lane, times <see cref="One"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Mix(Vector256<int> pairs) => Lanes.ToFloat(Avx2.MultiplyAddAdjacent(pairs.AsInt16(), Pair));
}

/// <summary>16-bit voxels: one load brings a pair, one instruction mixes it.</summary>
internal readonly unsafe struct Int16Pairs : IVoxelPairs
{
    public static float Unit => 1f / PairWeights.One;

    public static float Bias => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Mix(void* voxels, int count, Vector256<int> offset, in PairWeights weights) => weights.Mix(Load(voxels, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(void* voxels, Vector256<int> offset) => Avx2.GatherVector256((int*)voxels, offset, 2);
}

/// <summary>Unsigned 16-bit voxels, moved by half their range to be signed.</summary>
internal readonly unsafe struct UInt16Pairs : IVoxelPairs
{
    public static float Unit => 1f / PairWeights.One;

    public static float Bias => 32768;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Mix(void* voxels, int count, Vector256<int> offset, in PairWeights weights) => weights.Mix(Load(voxels, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(void* voxels, Vector256<int> offset) =>
        Avx2.GatherVector256((int*)voxels, offset, 2) ^ Vector256.Create(unchecked((int)0x80008000));
}

/// <summary>8-bit voxels.</summary>
internal readonly unsafe struct UInt8Pairs : IVoxelPairs
{
    public static float Unit => 1f / PairWeights.One;

    public static float Bias => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Mix(void* voxels, int count, Vector256<int> offset, in PairWeights weights) => weights.Mix(Load(voxels, count, offset));

    // Four bytes come at once; the last pairs are read from further in front, so that nothing behind the voxels is touched.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(void* voxels, int count, Vector256<int> offset)
    {
        Vector256<int> readable = Avx2.Min(offset, Vector256.Create(count - 4));
        Vector256<int> bytes = Avx2.ShiftRightLogicalVariable(Avx2.GatherVector256((int*)voxels, readable, 1), ((offset - readable) << 3).AsUInt32());
        return (bytes & Vector256.Create(0xFF)) | ((bytes << 8) & Vector256.Create(0xFF0000));
    }
}

/// <summary>Voxels as floats, on their own or made from types seldom met.</summary>
internal readonly unsafe struct FloatPairs : IVoxelPairs
{
    public static float Unit => 1;

    public static float Bias => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Mix(void* voxels, int count, Vector256<int> offset, in PairWeights weights) =>
        Lanes.Mix(Lanes.Gather((float*)voxels, offset), Lanes.Gather((float*)voxels + 1, offset), weights.Fraction);
}
