using SamMed2D.Rendering.OpenGL;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.Tests.OpenGL;

public class GraphicsDeviceTests
{
    [Fact]
    public void EndFrame_WrongCallInADebugContext_IsCountedAndToldInTheDriversWords()
    {
        using EglContext context = EglContext.Create(isDebug: true);
        context.MakeCurrent();
        GraphicsDevice device = new(context);
        device.BeginFrame();
        device.EndFrame();
        Assert.Equal(0, device.ErrorCount);
        device.Gl.BindTexture((TextureTarget)0xBEEF, 0);
        Assert.Contains("glBindTexture", Assert.Throws<InvalidOperationException>(device.EndFrame).Message);
        Assert.Equal(1, device.ErrorCount);
        device.EndFrame();
    }
}
