using System.Numerics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Software;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>What scenes need on the card, kept from frame to frame and dropped when no frame has used it for a while.</summary>
internal sealed class SceneResources(GraphicsDevice device, long maxVolumeVoxels, bool castsOnProcessor) : IDisposable
{
    // A volume of fewer voxels shows nothing any more.
    private const long FewestVoxels = 1 << 15;

    private readonly FrameCache<Volume, VolumeTexture> _volumes = new();
    private readonly FrameCache<LabelMap, LabelTexture> _labels = new();
    private readonly FrameCache<(LabelMap, object), GraphicsBuffer> _colors = new();
    private readonly FrameCache<(Volume, TransferFunction, double), TransferTextures> _transfers = new();
    private readonly FrameCache<(Volume, TransferFunction, double), SoftwareTransfer> _softwareTransfers = new();
    private readonly FrameCache<(LabelMap, object), int[]> _shownLabels = new(), _labelColors = new();
    private readonly FrameCache<SurfaceMesh, MeshBuffers> _meshes = new();
    private readonly FrameCache<SurfaceMesh, Vector3[]> _normals = new();
    private readonly Dictionary<Volume, string> _notes = [];
    // Fewer than at first, once the card has run out of memory.
    private long? _roomForVoxels;

    /// <summary>What users should know, each a sentence; taking them empties the list.</summary>
    public IReadOnlyList<string> TakeNotes()
    {
        string[] notes = [.. _notes.Values];
        _notes.Clear();
        return notes;
    }

    public VolumeTexture Of(Volume volume) => _volumes.Get(volume, () =>
    {
        (int I, int J, int K) factors = VolumeReducer.FactorsFor(volume.Geometry, device.MaxTextureSize3D, _roomForVoxels ?? maxVolumeVoxels);
        Volume fitting = VolumeReducer.Reduce(volume, factors);
        if (!ReferenceEquals(fitting, volume))
            _notes[volume] = $"{volume.Info.Source}: {volume.Geometry} do not fit the graphics memory and are shown as {fitting.Geometry}; results are computed from all voxels.";
        return VolumeTexture.Create(device, fitting, factors);
    });

    public LabelTexture Of(LabelLayer layer)
    {
        LabelTexture texture = _labels.Get(layer.Labels, () => LabelTexture.Create(device, layer.Labels));
        texture.Update(layer);
        return texture;
    }

    public GraphicsBuffer ColorsOf(LabelLayer layer) =>
        _colors.Get((layer.Labels, layer.Looks), () => GraphicsBuffer.Create<uint>(device, "label colours", layer.CreateColorTable()));

    public TransferTextures Of(VolumeRendering rendering, VolumeTexture texture) =>
        _transfers.Get((texture.Volume, rendering.Transfer, rendering.StepMm), () => TransferTextures.Create(device, rendering, texture));

    /// <summary>Whether the processor's own code draws instead of shaders.</summary>
    public bool DrawsOnProcessor => castsOnProcessor && Lanes.IsSupported;

    /// <summary>The colours of labels for the processor.</summary>
    public int[] LabelColorsOf(LabelLayer layer) => _labelColors.Get((layer.Labels, layer.Looks), () => Array.ConvertAll(layer.CreateColorTable(), color => (int)color));

    /// <summary>What casts rays through a volume on the processor; null where the card does.</summary>
    public SoftwareRayCaster? CasterOf(Volume volume) => castsOnProcessor ? Of(volume).Caster : null;

    public SoftwareTransfer SoftwareTransferOf(VolumeRendering rendering, VolumeTexture texture) =>
        _softwareTransfers.Get((texture.Volume, rendering.Transfer, rendering.StepMm), () => new(rendering, texture.Volume, texture.Bricks));

    /// <summary>By label value, all bits set where the label is visible.</summary>
    public int[] ShownLabelsOf(LabelLayer layer) => _shownLabels.Get((layer.Labels, layer.Looks), () =>
        Array.ConvertAll(layer.CreateColorTable(), color => color >= 0x1000000 ? -1 : 0));

