using System.Collections.Concurrent;
using System.Numerics;

namespace SamMed2D.Rendering.Software;

/// <summary>
/// Draws 3D scenes on the processor, on all cores: rows by rows it finds the nearest opaque surface and, before it, up to
/// <see cref="MaxLayers"/> transparent ones at every pixel, and puts the parts of the volume between them. Used by one frame after another.
/// </summary>
internal sealed class SoftwareSpace
{
    /// <summary>Transparent surfaces that are told apart along one line of sight; further ones are left out.</summary>
    public const int MaxLayers = 8;

    private readonly ScreenTriangles _triangles = new();
    private readonly ConcurrentBag<Band> _idle = [];
    private int _width;

    /// <summary>Draws a scene.</summary>
    /// <param name="setup">The scene.</param>
    /// <param name="picture">Gets colour times opacity, and opacity: one a pixel, the first row on top.</param>
    public void Draw(SpaceSetup setup, Vector4[] picture)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(picture.Length, setup.Width * setup.Height, nameof(picture));
        if (_width != setup.Width) _idle.Clear();
        _width = setup.Width;
        _triangles.Prepare(setup);
        SurfaceShading shading = new(setup);
        Parallel.For(0, (setup.Height + ScreenTriangles.BandHeight - 1) / ScreenTriangles.BandHeight, number =>
        {
            if (!_idle.TryTake(out Band? band)) band = new(setup.Width);
            int first = number * ScreenTriangles.BandHeight, rows = Math.Min(ScreenTriangles.BandHeight, setup.Height - first);
            band.Draw(setup, _triangles, shading, number, rows, picture.AsSpan(first * setup.Width, rows * setup.Width));
            _idle.Add(band);
        });
    }

    /// <summary>The memory that some rows take while they are drawn.</summary>
    private sealed class Band(int width)
    {
        private const int Pixels = ScreenTriangles.BandHeight;
        private readonly ulong[] _opaque = new ulong[width * Pixels];
        private readonly float[] _near = new float[width * Pixels], _far = new float[width * Pixels];
        private readonly Vector4[] _part = new Vector4[width * Pixels];
        private ulong[] _layers = [];

        public void Draw(SpaceSetup setup, ScreenTriangles triangles, SurfaceShading shading, int number, int rows, Span<Vector4> picture)
        {
            int first = number * ScreenTriangles.BandHeight;
            picture.Clear();
            FillOpaque(setup, triangles, number, picture.Length);
            int layers = setup.Surfaces.Any(surface => surface.IsTransparent) ? FillLayers(triangles, number, picture.Length) : 0;
            bool isProjection = setup.Volume is { Setup.Transfer.IsMaximum: true }, hasDepth = setup.Surfaces.Count > 0 || setup.Behind is not null;
            (SoftwareRayCaster Caster, CastSetup Setup)? volume = isProjection ? null : setup.Volume;
            for (int layer = 0; layer <= layers; layer++)
            {
                if (volume is var (caster, cast))
                {
                    for (int n = 0; hasDepth && n < picture.Length; n++) _far[n] = setup.ToDistance(Fragment.DepthOf(At(n, layer, layers)));
                    caster.Cast(cast, new(first, rows, layer == 0 ? null : _near, hasDepth ? _far : null), _part);
                    PutBehind(picture, _part);
                    _far.AsSpan(0, picture.Length).CopyTo(_near);
                }
                for (int n = 0; n < picture.Length; n++)
                {
                    ulong fragment = At(n, layer, layers);
                    // Where there are fewer layers than elsewhere, what is opaque waits for its turn.
                    if (fragment == Fragment.None || (layer < layers && fragment == _opaque[n])) continue;
                    (int y, int x) = Math.DivRem(n, width);
                    Vector4 color = Fragment.TriangleOf(fragment) == Fragment.Foreign ? Unpack(setup.Behind!.Value.Colors[first * width + n]) : shading.ColorOf(Fragment.TriangleOf(fragment), x, first + y);
                    picture[n] += color * (1 - picture[n].W);
                }
            }
            if (!isProjection) return;
            // A maximum has no depth of its own: it is shown behind all the surfaces.
            setup.Volume!.Value.Caster.Cast(setup.Volume.Value.Setup, new(first, rows), _part);
            PutBehind(picture, _part);
        }

        private void FillOpaque(SpaceSetup setup, ScreenTriangles triangles, int number, int count)
        {
            Span<ulong> opaque = _opaque.AsSpan(0, count);
            opaque.Fill(Fragment.None);
            if (setup.Behind is var (_, depths))
            {
                ReadOnlySpan<float> behind = depths.AsSpan(number * ScreenTriangles.BandHeight * width, count);
                for (int n = 0; n < count; n++)
                    if (behind[n] < 1) opaque[n] = Fragment.Of(behind[n], Fragment.Foreign);
            }
            Nearest sink = new(opaque);
            triangles.Fill(number, wantsTransparent: false, ref sink);
        }

        // Returns the number of layers where there are most.
        private int FillLayers(ScreenTriangles triangles, int number, int count)
        {
            if (_layers.Length == 0) _layers = new ulong[width * Pixels * MaxLayers];
            Span<ulong> layers = _layers.AsSpan(0, count * MaxLayers);
            layers.Fill(Fragment.None);
            NearestFew sink = new(_opaque, layers);
            triangles.Fill(number, wantsTransparent: true, ref sink);
            int most = 0;
            for (int n = 0; n < count; n++)
                while (most < MaxLayers && layers[n * MaxLayers + most] != Fragment.None) most++;
            return most;
        }

        // The fragment of a layer, or what is opaque where there are no more layers.
        private ulong At(int pixel, int layer, int layers) =>
            layer < layers && _layers[pixel * MaxLayers + layer] is not Fragment.None and var fragment ? fragment : _opaque[pixel];

        private static void PutBehind(Span<Vector4> picture, ReadOnlySpan<Vector4> part)
        {
            for (int n = 0; n < picture.Length; n++) picture[n] += part[n] * (1 - picture[n].W);
        }

        private static Vector4 Unpack(uint color) => new Vector4(color & 0xFF, color >> 8 & 0xFF, color >> 16 & 0xFF, 255) / 255;
    }

    /// <summary>Keeps the nearest fragment of every pixel.</summary>
    private readonly ref struct Nearest(Span<ulong> nearest) : IFragmentSink
    {
        private readonly Span<ulong> _nearest = nearest;

        public void Add(int pixel, ulong fragment)
        {
            if (fragment < _nearest[pixel]) _nearest[pixel] = fragment;
        }
    }

    /// <summary>Keeps the nearest fragments of every pixel that lie before what is opaque, from front to back.</summary>
    private readonly ref struct NearestFew(ReadOnlySpan<ulong> opaque, Span<ulong> layers) : IFragmentSink
    {
        private readonly ReadOnlySpan<ulong> _opaque = opaque;
        private readonly Span<ulong> _layers = layers;

        public void Add(int pixel, ulong fragment)
        {
            Span<ulong> few = _layers.Slice(pixel * MaxLayers, MaxLayers);
            if (fragment >= few[^1] || fragment >= _opaque[pixel]) return;
            int at = MaxLayers - 1;
            for (; at > 0 && few[at - 1] > fragment; at--) few[at] = few[at - 1];
            few[at] = fragment;
        }
    }
}
