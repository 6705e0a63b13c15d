namespace SamMed2D.Segmentation.Propagation;

/// <summary>A mask of one direction on its way between key slices.</summary>
/// <param name="Patch">The mask.</param>
/// <param name="LogOdds">Of its confidence; null where there is none.</param>
internal readonly record struct PassedMask(ProbabilityPatch Patch, double? LogOdds);

/// <summary>The masks of both directions joined.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="Patch">The mask.</param>
/// <param name="Agreement">IoU of both directions' masks; 0 where only one came here.</param>
/// <param name="LogOdds">The mean of their confidences' log-odds, weighted as the masks are; null where there is none.</param>
internal readonly record struct BlendedMask(int Slice, ProbabilityPatch Patch, double Agreement, double? LogOdds);

/// <summary>The slices between two key slices of a segment, which are walked from both ends.</summary>
internal sealed class Gap(int lowerKey, int upperKey)
{
    private readonly PassedMask?[] _up = new PassedMask?[upperKey - lowerKey - 1];
    private readonly PassedMask?[] _down = new PassedMask?[upperKey - lowerKey - 1];
    private int _openWalks;

    public void Put(StepKind kind, int slice, PassedMask mask) => (kind == StepKind.Up ? _up : _down)[slice - lowerKey - 1] = mask;

    /// <summary>Tells that a walk is to cross the gap.</summary>
    public void Open() => _openWalks++;

    /// <summary>Tells that a walk has ended; true for the last.</summary>
    public bool Close() => --_openWalks == 0;

    /// <summary>
    /// The masks of the slices that at least one walk reached. Where both did, they are weighted by nearness to their key slices;
    /// where one stopped early, the other stands alone. A mask's memory goes back once the next is asked for.
    /// </summary>
    public IEnumerable<BlendedMask> Blend()
    {
        for (int n = 0; n < _up.Length; n++)
        {
            double weightOfDown = (n + 1.0) / (_up.Length + 1);
            int slice = lowerKey + 1 + n;
            if ((_up[n], _down[n]) is ({ } up, { } down))
            {
                using ProbabilityPatch blend = ProbabilityPatch.Blend(up.Patch, down.Patch, weightOfDown);
                yield return new(slice, blend, ProbabilityPatch.IouOf(up.Patch, down.Patch), (1 - weightOfDown) * up.LogOdds + weightOfDown * down.LogOdds);
            }
            else if ((_up[n] ?? _down[n]) is { } alone) yield return new(slice, alone.Patch, 0, alone.LogOdds);
            _up[n]?.Patch.Dispose();
            _down[n]?.Patch.Dispose();
        }
    }
}
