using SamMed2D.Core.Errors;
using SamMed2D.Rendering.OpenGL;

[assembly: AssemblyFixture(typeof(SamMed2D.Rendering.Tests.OpenGL.GraphicsFixture))]

namespace SamMed2D.Rendering.Tests.OpenGL;

/// <summary>OpenGL renderers for all tests, or the reason why there are none.</summary>
public sealed class GraphicsFixture : IDisposable
{
    private readonly OffscreenRenderer? _renderer, _shaders, _processor;
    private readonly string? _missing;

    public GraphicsFixture()
    {
        try
        {
            _renderer = OffscreenRenderer.Create();
            _shaders = OffscreenRenderer.Create(castsOnProcessor: false);
            _processor = OffscreenRenderer.Create(castsOnProcessor: true);
        }
        catch (MissingComponentException missing)
        {
            _missing = missing.Message;
        }
    }

    /// <summary>The renderer; skips the test where the machine gives none.</summary>
    public OffscreenRenderer Renderer => OrSkip(_renderer);

    /// <summary>One that draws with shaders whatever the machine, and one that draws volumes and slices on the processor.</summary>
    public IEnumerable<OffscreenRenderer> BothWaysOfDrawing => [OrSkip(_shaders), OrSkip(_processor)];

    public void Dispose()
    {
        _renderer?.Dispose();
        _shaders?.Dispose();
        _processor?.Dispose();
    }

    private OffscreenRenderer OrSkip(OffscreenRenderer? renderer)
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        return renderer!;
    }
}
