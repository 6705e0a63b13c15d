using SamMed2D.Core.Geometry;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Finds place, scale and phase of each picture of a file: at its top, or in the functional groups of enhanced multi-frame files (PS3.3, C.7.6.16).</summary>
internal static class FrameReader
{
    /// <summary>One frame a picture.</summary>
    public static IReadOnlyList<DicomFrame> CreateFrames(DicomInstance instance, DicomDataSet data)
    {
        DicomDataSet? shared = data.FirstItem(DicomTags.SharedFunctionalGroups);
        IReadOnlyList<DicomDataSet> groups = data.Items(DicomTags.PerFrameFunctionalGroups);
        DicomFrame[] frames = new DicomFrame[instance.PictureCount];
        for (int n = 0; n < frames.Length; n++)
            frames[n] = CreateFrame(instance, n, new FunctionalGroups(n < groups.Count ? groups[n] : null, shared, data));
        return frames;
    }

    /// <summary>A plane from DICOM's numbers (LPS millimetres); null where one is missing or senseless.</summary>
    public static PicturePlane? CreatePlane(double[]? position, double[]? orientation, double[]? spacing)
    {
        if (position is not { Length: 3 } || orientation is not { Length: 6 } || spacing is not { Length: >= 2 }) return null;
        if (!(spacing[0] > 0) || !(spacing[1] > 0)) return null;
        RasVector right = ToRas(orientation.AsSpan(0, 3)), down = ToRas(orientation.AsSpan(3, 3));
        const double tolerance = 0.01;
        bool unit = Math.Abs(right.Length - 1) < tolerance && Math.Abs(down.Length - 1) < tolerance && Math.Abs(right.Dot(down)) < tolerance;
        if (!unit) return null;
        return new PicturePlane(new LpsPoint(position[0], position[1], position[2]).ToRas(), right.ToUnit(), down.ToUnit(), spacing[1], spacing[0]);
    }

    /// <summary>The phase keys at the top of a classic file; an enhanced one's groups override them.</summary>
    public static double[] PhaseKeysOf(FunctionalGroups groups)
    {
        DicomDataSet? content = groups.Find(DicomTags.FrameContentSequence), cardiac = groups.Find(DicomTags.CardiacSynchronizationSequence);
        DicomDataSet? echo = groups.Find(DicomTags.MrEchoSequence), diffusion = groups.Find(DicomTags.MrDiffusionSequence);
        DicomDataSet top = groups.Top;
        double[] keys = new double[Enum.GetValues<PhaseKey>().Length];
        keys[(int)PhaseKey.TemporalPosition] = content?.GetUnsigned(DicomTags.TemporalPositionIndex) ?? top.GetDecimal(DicomTags.TemporalPositionIdentifier) ?? double.NaN;
        keys[(int)PhaseKey.AcquisitionNumber] = content?.GetUInt16(DicomTags.FrameAcquisitionNumber) ?? top.GetDecimal(DicomTags.AcquisitionNumber) ?? double.NaN;
        keys[(int)PhaseKey.TriggerTime] = cardiac?.GetDouble(DicomTags.NominalCardiacTriggerDelayTime) ?? top.GetDecimal(DicomTags.TriggerTime) ?? double.NaN;
        keys[(int)PhaseKey.EchoTime] = echo?.GetDouble(DicomTags.EffectiveEchoTime) ?? top.GetDecimal(DicomTags.EchoTime) ?? double.NaN;
        keys[(int)PhaseKey.DiffusionBValue] = diffusion?.GetDouble(DicomTags.DiffusionBValue) ?? top.GetDouble(DicomTags.DiffusionBValue) ?? double.NaN;
        keys[(int)PhaseKey.AcquisitionTime] = top.GetDecimal(DicomTags.AcquisitionTime) ?? double.NaN;
        return keys;
    }

    private static DicomFrame CreateFrame(DicomInstance instance, int picture, FunctionalGroups groups)
    {
        PicturePlane? plane = CreatePlane(
            groups.Find(DicomTags.PlanePositionSequence)?.GetDecimals(DicomTags.ImagePositionPatient)
                ?? (instance.PictureCount == 1 ? groups.Top.GetDecimals(DicomTags.ImagePositionPatient) : null),
            (groups.Find(DicomTags.PlaneOrientationSequence) ?? groups.Top).GetDecimals(DicomTags.ImageOrientationPatient),
            (groups.Find(DicomTags.PixelMeasuresSequence) ?? groups.Top).GetDecimals(DicomTags.PixelSpacing));
        DicomDataSet rescale = groups.Find(DicomTags.PixelValueTransformationSequence) ?? groups.Top;
        double slope = rescale.GetDecimal(DicomTags.RescaleSlope) is double s && s != 0 ? s : 1;
        string stack = groups.Find(DicomTags.FrameContentSequence)?.GetText(DicomTags.StackId) ?? "";
        return new DicomFrame(instance, picture, 0, 0, instance.Format.Columns, instance.Format.Rows, plane, slope,
            rescale.GetDecimal(DicomTags.RescaleIntercept) ?? 0, stack, PhaseKeysOf(groups));
    }

    private static RasVector ToRas(ReadOnlySpan<double> lps) => new(-lps[0], -lps[1], lps[2]);
}

/// <summary>Where the facts of one frame may stand: its own group, the group shared by all, the file's top.</summary>
internal readonly record struct FunctionalGroups(DicomDataSet? Frame, DicomDataSet? Shared, DicomDataSet Top)
{
    /// <summary>The first item of a functional group's sequence, the frame's own before the shared one.</summary>
    public DicomDataSet? Find(uint sequence) => Frame?.FirstItem(sequence) ?? Shared?.FirstItem(sequence);
}
