using System.Globalization;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;

namespace SamMed2D.Rendering.Shots;

/// <summary>What kind of picture is asked for.</summary>
public enum ShotKind
{
    /// <summary>One slice.</summary>
    Slice,

    /// <summary>A plane that need not follow the grid.</summary>
    Oblique,

    /// <summary>Volume and surfaces in space.</summary>
    Space,

    /// <summary>Axial, 3D, coronal and sagittal in one picture.</summary>
    FourUp,
}

/// <summary>
/// A view in the words of the command line: <c>axial:42</c>, <c>coronal</c>, <c>3d</c>, <c>four-up</c>; <c>coronal:60@30,-15</c> for a slice
/// turned about its horizontal and its vertical axis, <c>oblique:0,0.6,0.8</c> for the plane at right angles to a direction.
/// </summary>
/// <param name="Kind">What kind of picture.</param>
/// <param name="Plane">For a slice, turned or not, the plane.</param>
/// <param name="Slice">Likewise its number along the grid; null for the middle one.</param>
public readonly record struct ShotView(ShotKind Kind, SlicePlane Plane = SlicePlane.Axial, int? Slice = null)
{
    /// <summary>For a plane that is not given by its normal, how far the slice is turned, as the viewer's "Turn plane" does.</summary>
    public (double RightDegrees, double DownDegrees) Turn { get; init; }

    /// <summary>The direction that an oblique plane is at right angles to; null where it is a slice that is turned. Of any length but 0.</summary>
    public RasVector? Normal { get; init; }

    /// <summary>The view as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => (Kind, Normal) switch
    {
        (ShotKind.Space, _) => "3d",
        (ShotKind.FourUp, _) => "four-up",
        (ShotKind.Oblique, { } n) => string.Create(CultureInfo.InvariantCulture, $"oblique:{n.R},{n.A},{n.S}"),
        (ShotKind.Oblique, _) => string.Create(CultureInfo.InvariantCulture, $"{SliceName}@{Turn.RightDegrees},{Turn.DownDegrees}"),
        _ => SliceName,
    };

    private string SliceName => string.Create(CultureInfo.InvariantCulture, $"{Plane.ToString().ToLowerInvariant()}{(Slice is { } slice ? $":{slice}" : "")}");

    /// <summary>Reads a view.</summary>
    /// <returns>False when the text is not one.</returns>
    public static bool TryParse(string text, out ShotView view)
    {
        view = default;
        string lower = text.ToLowerInvariant();
        if (lower == "3d") view = new(ShotKind.Space);
        else if (lower == "four-up") view = new(ShotKind.FourUp);
        else if (lower.StartsWith("oblique:", StringComparison.Ordinal))
        {
            if (!TryParseNumbers(lower[8..], out double[] n, 3) || new RasVector(n[0], n[1], n[2]).Length is not > 1e-9) return false;
            view = new(ShotKind.Oblique) { Normal = new(n[0], n[1], n[2]) };
        }
        else return TryParseSlice(lower, out view);
        return true;
    }

    /// <summary>Reads numbers with commas between them, such as a place or a direction.</summary>
    /// <returns>False when the text is not as many finite numbers.</returns>
    public static bool TryParseNumbers(string text, out double[] numbers, int count)
    {
        string[] parts = text.Split(',');
        numbers = new double[count];
        if (parts.Length != count) return false;
        for (int n = 0; n < count; n++)
            if (!double.TryParse(parts[n], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[n]) || !double.IsFinite(numbers[n])) return false;
        return true;
    }

    private static bool TryParseSlice(string text, out ShotView view)
    {
        view = default;
        string[] turned = text.Split('@'), parts = turned[0].Split(':');
        if (turned.Length > 2 || parts.Length > 2 || PlaneOf(parts[0]) is not { } plane) return false;
        int slice = 0;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out slice)) return false;
        view = new(ShotKind.Slice, plane, parts.Length == 2 ? slice : null);
        if (turned.Length == 1) return true;
        if (!TryParseNumbers(turned[1], out double[] degrees, 2)) return false;
        view = view with { Kind = ShotKind.Oblique, Turn = (degrees[0], degrees[1]) };
        return true;
    }

    private static SlicePlane? PlaneOf(string name) => name switch
    {
        "axial" => SlicePlane.Axial,
        "coronal" => SlicePlane.Coronal,
        "sagittal" => SlicePlane.Sagittal,
        _ => null,
    };
}