    public MeshBuffers Of(SurfaceMesh mesh) => _meshes.Get(mesh, () => MeshBuffers.Create(device, mesh));

    /// <summary>The normals of a surface for the processor, one a vertex.</summary>
    public Vector3[] NormalsOf(SurfaceMesh mesh) => _normals.Get(mesh, mesh.ComputeNormals);

    /// <summary>Makes room on the card: drops what this frame does not use, or else shows the largest volume with half its voxels.</summary>
    /// <param name="failure">What had no room.</param>
    /// <returns>False where nothing is left that would help.</returns>
    public bool MakeRoom(GraphicsMemoryException failure)
    {
        long before = device.AllocatedBytes;
        RemoveUnused();
        VolumeTexture? largest = _volumes.Values.Where(volume => volume.IsOnCard).MaxBy(volume => volume.Volume.Geometry.VoxelCount);
        // What an upload that failed has left on the card is not to be trusted.
        if (failure.SizeBytes == 0) Dispose();
        else if (device.AllocatedBytes < before) return true;
        if (largest is null || largest.Volume.Geometry.VoxelCount <= FewestVoxels) return false;
        _roomForVoxels = largest.Volume.Geometry.VoxelCount / 2;
        foreach (Volume volume in _volumes.Keys.Where(key => _volumes.Find(key)!.Volume.Geometry.VoxelCount > _roomForVoxels).ToArray()) Drop(volume);
        return true;
    }

    /// <summary>Drops what belongs to a volume, a label map or a mesh.</summary>
    public void Release(object source)
    {
        // Where a scan has gone, others may have room again.
        if (source is Volume) _roomForVoxels = null;
        Drop(source);
    }

    private void Drop(object source)
    {
        // What is on the card may be a coarser copy of the volume asked for.
        object shown = source is Volume volume && _volumes.Find(volume) is { } texture ? texture.Volume : source;
        _volumes.Remove(key => ReferenceEquals(key, source));
        _labels.Remove(key => ReferenceEquals(key, source));
        _colors.Remove(key => ReferenceEquals(key.Item1, source));
        _shownLabels.Remove(key => ReferenceEquals(key.Item1, source));
        _labelColors.Remove(key => ReferenceEquals(key.Item1, source));
        _transfers.Remove(key => ReferenceEquals(key.Item1, shown));
        _softwareTransfers.Remove(key => ReferenceEquals(key.Item1, shown));
        _meshes.Remove(key => ReferenceEquals(key, source));
        _normals.Remove(key => ReferenceEquals(key, source));
    }

    /// <summary>Ages everything by a frame.</summary>
    public void EndFrame()
    {
        _volumes.EndFrame();
        _labels.EndFrame();
        _colors.EndFrame();
        _transfers.EndFrame();
        _softwareTransfers.EndFrame();
        _shownLabels.EndFrame();
        _labelColors.EndFrame();
        _meshes.EndFrame();
        _normals.EndFrame();
    }

    private void RemoveUnused()
    {
        _volumes.RemoveUnused();
        _labels.RemoveUnused();
        _colors.RemoveUnused();
        _transfers.RemoveUnused();
        _meshes.RemoveUnused();
    }

    public void Dispose()
    {
        _volumes.Clear();
        _labels.Clear();
        _colors.Clear();
        _transfers.Clear();
        _softwareTransfers.Clear();
        _shownLabels.Clear();
        _labelColors.Clear();
        _meshes.Clear();
        _normals.Clear();
    }
}

/// <summary>Things made once and kept while frames use them.</summary>
internal sealed class FrameCache<TKey, TValue> where TKey : notnull where TValue : class
{
    // Enough for a viewer that draws four views in turn, some of them seldom.
    private const int KeptFrames = 64;
    private readonly Dictionary<TKey, (TValue Value, int LastFrame)> _entries = [];
    private int _frame;

    public TValue Get(TKey key, Func<TValue> create)
    {
        TValue value = _entries.TryGetValue(key, out (TValue Value, int) entry) ? entry.Value : create();
        _entries[key] = (value, _frame);
        return value;
    }

