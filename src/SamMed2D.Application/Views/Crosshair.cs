using SamMed2D.Core.Geometry;

namespace SamMed2D.Application.Views;

/// <summary>The one place in patient space that all views share.</summary>
public sealed class Crosshair
{
    /// <summary>The place.</summary>
    public RasPoint Position { get; internal set; }

    /// <summary>Whether views show it.</summary>
    public bool IsShown { get; internal set; } = true;
}
