using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// Finds out how sure a model's masks may be taken for right: propagates labelled structures with every rule switched off, fits confidences to
/// them, and judges those of each subject by a fit to the other subjects.
/// </summary>
/// <param name="segmenter">The model; it stays the caller's.</param>
/// <param name="mostStructures">The most structures of a scan, largest first.</param>
public sealed class CalibrationProtocol(IPromptableSegmenter segmenter, int mostStructures)
{
    private readonly PropagationTracer _tracer = new(segmenter, new PropagationOptions(), mostStructures);
    private readonly List<TracedStructure> _fit = [], _test = [];

    /// <summary>Traces a scan.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="isTest">True for one of those that are reported, false for one that is only fitted to.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    public void Add(LabelledScan scan, bool isTest, CancellationToken cancellation = default) => (isTest ? _test : _fit).AddRange(_tracer.Trace(scan, cancellation));

    /// <summary>Fits and judges.</summary>
    /// <param name="lists">What the scans are called, for the provenance.</param>
    /// <exception cref="InvalidOperationException">There is no scan of one of the two kinds.</exception>
    public Calibration Finish(string lists)
    {
        if (_fit.Count == 0 || _test.Count == 0) throw new InvalidOperationException("Confidences need scans to fit to and scans to test on.");
        TracedStructure[] all = [.. _fit, .. _test];
        string provenance = $"{all.Sum(t => t.Slices.Count())} slices of {all.Length} structures, {all.Select(t => t.Subject).Distinct().Count()} subjects of {lists}, from one box and from three";
        return Calibration.Of(_fit, _test, segmenter.Description.Id, provenance);
    }
}