    public IReadOnlyCollection<TKey> Keys => _entries.Keys;

    public IEnumerable<TValue> Values => _entries.Values.Select(entry => entry.Value);

    /// <summary>What is kept for a key, if anything; does not count as use.</summary>
    public TValue? Find(TKey key) => _entries.TryGetValue(key, out (TValue Value, int) entry) ? entry.Value : null;

    public void EndFrame()
    {
        _frame++;
        foreach ((TKey key, (_, int lastFrame)) in _entries)
            if (_frame - lastFrame > KeptFrames) Drop(key);
    }

    /// <summary>Drops what has not been asked for since the last frame ended.</summary>
    public void RemoveUnused()
    {
        foreach ((TKey key, (_, int lastFrame)) in _entries)
            if (lastFrame != _frame) Drop(key);
    }

    public void Remove(Predicate<TKey> isUnwanted)
    {
        foreach (TKey key in _entries.Keys)
            if (isUnwanted(key)) Drop(key);
    }

    public void Clear()
    {
        foreach ((TValue value, _) in _entries.Values) (value as IDisposable)?.Dispose();
        _entries.Clear();
    }

    private void Drop(TKey key)
    {
        (_entries[key].Value as IDisposable)?.Dispose();
        _entries.Remove(key);
    }
}

/// <summary>A label map on the card.</summary>
internal sealed class LabelTexture : IDisposable
{
    private readonly LabelMap _labels;
    private long _revision = long.MinValue;

    private LabelTexture(LabelMap labels, Texture texture) => (_labels, Texture) = (labels, texture);

    public Texture Texture { get; }

    /// <exception cref="UnsupportedInputException">The grid has more voxels along one side than a 3D texture may.</exception>
    public static LabelTexture Create(GraphicsDevice device, LabelMap labels)
    {
        VolumeGeometry g = labels.Geometry;
        // Labels are not reduced: a mean of labels means nothing, and their outlines must be those that are saved.
        if (Math.Max(g.SizeI, Math.Max(g.SizeJ, g.SizeK)) > device.MaxTextureSize3D)
            throw new UnsupportedInputException("label map", $"{g} exceed the {device.MaxTextureSize3D} voxels a side that this graphics driver takes; crop it first");
        return new(labels, Texture.Create3D(device, "labels", g.SizeI, g.SizeJ, g.SizeK, SizedInternalFormat.R16ui, 2, isLinear: false));
    }

    /// <summary>Uploads the labels that have changed since the layer's revision was last seen: all of them where nobody knows which.</summary>
    public void Update(LabelLayer layer)
    {
        if (layer.Revision == _revision) return;
        VoxelBox whole = VoxelBox.Of(_labels.Geometry);
        foreach (VoxelBox box in layer.Changes?.Since(_revision) ?? [whole])
            Texture.UploadBox(_labels.Geometry, box.Intersect(whole), PixelFormat.RedInteger, PixelType.UnsignedShort, _labels.Labels);
        _revision = layer.Revision;
    }

    public void Dispose() => Texture.Dispose();
}

/// <summary>A transfer function on the card, for one step length, with the map of what it leaves empty.</summary>
internal sealed class TransferTextures : IDisposable
{
    /// <summary>Entries of the table.</summary>
    public const int TableSize = 4096;

    private TransferTextures(Texture table, Texture emptiness) => (Table, Emptiness) = (table, emptiness);

    /// <summary>Colour times opacity and opacity of one step, over the function's range.</summary>
    public Texture Table { get; }

    /// <summary>Distance of every brick to the nearest visible one.</summary>
    public Texture Emptiness { get; }

