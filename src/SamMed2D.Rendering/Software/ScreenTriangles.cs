using System.Numerics;
using System.Runtime.CompilerServices;

namespace SamMed2D.Rendering.Software;

/// <summary>What takes the pixels of triangles.</summary>
internal interface IFragmentSink
{
    /// <summary>Takes a pixel that a triangle covers.</summary>
    /// <param name="pixel">Its number among those of the band.</param>
    /// <param name="fragment">See <see cref="Fragment"/>.</param>
    void Add(int pixel, ulong fragment);
}

/// <summary>A triangle at a pixel: its depth above its number, so that of two fragments the smaller one is in front, and of two equally deep the first drawn.</summary>
internal static class Fragment
{
    /// <summary>Behind everything.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>The triangle number of what no surface has drawn.</summary>
    public const uint Foreign = uint.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float depth, uint triangle) => (ulong)BitConverter.SingleToUInt32Bits(depth) << 32 | triangle;

    public static float DepthOf(ulong fragment) => fragment == None ? 1 : BitConverter.UInt32BitsToSingle((uint)(fragment >> 32));

    public static uint TriangleOf(ulong fragment) => (uint)fragment;
}

/// <summary>
/// The triangles of a scene's surfaces on the picture, sorted into bands of rows that are filled one by one. Corners are rounded to 1/256
/// of a pixel and a pixel belongs to the triangle that its centre lies in, on an edge to the upper left one (as OpenGL has it): neighbours
/// leave no gap and share no pixel. Used by one frame after another, from one thread at a time but for <see cref="Fill"/>.
/// </summary>
internal sealed class ScreenTriangles
{
    /// <summary>Rows of a band.</summary>
    public const int BandHeight = 16;

    private const int ChunkSize = 4096, Subpixels = 256, Half = Subpixels / 2;
    // Above the bits of the cutting planes.
    private const int BehindEye = 0x100;

    private readonly List<Chunk> _chunks = [];
    private readonly List<ScreenVertex[]> _vertices = [];
    private SpaceSetup _setup = null!;
    private int _count;

    /// <summary>Projects the surfaces of a scene and sorts their triangles.</summary>
    public void Prepare(SpaceSetup setup)
    {
        _setup = setup;
        _count = 0;
        int bands = (setup.Height + BandHeight - 1) / BandHeight;
        uint first = 0;
        for (int n = 0; n < setup.Surfaces.Count; n++)
        {
            int vertices = setup.Surfaces[n].Mesh.Vertices.Length, triangles = setup.Surfaces[n].Mesh.TriangleCount;
            if (_vertices.Count == n) _vertices.Add([]);
            if (_vertices[n].Length < vertices) _vertices[n] = new ScreenVertex[vertices];
            for (int from = 0; from < triangles; from += ChunkSize)
            {
                if (_chunks.Count == _count) _chunks.Add(new());
                _chunks[_count++].Begin(n, from, Math.Min(ChunkSize, triangles - from), first + (uint)from, bands);
            }
            first += (uint)triangles;
        }
        Parallel.For(0, setup.Surfaces.Count, Project);
        Parallel.For(0, _count, n => Sort(_chunks[n]));
    }

    /// <summary>Hands every covered pixel of a band, of opaque surfaces or of the others, to a sink.</summary>
    public void Fill<TSink>(int band, bool wantsTransparent, ref TSink sink) where TSink : struct, IFragmentSink, allows ref struct
    {
        int firstRow = band * BandHeight, lastRow = Math.Min(firstRow + BandHeight, _setup.Height) - 1;
        for (int n = 0; n < _count; n++)
        {
            Chunk chunk = _chunks[n];
            if (_setup.Surfaces[chunk.Surface].IsTransparent != wantsTransparent) continue;
            ReadOnlySpan<int> indices = _setup.Surfaces[chunk.Surface].Mesh.Indices;
            ScreenVertex[] vertices = _vertices[chunk.Surface];
            foreach (int entry in chunk.TrianglesOf(band))
            {
                if (entry >= 0)
                {
                    int at = (chunk.From + entry) * 3;
                    FillTriangle(vertices[indices[at]], vertices[indices[at + 1]], vertices[indices[at + 2]], chunk.FirstNumber + (uint)entry, firstRow, lastRow, ref sink);
                    continue;
                }
                Clipped clipped = chunk.Clipped[~entry];
                FillTriangle(clipped.A, clipped.B, clipped.C, chunk.FirstNumber + (uint)clipped.Triangle, firstRow, lastRow, ref sink);
            }
        }
    }

    private void Project(int surface)
    {
        ReadOnlySpan<Vector3> from = _setup.Surfaces[surface].Mesh.Vertices;
        ScreenVertex[] to = _vertices[surface];
        for (int n = 0; n < from.Length; n++)
        {
            Vector4 clip = Vector4.Transform(from[n], _setup.RasToClip);
            to[n] = ToScreen(clip, CutOf(from[n]));
            if (!IsBeforeEye(clip)) to[n].Cut |= BehindEye;
        }
    }

