using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Segmentation.Tests.Session;

/// <summary>A session on a small scan and random commands for it, valid or refused.</summary>
internal sealed class RandomSession
{
    private readonly Random _random;

    public RandomSession(int seed, long historyBytes = SegmentationSession.DefaultHistoryBytes, LabelMap? labels = null)
    {
        _random = new(seed);
        Session = new(Scan(seed), labels ?? FirstLabels(seed), historyBytes);
    }

    public RandomSession(int seed, SegmentationSession session) => (_random, Session) = (new(seed), session);

    public SegmentationSession Session { get; }

    public static VolumeGeometry Geometry { get; } = new(9, 7, 6, Affine.FromColumns(new(-0.8, 0, 0), new(0, -0.8, 0), new(0, 0, 2.5), new(1, 2, 3)));

    public static Volume Scan(int seed)
    {
        short[] voxels = new short[Geometry.VoxelCount];
        Random random = new(seed);
        for (int n = 0; n < voxels.Length; n++) voxels[n] = (short)random.Next(-100, 101);
        return new Volume<short>(Geometry, voxels, IntensityScale.Identity, new());
    }

    public static LabelMap FirstLabels(int seed)
    {
        ushort[] labels = new ushort[Geometry.VoxelCount];
        Random random = new(seed);
        for (int n = 0; n < labels.Length; n++) labels[n] = (ushort)random.Next(0, 4);
        return new(Geometry, labels, [new(1, "one", new(1, 2, 3)), new(2, "two", new(3, 4, 5))]); // 3 occurs without a name
    }

    /// <summary>Does something; a refusal must leave all as it was.</summary>
    public void DoSomething()
    {
        string before = State(Session);
        try
        {
            Command();
        }
        catch (SamMed2DException)
        {
            Assert.Equal(before, State(Session));
        }
    }

    private void Command()
    {
        SegmentationSession session = Session;
        ushort label = AnyLabel();
        switch (_random.Next(18))
        {
            case 0: session.AddSegment($"s{_random.Next(20)}"); break;
            case 1: if (_random.Next(3) == 0) session.RemoveSegment(label); break;
            case 2: session.Rename(label, $"s{_random.Next(20)}"); break;
            case 3: session.SetColor(label, new((byte)_random.Next(256), 0, 0)); break;
            case 4: session.SetVisible(label, _random.Next(2) == 0); break;
            case 5: session.SetOpacity(label, _random.NextDouble()); break;
            case 6: session.SetLocked(label, _random.Next(3) == 0); break;
            case 7: session.SetStatus(label, (SegmentStatus)_random.Next(4)); break;
            case 8: session.SetPrompts(label, _random.Next(6), new() { Box = new(1, 1, 4, 5), Points = [new(_random.Next(9), 2, true)] }); break;
            case 9: session.AddPoint(label, _random.Next(7), new(_random.Next(8), _random.Next(8), _random.Next(2) == 0)); break;
            case 10: session.SetAccepted(label, _random.Next(6), _random.Next(2) == 0); break;
            case 11: session.MoveSegment(label, _random.Next(4)); break;
            case 12: session.Apply(AnyPatch(), "Patch"); break;
            case 13: Measure(); break;
            case 14:
                using (SessionStep step = session.BeginStep("Stroke"))
                {
                    for (int n = 0; n < 4; n++) session.Apply(label, AnyMask(), MaskMode.Add);
                    if (_random.Next(4) > 0) step.Commit();
                }
                break;
            default: session.Apply(label, AnyMask(), (MaskMode)_random.Next(3)); break;
        }
    }

    private void Measure()
    {
        if (_random.Next(4) == 0) Session.RemoveLastMeasurement();
        else if (_random.Next(8) == 0) Session.ClearMeasurements();
        else Session.AddMeasurement(new([.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => new RasPoint(100 * _random.NextDouble(), -_random.NextDouble(), 1 / 3.0))])); // one or four places are refused
    }

    public ushort AnyLabel() => Session.Segments.Length == 0 ? (ushort)1 : Session.Segments[_random.Next(Session.Segments.Length)].Label;

    public void AnyRules() => Session.Rules = new()
    {
        Editable = _random.Next(2) == 0 ? null : new(-50, 50),
        Over = (DrawOver)_random.Next(4),
        OverSegment = AnyLabel(),
    };

    public VoxelMask AnyMask()
    {
        VoxelMask mask = new(Geometry, AnyBox());
        for (int n = 0; n < mask.Voxels.Length; n++) mask.Voxels[n] = (byte)(_random.Next(3) == 0 ? 0 : 1);
        return mask;
    }

    public LabelPatch AnyPatch()
    {
        LabelPatch patch = new(Session.Labels, AnyBox());
        for (int n = 0; n < patch.Labels.Length; n++)
            if (_random.Next(2) == 0) patch.Labels[n] = _random.Next(4) == 0 ? (ushort)0 : AnyLabel();
        return patch;
    }

    private VoxelBox AnyBox()
    {
        int i = _random.Next(-1, 8), j = _random.Next(-1, 6), k = _random.Next(-1, 5);
        return new(i, j, k, i + _random.Next(1, 6), j + _random.Next(1, 6), k + _random.Next(1, 4));
    }

    /// <summary>All of a session in words, apart from its history.</summary>
    public static string State(SegmentationSession session)
    {
        StringBuilder text = new();
        foreach (SessionSegment segment in session.Segments)
        {
            text.AppendLine($"{segment.Segment.Label} {segment.Name} {segment.Segment.Color} {segment.Axis} {segment.IsVisible} {segment.Opacity:R} {segment.IsLocked} {segment.Status} {segment.Range}");
            foreach ((int slice, SessionSlice on) in segment.Slices)
                text.AppendLine($"  {slice} {on.Prompts.Box} {string.Join(' ', on.Prompts.Points)} {on.IsAccepted} {on.News}");
            foreach (SliceRecord record in segment.Records) text.AppendLine($"  {record with { Points = [] }} {string.Join(' ', record.Points)}");
            foreach (PropagationEnd end in segment.Ends) text.AppendLine($"  {end.Kind} {end.KeySlice} {end.LastSlice} {end.Reason}");
        }
        foreach (Measurement measurement in session.Measurements) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{string.Join(' ', measurement.Places)} {measurement.Value:R}");
        foreach (RunRecord run in session.Runs) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{run.LabelsSha256}");
        text.AppendJoin(',', session.Labels.Labels.ToArray());
        return text.ToString();
    }
}
