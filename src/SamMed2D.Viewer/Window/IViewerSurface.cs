using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Viewer.Window;

/// <summary>What the viewer draws on: a window, or nothing but memory.</summary>
internal interface IViewerSurface : IGraphicsContext
{
    /// <summary>The size in pixels.</summary>
    ImageSize Size { get; }

    /// <summary>How much larger than on a plain display everything is drawn.</summary>
    float Scale { get; }

    /// <summary>True where somebody can see it.</summary>
    bool IsVisible { get; }

    /// <summary>Collects what happened; waits for something at most this long.</summary>
    void Wait(double seconds, InputQueue queue);

    /// <summary>Ends a wait, from any thread.</summary>
    void Wake();

    /// <summary>The files that were dropped since the last call.</summary>
    IReadOnlyList<string> TakeDroppedFiles();

    /// <summary>Changes the size.</summary>
    void Resize(ImageSize size);

    /// <summary>Names the window.</summary>
    void SetTitle(string title);

    /// <summary>Changes the pointer's shape.</summary>
    void SetCursor(CursorShape shape);

    /// <summary>The clipboard's text.</summary>
    string Clipboard { get; set; }

    /// <summary>What a key prints on this keyboard; null for nothing or where that is unknown.</summary>
    string? KeyName(int key);
}

/// <summary>The shape of the pointer.</summary>
internal enum CursorShape
{
    None = -1,
    Arrow = 0,
    Text = 1,
    Cross = 2,
    Hand = 3,
    Horizontal = 4,
    Vertical = 5,
}