    private int CutOf(Vector3 place)
    {
        int cut = 0;
        for (int n = 0; n < _setup.Clips.Length; n++)
            if (Vector4.Dot(_setup.Clips[n], new(place, 1)) < 0) cut |= 1 << n;
        return cut;
    }

    private static bool IsBeforeEye(Vector4 clip) => clip.Z >= -clip.W && clip.W > 0;

    private ScreenVertex ToScreen(Vector4 clip, int cut)
    {
        const float most = 1 << 29;
        float perW = 1 / clip.W;
        return new()
        {
            X = (int)MathF.Round(Math.Clamp((clip.X * perW + 1) * (_setup.Width * Half), -most, most)),
            Y = (int)MathF.Round(Math.Clamp((clip.Y * perW + 1) * (_setup.Height * Half), -most, most)),
            Depth = Math.Clamp(clip.Z * perW * 0.5f + 0.5f, 0, 1),
            Cut = cut,
        };
    }

    private void Sort(Chunk chunk)
    {
        ReadOnlySpan<int> indices = _setup.Surfaces[chunk.Surface].Mesh.Indices;
        ScreenVertex[] vertices = _vertices[chunk.Surface];
        for (int n = 0; n < chunk.Count; n++)
        {
            int at = (chunk.From + n) * 3;
            ref readonly ScreenVertex a = ref vertices[indices[at]], b = ref vertices[indices[at + 1]], c = ref vertices[indices[at + 2]];
            if ((a.Cut & b.Cut & c.Cut) != 0) continue;
            if (((a.Cut | b.Cut | c.Cut) & BehindEye) != 0) Clip(chunk, n);
            else Enter(chunk, n, a, b, c);
        }
        chunk.SortByBand();
    }

    private void Enter(Chunk chunk, int entry, in ScreenVertex a, in ScreenVertex b, in ScreenVertex c)
    {
        if (LastCenter(Math.Max(a.X, Math.Max(b.X, c.X))) < 0 || FirstCenter(Math.Min(a.X, Math.Min(b.X, c.X))) >= _setup.Width) return;
        int top = Math.Max(FirstCenter(Math.Min(a.Y, Math.Min(b.Y, c.Y))), 0), bottom = Math.Min(LastCenter(Math.Max(a.Y, Math.Max(b.Y, c.Y))), _setup.Height - 1);
        if (top > bottom) return;
        for (int band = top / BandHeight; band <= bottom / BandHeight; band++) chunk.Add(band, entry);
    }

    // What is left of a triangle in front of the nearest plane that is drawn: one triangle or two.
    private void Clip(Chunk chunk, int triangle)
    {
        SoftwareSurface surface = _setup.Surfaces[chunk.Surface];
        Span<(Vector4 Clip, int Cut)> kept = stackalloc (Vector4, int)[4];
        int count = 0, cuts = 0;
        ReadOnlySpan<int> corners = surface.Mesh.Indices.Slice((chunk.From + triangle) * 3, 3);
        for (int n = 0; n < 3; n++) cuts |= _vertices[chunk.Surface][corners[n]].Cut & ~BehindEye;
        for (int n = 0; n < 3; n++)
        {
            Vector4 from = Vector4.Transform(surface.Mesh.Vertices[corners[n]], _setup.RasToClip), to = Vector4.Transform(surface.Mesh.Vertices[corners[(n + 1) % 3]], _setup.RasToClip);
            float a = from.Z + from.W, b = to.Z + to.W;
            if (a >= 0) kept[count++] = (from, cuts);
            if (a >= 0 != b >= 0) kept[count++] = (Vector4.Lerp(from, to, a / (a - b)), cuts);
        }
        for (int n = 2; n < count; n++)
        {
            // Where only some corners were cut away, every pixel is looked at.
            ScreenVertex a = ToScreen(kept[0].Clip, cuts), b = ToScreen(kept[n - 1].Clip, cuts), c = ToScreen(kept[n].Clip, cuts);
            chunk.Clipped.Add(new(a, b, c, triangle));
            Enter(chunk, ~(chunk.Clipped.Count - 1), a, b, c);
        }
    }

