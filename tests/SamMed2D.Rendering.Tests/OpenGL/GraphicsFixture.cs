using SamMed2D.Core.Errors;
using SamMed2D.Rendering.OpenGL;

[assembly: AssemblyFixture(typeof(SamMed2D.Rendering.Tests.OpenGL.GraphicsFixture))]

namespace SamMed2D.Rendering.Tests.OpenGL;

/// <summary>One OpenGL renderer for all tests, or the reason why there is none.</summary>
public sealed class GraphicsFixture : IDisposable
{
    private readonly OffscreenRenderer? _renderer;
    private readonly string? _missing;

    public GraphicsFixture()
    {
        try
        {
            _renderer = OffscreenRenderer.Create();
        }
        catch (MissingComponentException missing)
        {
            _missing = missing.Message;
        }
    }

    /// <summary>The renderer; skips the test where the machine gives none.</summary>
    public OffscreenRenderer Renderer
    {
        get
        {
            Assert.SkipWhen(_missing is not null, _missing ?? "");
            return _renderer!;
        }
    }

    public void Dispose() => _renderer?.Dispose();
}
