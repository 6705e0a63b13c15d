using SamMed2D.Core.Geometry;

namespace SamMed2D.Application.Views;

/// <summary>Sums of places and displacements.</summary>
internal static class Places
{
    public static RasPoint Plus(this RasPoint place, RasVector move) => new(place.R + move.R, place.A + move.A, place.S + move.S);

    public static RasVector Minus(this RasPoint to, RasPoint from) => new(to.R - from.R, to.A - from.A, to.S - from.S);
}
