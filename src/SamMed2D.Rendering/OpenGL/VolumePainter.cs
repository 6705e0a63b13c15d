using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>Casts rays through a volume, between two depths, into the bound framebuffer.</summary>
internal sealed class VolumePainter(GraphicsDevice device, SceneResources resources, ScreenTriangle screen) : IDisposable
{
    private readonly Dictionary<(bool IsMaximum, bool IsShaded, bool IsMasked), ShaderProgram> _programs = [];

    /// <summary>Draws the part of the volume between two depths.</summary>
    /// <param name="rendering">The volume.</param>
    /// <param name="view">The eye.</param>
    /// <param name="near">Depths to start at; null to start at the eye.</param>
    /// <param name="far">Depths to end at; null to end where the volume does.</param>
    public void Draw(VolumeRendering rendering, ViewSpace view, Texture? near, Texture? far)
    {
        VolumeTexture volume = resources.Of(rendering.Volume);
        TransferTextures transfer = resources.Of(rendering, volume);
        bool isShaded = rendering.Transfer is { Material: not null, Blending: VolumeBlending.Composite };
        ShaderProgram program = ProgramFor((rendering.Transfer.Blending == VolumeBlending.MaximumIntensity, isShaded, rendering.Mask is not null));

        volume.Linear.Bind(0);
        transfer.Emptiness.Bind(2);
        transfer.Table.Bind(3);
        near?.Bind(4);
        far?.Bind(5);
        if (isShaded) volume.Normals.Bind(6);
        if (rendering.Mask is { } mask)
        {
            resources.Of(mask).Texture.Bind(1);
            resources.ColorsOf(mask).BindStorage(0);
            program.Set("labelSize", mask.Labels.Geometry.SizeI, mask.Labels.Geometry.SizeJ, mask.Labels.Geometry.SizeK);
            program.Set("labelFactors", volume.ReducedBy);
        }
        SetVolume(program, rendering, volume);
        SetView(program, view, volume.Volume.Geometry.IndexToRas);
        program.Set("startsAtDepth", near is null ? 0 : 1);
        program.Set("endsAtDepth", far is null ? 0 : 1);
        program.Use();
        screen.Draw();
    }

    public void Dispose()
    {
        foreach (ShaderProgram program in _programs.Values) program.Dispose();
    }

    private ShaderProgram ProgramFor((bool IsMaximum, bool IsShaded, bool IsMasked) key)
    {
        if (_programs.TryGetValue(key, out ShaderProgram? program)) return program;
        List<string> defines = [$"TABLE_SIZE {TransferTextures.TableSize}.0"];
        if (key.IsMaximum) defines.Add("MAXIMUM");
        if (key.IsShaded) defines.Add("SHADED");
        if (key.IsMasked) defines.Add("MASKED");
        return _programs[key] = ShaderProgram.Create(device, "volume", "screen.vert.glsl", ["volume.frag.glsl"], [.. defines]);
    }

    private static void SetVolume(ShaderProgram program, VolumeRendering rendering, VolumeTexture volume)
    {
        VolumeGeometry g = volume.Volume.Geometry;
        (double low, double high) = rendering.Transfer.Range;
        double perIntensity = (TransferTextures.TableSize - 1) / (high - low);
        program.Set("texelToEntry", new Vector2((float)(volume.Scale * perIntensity), (float)((volume.Offset - low) * perIntensity)));
        program.Set("volumeSize", new Vector3(g.SizeI, g.SizeJ, g.SizeK));
        program.Set("brickCount", volume.Bricks.CountI, volume.Bricks.CountJ, volume.Bricks.CountK);
        program.Set("brickSize", (double)BrickGrid.BrickSize);
        program.Set("stepMm", rendering.StepMm);
        program.Set("jitter", rendering.IsJittered ? 1.0 : 0.0);
        program.Set("light", LayerPainter.ToVector(rendering.Transfer.Material ?? Material.Flat));
    }

    private static void SetView(ShaderProgram program, ViewSpace view, Affine affine)
    {
        Camera camera = view.Camera;
        ContinuousIndex eye = affine.RasToIndex(camera.Position);
        RasVector down = camera.UpVector * -1;
        program.Set("eyeIndex", new Vector3((float)eye.I, (float)eye.J, (float)eye.K));
        program.Set("forwardIndex", ViewSpace.Direction(affine, camera.Forward));
        program.Set("rightIndex", ViewSpace.Direction(affine, camera.RightVector));
        program.Set("downIndex", ViewSpace.Direction(affine, down));
        program.Set("forward", ViewSpace.ToVector(camera.Forward));
        program.Set("right", ViewSpace.ToVector(camera.RightVector));
        program.Set("down", ViewSpace.ToVector(down));
        program.Set("targetDistance", camera.DistanceMm);
        double halfHeight = camera.HeightAtTargetMm / 2;
        program.Set("halfExtent", new Vector2((float)(halfHeight * view.Size.AspectRatio), (float)halfHeight));
        program.Set("isParallel", camera.IsParallel ? 1 : 0);
        program.Set("viewSize", new Vector2(view.Size.Width, view.Size.Height));
        program.Set("nearFar", new Vector2((float)view.NearMm, (float)view.FarMm));
        Vector4[] clips = view.ClipsIndex(affine);
        program.Set("clipCount", clips.Length);
        program.Set("clips", clips);
    }
}