    public static TransferTextures Create(GraphicsDevice device, VolumeRendering rendering, VolumeTexture volume)
    {
        TransferFunction transfer = rendering.Transfer;
        Vector4[] table = new Vector4[TableSize];
        (double low, double high) = transfer.Range;
        for (int n = 0; n < TableSize; n++)
        {
            Vector4 color = transfer.Evaluate(low + (high - low) * n / (TableSize - 1));
            float opacity = transfer.Blending == VolumeBlending.MaximumIntensity ? color.W : 1 - MathF.Pow(1 - color.W, (float)rendering.StepMm);
            table[n] = new(color.AsVector3() * opacity, opacity);
        }
        Texture tableTexture = Texture.Create2D(device, "transfer function", TableSize, 1, SizedInternalFormat.Rgba32f, 16);
        tableTexture.Upload2D<Vector4>(TableSize, 1, PixelFormat.Rgba, PixelType.Float, table);

        BrickGrid bricks = volume.Bricks;
        Texture emptiness;
        try
        {
            emptiness = Texture.Create3D(device, "emptiness", bricks.CountI, bricks.CountJ, bricks.CountK, SizedInternalFormat.R8ui, 1, isLinear: false);
        }
        catch (GraphicsMemoryException)
        {
            tableTexture.Dispose();
            throw;
        }
        emptiness.Upload3D<byte>(bricks.CountI, bricks.CountJ, 0, bricks.CountK, PixelFormat.RedInteger, PixelType.UnsignedByte, bricks.DistanceToVisible(transfer));
        return new(tableTexture, emptiness);
    }

    public void Dispose()
    {
        Table.Dispose();
        Emptiness.Dispose();
    }
}

/// <summary>Triangles on the card: positions and normals, and how they are laid out.</summary>
internal sealed class MeshBuffers : GraphicsObject
{
    private readonly GraphicsBuffer _vertices;
    private readonly GraphicsBuffer _indices;
    private readonly int _indexCount;

    private MeshBuffers(GraphicsDevice device, uint handle, string name, GraphicsBuffer vertices, GraphicsBuffer indices, int indexCount)
        : base(device, GraphicsObjectKind.VertexArray, handle, name)
    {
        (_vertices, _indices, _indexCount) = (vertices, indices, indexCount);
        Register();
    }

    public static MeshBuffers Create(GraphicsDevice device, SurfaceMesh mesh)
    {
        Vector3[] normals = mesh.ComputeNormals();
        Vector3[] interleaved = new Vector3[normals.Length * 2];
        for (int n = 0; n < normals.Length; n++) (interleaved[2 * n], interleaved[2 * n + 1]) = (mesh.Vertices[n], normals[n]);
        return Create(device, mesh.Name, interleaved, mesh.Indices);
    }

    /// <summary>Uploads vertices (position, normal, position, normal, …) and triangles.</summary>
    public static MeshBuffers Create(GraphicsDevice device, string name, ReadOnlySpan<Vector3> interleaved, ReadOnlySpan<int> indices)
    {
        GraphicsBuffer vertices = GraphicsBuffer.Create(device, $"{name} vertices", interleaved), triangles;
        try
        {
            triangles = GraphicsBuffer.Create(device, $"{name} triangles", indices);
        }
        catch (GraphicsMemoryException)
        {
            vertices.Dispose();
            throw;
        }
        GL gl = device.Gl;
        gl.CreateVertexArrays(1, out uint handle);
        gl.VertexArrayVertexBuffer(handle, 0, vertices.Handle, 0, 24);
        gl.VertexArrayElementBuffer(handle, triangles.Handle);
        for (uint attribute = 0; attribute < 2; attribute++)
        {
            gl.EnableVertexArrayAttrib(handle, attribute);
            gl.VertexArrayAttribFormat(handle, attribute, 3, VertexAttribType.Float, false, attribute * 12);
            gl.VertexArrayAttribBinding(handle, attribute, 0);
        }
        return new(device, handle, name, vertices, triangles, indices.Length);
    }

    public unsafe void Draw()
    {
        Gl.BindVertexArray(Handle);
        Gl.DrawElements(PrimitiveType.Triangles, (uint)_indexCount, DrawElementsType.UnsignedInt, null);
    }

    public override void Dispose()
    {
        _vertices.Dispose();
        _indices.Dispose();
        base.Dispose();
    }
}