    private void FillTriangle<TSink>(ScreenVertex a, ScreenVertex b, ScreenVertex c, uint number, int firstRow, int lastRow, ref TSink sink)
        where TSink : struct, IFragmentSink, allows ref struct
    {
        int left = Math.Max(FirstCenter(Math.Min(a.X, Math.Min(b.X, c.X))), 0), right = Math.Min(LastCenter(Math.Max(a.X, Math.Max(b.X, c.X))), _setup.Width - 1);
        int top = Math.Max(FirstCenter(Math.Min(a.Y, Math.Min(b.Y, c.Y))), firstRow), bottom = Math.Min(LastCenter(Math.Max(a.Y, Math.Max(b.Y, c.Y))), lastRow);
        if (left > right || top > bottom) return;
        long area = (long)(b.X - a.X) * (c.Y - a.Y) - (long)(b.Y - a.Y) * (c.X - a.X);
        if (area == 0) return;
        // Both faces are seen.
        if (area < 0) (b, c, area) = (c, b, -area);
        Edge ofA = new(b, c, left, top), ofB = new(c, a, left, top), ofC = new(a, b, left, top);
        float perArea = 1f / area;
        bool isCut = (a.Cut | b.Cut | c.Cut) != 0;
        for (int y = top; y <= bottom; y++)
        {
            long atA = ofA.Start, atB = ofB.Start, atC = ofC.Start;
            for (int x = left; x <= right; x++)
            {
                if ((atA | atB | atC) >= 0)
                {
                    float depth = MathF.Min((atA * a.Depth + atB * b.Depth + atC * c.Depth) * perArea, 1);
                    if (!isCut || _setup.IsKept(x, y, depth)) sink.Add((y - firstRow) * _setup.Width + x, Fragment.Of(depth, number));
                }
                atA += ofA.PerColumn;
                atB += ofB.PerColumn;
                atC += ofC.PerColumn;
            }
            ofA.Start += ofA.PerRow;
            ofB.Start += ofB.PerRow;
            ofC.Start += ofC.PerRow;
        }
    }

    // The first pixel whose centre does not lie before a place, and the last that does not lie behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FirstCenter(int place) => (place + Half - 1) >> 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LastCenter(int place) => (place - Half) >> 8;

    /// <summary>A corner on the picture, in parts of a pixel.</summary>
    private struct ScreenVertex
    {
        public int X, Y;
        public float Depth;

        /// <summary>One bit for every cutting plane that takes it away.</summary>
        public int Cut;
    }

    /// <summary>On which side of a directed edge pixels lie: not negative inside.</summary>
    private struct Edge
    {
        public long Start;
        public readonly long PerColumn, PerRow;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Edge(in ScreenVertex from, in ScreenVertex to, int x, int y)
        {
            long dx = to.X - from.X, dy = to.Y - from.Y;
            (PerColumn, PerRow) = (-dy * Subpixels, dx * Subpixels);
            Start = dx * (y * Subpixels + Half - from.Y) - dy * (x * Subpixels + Half - from.X);
            // The lower and right edges leave their pixels to the neighbour.
            if (dy > 0 || (dy == 0 && dx < 0)) Start--;
        }
    }

    private readonly record struct Clipped(ScreenVertex A, ScreenVertex B, ScreenVertex C, int Triangle);

    /// <summary>Some triangles of a surface, by band.</summary>
    private sealed class Chunk
    {
        private (int Band, int Entry)[] _entries = new (int, int)[ChunkSize];
        private int[] _sorted = [], _starts = [];
        private int _count;

        public int Surface { get; private set; }

        /// <summary>The first triangle, in the surface.</summary>
        public int From { get; private set; }

        public int Count { get; private set; }

        /// <summary>The number of the first triangle, among those of all surfaces.</summary>
        public uint FirstNumber { get; private set; }

        /// <summary>What is left of triangles that reach behind the eye.</summary>
        public List<Clipped> Clipped { get; } = [];

        public void Begin(int surface, int from, int count, uint firstNumber, int bands)
        {
            (Surface, From, Count, FirstNumber, _count) = (surface, from, count, firstNumber, 0);
            Clipped.Clear();
            if (_starts.Length != bands + 1) _starts = new int[bands + 1];
            else Array.Clear(_starts);
        }

        /// <summary>Adds a triangle (its number in this chunk) or a clipped one (the complement of its number) to a band.</summary>
        public void Add(int band, int entry)
        {
            if (_count == _entries.Length) Array.Resize(ref _entries, _count * 2);
            _entries[_count++] = (band, entry);
            _starts[band + 1]++;
        }

        public void SortByBand()
        {
            for (int band = 1; band < _starts.Length; band++) _starts[band] += _starts[band - 1];
            if (_sorted.Length < _count) _sorted = new int[_entries.Length];
            // From the end, so that the starts end up where they belong.
            for (int n = _count - 1; n >= 0; n--) _sorted[--_starts[_entries[n].Band + 1]] = _entries[n].Entry;
        }

        public ReadOnlySpan<int> TrianglesOf(int band) => _sorted.AsSpan(StartOf(band), StartOf(band + 1) - StartOf(band));

        // Sorting has moved every start one place up.
        private int StartOf(int band) => band + 1 < _starts.Length ? _starts[band + 1] : _count;
    }
}
