using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SamMed2D.Rendering.Software;

/// <summary>The few operations on eight lanes that the ray caster is made of, each one instruction: no lane is ever treated as special.</summary>
internal static unsafe class Lanes
{
    /// <summary>Lanes in a packet.</summary>
    public const int Count = 8;

    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    /// <summary>From a at t = 0 to b at t = 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Mix(Vector256<float> a, Vector256<float> b, Vector256<float> t) => Fma.MultiplyAdd(b - a, t, a);

    /// <summary>The smaller one; b where a is not a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Avx.Min(a, b);

    /// <summary>The larger one; b where a is not a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Avx.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Truncate(Vector256<float> a) => Avx.ConvertToVector256Int32WithTruncation(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToFloat(Vector256<int> a) => Avx.ConvertToVector256Single(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Ceiling(Vector256<float> a) => Avx.Ceiling(a);

    /// <summary>b where the mask is set, else a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Select(Vector256<float> mask, Vector256<float> b, Vector256<float> a) => Avx.BlendVariable(a, b, mask);

    /// <summary>b where the mask is set, else a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Select(Vector256<int> mask, Vector256<int> b, Vector256<int> a) => Avx2.BlendVariable(a, b, mask);

    /// <summary>One bit a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bits(Vector256<float> mask) => Avx.MoveMask(mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float* table, Vector256<int> index) => Avx2.GatherVector256(table, index, 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Gather(int* table, Vector256<int> index) => Avx2.GatherVector256(table, index, 4);

    /// <summary>Single bytes; three more must be readable behind the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> GatherBytes(byte* table, Vector256<int> index) => Avx2.GatherVector256((int*)table, index, 1) & Vector256.Create(0xFF);

    /// <summary>16-bit labels out of at least two. Two come at once; the last one is read together with the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> GatherLabels(ushort* labels, int count, Vector256<int> index)
    {
        Vector256<int> readable = Avx2.Min(index, Vector256.Create(count - 2));
        Vector256<int> pair = Avx2.GatherVector256((int*)labels, readable, 2);
        return Avx2.ShiftRightLogicalVariable(pair, ((index - readable) << 4).AsUInt32()) & Vector256.Create(0xFFFF);
    }
}
