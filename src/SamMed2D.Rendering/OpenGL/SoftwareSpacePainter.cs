using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Software;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>Draws 3D scenes on the processor and brings the picture to the card: for where OpenGL is software too. Only slices in space are left to OpenGL.</summary>
internal sealed class SoftwareSpacePainter(GraphicsDevice device, SceneResources resources) : IDisposable
{
    private readonly SoftwareSpace _space = new();
    private Texture? _texture;
    private ImageSize _size;
    private Vector4[] _picture = [];
    private uint[] _behindColors = [];
    private float[] _behindDepths = [];

    /// <summary>Whether nothing in a scene needs OpenGL: a volume that rays can be cast through here, and no slice that is seen through.</summary>
    public bool CanDraw(SpatialScene scene) => resources.DrawsOnProcessor && !scene.Slices.Any(slice => slice.Opacity is > 0 and < 1)
        && (scene.Volume is not { } volume || resources.CasterOf(volume.Volume) is not null);

    /// <summary>Draws a scene.</summary>
    /// <param name="scene">A scene that this can draw.</param>
    /// <param name="view">Its eye.</param>
    /// <param name="slices">The scene's slices, drawn already; null where there are none.</param>
    /// <returns>Colour times opacity, and opacity.</returns>
    public Texture Draw(SpatialScene scene, ViewSpace view, Framebuffer? slices)
    {
        Prepare(view.Size);
        _space.Draw(CreateSetup(scene, view, slices), _picture);
        _texture!.Upload2D<Vector4>(_size.Width, _size.Height, PixelFormat.Rgba, PixelType.Float, _picture);
        return _texture;
    }

    public void Dispose() => _texture?.Dispose();

    private void Prepare(ImageSize size)
    {
        if (_texture is not null && _size == size) return;
        _texture?.Dispose();
        _texture = null;
        _texture = Texture.Create2D(device, "drawn on the processor", size.Width, size.Height, SizedInternalFormat.Rgba32f, 16, isLinear: true);
        (_size, _picture) = (size, new Vector4[size.PixelCount]);
    }

    private SpaceSetup CreateSetup(SpatialScene scene, ViewSpace view, Framebuffer? slices)
    {
        Camera camera = view.Camera;
        double halfHeight = camera.HeightAtTargetMm / 2;
        return new()
        {
            Width = _size.Width,
            Height = _size.Height,
            RasToClip = view.RasToClip,
            Eye = ViewSpace.ToVector(camera.Position),
            Forward = ViewSpace.ToVector(camera.Forward),
            HalfRight = ViewSpace.ToVector(camera.RightVector * (halfHeight * _size.AspectRatio)),
            HalfDown = ViewSpace.ToVector(camera.UpVector * -halfHeight),
            TargetDistance = (float)camera.DistanceMm,
            IsParallel = camera.IsParallel,
            DepthMm = ((float)view.NearMm, (float)view.FarMm),
            Clips = view.ClipsRas(),
            Surfaces = [.. scene.Surfaces.Where(layer => layer.Opacity > 0).Select(layer => new SoftwareSurface(layer.Mesh, resources.NormalsOf(layer.Mesh),
                Pixels.ToVector(layer.Color ?? layer.Mesh.Color), (float)Math.Min(layer.Opacity, 1), (float)layer.Silhouette, layer.Material))],
            Volume = scene.Volume is { } volume ? (resources.CasterOf(volume.Volume)!, CreateSetup(volume, view)) : null,
            Behind = slices is null ? null : Download(slices),
        };
    }

    private (uint[] Colors, float[] Depths) Download(Framebuffer slices)
    {
        if (_behindColors.Length != _size.PixelCount) (_behindColors, _behindDepths) = (new uint[_size.PixelCount], new float[_size.PixelCount]);
        slices.Color.Download2D(PixelFormat.Rgba, PixelType.UnsignedByte, _behindColors.AsSpan());
        slices.Depth!.Download2D(PixelFormat.DepthComponent, PixelType.Float, _behindDepths.AsSpan());
        return (_behindColors, _behindDepths);
    }

    private CastSetup CreateSetup(VolumeRendering rendering, ViewSpace view)
    {
        VolumeTexture texture = resources.Of(rendering.Volume);
        VolumeGeometry g = texture.Volume.Geometry;
        Affine affine = g.IndexToRas;
        Camera camera = view.Camera;
        ContinuousIndex eye = affine.RasToIndex(camera.Position);
        SoftwareTransfer transfer = resources.SoftwareTransferOf(rendering, texture);
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
            SizeI = g.SizeI,
            SizeJ = g.SizeJ,
            SizeK = g.SizeK,
            GradientToRas = IntensityField.GradientColumns(affine),
            Transfer = transfer,
            StepMm = (float)rendering.StepMm,
            IsJittered = rendering.IsJittered,
            StoredToEntry = transfer.StoredToEntry,
            Labels = rendering.Mask is { } mask ? mask.Labels.LabelMemory : default,
            LabelSize = rendering.Mask is { Labels.Geometry: var grid } ? (grid.SizeI, grid.SizeJ, grid.SizeK) : default,
            LabelFactors = texture.ReducedBy,
            IsLabelShown = rendering.Mask is { } shown ? resources.ShownLabelsOf(shown) : null,
        };
    }
}
