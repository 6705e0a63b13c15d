using SamMed2D.Core.Volumes;

namespace SamMed2D.Application.Scans;

/// <summary>The open scans: one behind, one on top of it with an opacity, others out of sight.</summary>
public sealed class ScanList
{
    private readonly List<ScanLayer> _all = [];
    private int _lastId;

    /// <summary>The open scans, in the order in which they were opened.</summary>
    public IReadOnlyList<ScanLayer> All => _all;

    /// <summary>The scan that is shown behind; null while none is open.</summary>
    public ScanLayer? Background { get; private set; }

    /// <summary>The scan on top; null for none.</summary>
    public ScanLayer? Foreground { get; private set; }

    /// <summary>How much of the scan on top is seen, 0 to 1.</summary>
    public double ForegroundOpacity { get; private set; } = 0.5;

    /// <summary>False while the scan on top is hidden for a moment.</summary>
    public bool IsForegroundShown { get; private set; } = true;

    /// <summary>The scan of a number; null where there is none.</summary>
    public ScanLayer? Find(int id) => _all.Find(scan => scan.Id == id);

    internal ScanLayer Add(string path, VolumeReadOptions options, Volume volume, string sha256)
    {
        ScanLayer scan = new(++_lastId, path, options, volume, sha256);
        _all.Add(scan);
        if (Background is null) Background = scan;
        else Foreground ??= scan;
        return scan;
    }

    internal void Remove(ScanLayer scan)
    {
        _all.Remove(scan);
        if (Foreground == scan) Foreground = null;
        if (Background != scan) return;
        Background = _all.Count > 0 ? _all[0] : null;
        if (Foreground == Background) Foreground = null;
    }

    internal void Clear()
    {
        _all.Clear();
        (Background, Foreground) = (null, null);
    }

    internal void ShowBehind(ScanLayer scan)
    {
        if (Foreground == scan) Foreground = Background;
        Background = scan;
    }

    internal void ShowOnTop(ScanLayer? scan)
    {
        if (scan is not null && scan == Background) return;
        Foreground = scan;
    }

    internal void SetOpacity(double opacity)
    {
        ForegroundOpacity = Math.Clamp(opacity, 0, 1);
        IsForegroundShown = true;
    }

    internal void ToggleForeground() => IsForegroundShown = !IsForegroundShown;

    /// <summary>The next scan of the list, round and round.</summary>
    internal ScanLayer? Next(ScanLayer? after, int step)
    {
        if (_all.Count == 0) return null;
        int at = after is null ? (step > 0 ? -1 : 0) : _all.IndexOf(after);
        return _all[((at + step) % _all.Count + _all.Count) % _all.Count];
    }
}
