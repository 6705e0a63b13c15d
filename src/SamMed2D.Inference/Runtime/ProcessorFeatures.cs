using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SamMed2D.Inference.Runtime;

/// <summary>What the processor offers that ONNX Runtime's kernels are chosen by.</summary>
/// <param name="Architecture">The instruction set, such as <c>X64</c>.</param>
/// <param name="Extensions">Extensions that matter to matrix products, such as <c>AVX512_VNNI</c>.</param>
internal sealed record ProcessorFeatures(Architecture Architecture, IReadOnlyList<string> Extensions)
{
    /// <summary>This machine's.</summary>
    public static ProcessorFeatures Current { get; } = new(RuntimeInformation.ProcessArchitecture, [.. FindExtensions()]);

    /// <summary>
    /// True where products of 8-bit numbers do not saturate: with the VNNI instructions, and on processors other than x86. Without them
    /// weights must keep to 7 bits.
    /// </summary>
    public bool HasExactInt8Products => Architecture is not (Architecture.X64 or Architecture.X86) || Extensions.Any(name => name.EndsWith("VNNI", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', [Architecture.ToString(), .. Extensions]);

    // Leaf 7 of CPUID; .NET names most of these extensions, but not AVX512_VNNI.
    private static IEnumerable<string> FindExtensions()
    {
        if (!X86Base.IsSupported) yield break;
        if (Avx2.IsSupported) yield return "AVX2";
        if (!Avx512F.IsSupported)
        {
            if (X86Base.CpuId(7, 1).Eax >> 4 is var bits && (bits & 1) != 0) yield return "AVX_VNNI";
            yield break;
        }
        yield return "AVX512";
        if ((X86Base.CpuId(7, 0).Ecx >> 11 & 1) != 0) yield return "AVX512_VNNI";
        if ((X86Base.CpuId(7, 1).Eax >> 5 & 1) != 0) yield return "AVX512_BF16";
        if ((X86Base.CpuId(7, 0).Edx >> 24 & 1) != 0) yield return "AMX";
    }
}
