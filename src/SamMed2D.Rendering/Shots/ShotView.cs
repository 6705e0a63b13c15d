using System.Globalization;
using SamMed2D.Core.Slices;

namespace SamMed2D.Rendering.Shots;

/// <summary>What kind of picture is asked for.</summary>
public enum ShotKind
{
    /// <summary>One slice.</summary>
    Slice,

    /// <summary>Volume and surfaces in space.</summary>
    Space,

    /// <summary>Axial, 3D, coronal and sagittal in one picture.</summary>
    FourUp,
}

/// <summary>A view in the words of the command line: <c>axial:42</c>, <c>coronal</c>, <c>3d</c>, <c>four-up</c>.</summary>
/// <param name="Kind">What kind of picture.</param>
/// <param name="Plane">For a slice, the plane.</param>
/// <param name="Slice">For a slice, its number along the grid; null for the middle one.</param>
public readonly record struct ShotView(ShotKind Kind, SlicePlane Plane = SlicePlane.Axial, int? Slice = null)
{
    /// <summary>The view as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => Kind switch
    {
        ShotKind.Space => "3d",
        ShotKind.FourUp => "four-up",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Plane.ToString().ToLowerInvariant()}{(Slice is { } slice ? $":{slice}" : "")}"),
    };

    /// <summary>Reads a view.</summary>
    /// <returns>False when the text is not one.</returns>
    public static bool TryParse(string text, out ShotView view)
    {
        view = default;
        string[] parts = text.ToLowerInvariant().Split(':');
        if (parts is ["3d"]) view = new(ShotKind.Space);
        else if (parts is ["four-up"]) view = new(ShotKind.FourUp);
        else if (parts.Length <= 2 && PlaneOf(parts[0]) is { } plane)
        {
            int slice = 0;
            if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out slice)) return false;
            view = new(ShotKind.Slice, plane, parts.Length == 2 ? slice : null);
        }
        else return false;
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
