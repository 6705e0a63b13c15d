using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Software;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>Casts rays through a volume on the processor and puts the picture, as a texture, into the bound framebuffer: for where OpenGL is software too.</summary>
internal sealed class SoftwareVolumePainter(GraphicsDevice device, SceneResources resources, ScreenTriangle screen) : IDisposable
{
    private readonly ShaderProgram _composite = ShaderProgram.Create(device, "composite of rays", "screen.vert.glsl", ["composite.frag.glsl"], "PREMULTIPLIED");
    private Texture? _texture;
    private ImageSize _size;
    private Vector4[] _picture = [];
    private float[] _nearMm = [], _farMm = [];

    /// <summary>Draws the part of the volume between two depths.</summary>
    /// <param name="rendering">The volume.</param>
    /// <param name="caster">A caster for the volume as the card shows it.</param>
    /// <param name="view">The eye.</param>
    /// <param name="near">Depths to start at; null to start at the eye.</param>
    /// <param name="far">Depths to end at; null to end where the volume does.</param>
    public void Draw(VolumeRendering rendering, SoftwareRayCaster caster, ViewSpace view, Texture? near, Texture? far)
    {
        Prepare(view.Size);
        VolumeTexture volume = resources.Of(rendering.Volume);
        caster.Cast(CreateSetup(rendering, volume.Volume, view, near, far), _picture);
        _texture!.Upload2D<Vector4>(_size.Width, _size.Height, PixelFormat.Rgba, PixelType.Float, _picture);
        _texture.Bind(0);
        _composite.Use();
        screen.Draw();
    }

    public void Dispose()
    {
        _composite.Dispose();
        _texture?.Dispose();
    }

    private void Prepare(ImageSize size)
    {
        if (_texture is not null && _size == size) return;
        _texture?.Dispose();
        _texture = Texture.Create2D(device, "cast rays", size.Width, size.Height, SizedInternalFormat.Rgba32f, 16);
        (_size, _picture) = (size, new Vector4[size.PixelCount]);
    }

    private CastSetup CreateSetup(VolumeRendering rendering, Volume volume, ViewSpace view, Texture? near, Texture? far)
    {
        VolumeGeometry g = volume.Geometry;
        Affine affine = g.IndexToRas;
        Camera camera = view.Camera;
        ContinuousIndex eye = affine.RasToIndex(camera.Position);
        SoftwareTransfer transfer = resources.SoftwareTransferOf(rendering, resources.Of(rendering.Volume));
        double halfHeight = camera.HeightAtTargetMm / 2;
        return new()
        {
            Width = _size.Width,
            Height = _size.Height,
            Eye = new((float)eye.I, (float)eye.J, (float)eye.K),
            Forward = ViewSpace.Direction(affine, camera.Forward),
            Right = ViewSpace.Direction(affine, camera.RightVector),
            Down = ViewSpace.Direction(affine, camera.UpVector * -1),
            TargetDistance = (float)camera.DistanceMm,
            HalfExtent = new((float)(halfHeight * _size.AspectRatio), (float)halfHeight),
            IsParallel = camera.IsParallel,
            Clips = view.ClipsIndex(affine),
            NearMm = near is null ? null : ReadDistances(near, view, ref _nearMm),
            FarMm = far is null ? null : ReadDistances(far, view, ref _farMm),
            SizeI = g.SizeI,
            SizeJ = g.SizeJ,
            SizeK = g.SizeK,
            GradientToRas = (Column(affine, 1, 0, 0), Column(affine, 0, 1, 0), Column(affine, 0, 0, 1)),
            Transfer = transfer,
            StepMm = (float)rendering.StepMm,
            IsJittered = rendering.IsJittered,
            StoredToEntry = transfer.StoredToEntry,
            Labels = rendering.Mask is { } mask ? mask.Labels.LabelMemory : default,
            IsLabelShown = rendering.Mask is { } shown ? resources.ShownLabelsOf(shown) : null,
        };
    }

    // Depths as the card has them, as millimetres along the middle line of sight: what common.glsl calls eyeDistance.
    private float[] ReadDistances(Texture depths, ViewSpace view, ref float[] distances)
    {
        if (distances.Length != _size.PixelCount) distances = new float[_size.PixelCount];
        depths.Download2D(PixelFormat.DepthComponent, PixelType.Float, distances.AsSpan());
        (float near, float far) = ((float)view.NearMm, (float)view.FarMm);
        bool isParallel = view.Camera.IsParallel;
        foreach (ref float depth in distances.AsSpan())
            depth = depth >= 1 ? float.PositiveInfinity : isParallel ? near + depth * (far - near) : 2 * near * far / (far + near - (depth * 2 - 1) * (far - near));
        return distances;
    }

    private static Vector3 Column(Affine affine, double i, double j, double k)
    {
        RasVector v = IntensityField.GradientToRas(affine, i, j, k);
        return new((float)v.R, (float)v.A, (float)v.S);
    }
}
