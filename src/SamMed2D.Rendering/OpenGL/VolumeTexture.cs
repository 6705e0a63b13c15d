using System.Numerics;
using System.Runtime.InteropServices;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Software;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>A volume on the card, in 8 or 16 bits a voxel where it has them, else as float; and, when asked for, what ray casting needs beside it.</summary>
internal sealed class VolumeTexture : IDisposable
{
    // 256 MB of normals; a larger volume gets them at half its resolution or less.
    private const long MaxNormals = 1L << 26;

    private readonly GraphicsDevice _device;
    private readonly Func<Texture> _upload;
    private Texture? _linear, _normals;
    private BrickGrid? _bricks;
    private SoftwareRayCaster? _caster;

    private VolumeTexture(GraphicsDevice device, Volume volume, Vector3 reducedBy, Func<Texture> upload, double scale, double offset) =>
        (_device, Volume, ReducedBy, _upload, Scale, Offset) = (device, volume, reducedBy, upload, scale, offset);

    /// <summary>The voxels on the card: the volume's own, or a coarser copy.</summary>
    public Volume Volume { get; }

    /// <summary>How many voxels along each axis of the volume asked for are one here.</summary>
    public Vector3 ReducedBy { get; }

    /// <summary>The voxels, interpolated between their centres; uploaded when first asked for.</summary>
    public Texture Linear
    {
        get
        {
            IsOnCard = true;
            return _linear ??= _upload();
        }
    }

    /// <summary>Whether the voxels are on the card, or should be.</summary>
    public bool IsOnCard { get; private set; }

    /// <summary>Intensity of a texel t: <c>t · Scale + Offset</c>.</summary>
    public double Scale { get; }

    /// <summary>See <see cref="Scale"/>.</summary>
    public double Offset { get; }

    /// <summary>Intensity ranges of blocks of voxels.</summary>
    public BrickGrid Bricks => _bricks ??= BrickGrid.Create(Volume);

    /// <summary>Directions of growing intensity in patient space, from −1 to 1 stored as 0 to 255; zero where intensity is even.</summary>
    public Texture Normals => _normals ??= CreateNormals();

    /// <summary>Casts rays through the volume on the processor; null where that is not provided for.</summary>
    public SoftwareRayCaster? Caster => _caster ??= SoftwareRayCaster.Create(Volume);

    /// <summary>Makes a volume that fits ready for upload.</summary>
    /// <param name="device">The device.</param>
    /// <param name="volume">The volume asked for, or a coarser copy.</param>
    /// <param name="reducedBy">How much coarser.</param>
    public static VolumeTexture Create(GraphicsDevice device, Volume volume, (int I, int J, int K) reducedBy) =>
        volume.Accept(new Upload(device, new(reducedBy.I, reducedBy.J, reducedBy.K)));

    public void Dispose()
    {
        _linear?.Dispose();
        _normals?.Dispose();
    }

    private Texture CreateNormals()
    {
        (int I, int J, int K) factors = VolumeReducer.FactorsFor(Volume.Geometry, _device.MaxTextureSize3D, MaxNormals);
        return VolumeReducer.Reduce(Volume, factors).Accept(new NormalUpload(_device));
    }

    private sealed class Upload(GraphicsDevice device, Vector3 reducedBy) : IVolumeVisitor<VolumeTexture>
    {
        public VolumeTexture Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> => volume.VoxelType switch
        {
            VoxelType.UInt8 => Direct(volume, SizedInternalFormat.R8, PixelType.UnsignedByte, byte.MaxValue),
            VoxelType.Int8 => Direct(volume, SizedInternalFormat.R8SNorm, PixelType.Byte, sbyte.MaxValue),
            VoxelType.UInt16 => Direct(volume, SizedInternalFormat.R16, PixelType.UnsignedShort, ushort.MaxValue),
            VoxelType.Int16 => Direct(volume, SizedInternalFormat.R16SNorm, PixelType.Short, short.MaxValue),
            _ => AsFloat(volume),
        };

        private VolumeTexture Direct<T>(Volume<T> volume, SizedInternalFormat format, PixelType type, double largest) where T : unmanaged, INumber<T>
        {
            return new(device, volume, reducedBy, Upload, volume.Scale.Slope * largest, volume.Scale.Intercept);

            Texture Upload()
            {
                VolumeGeometry g = volume.Geometry;
                Texture texture = Create(g, format, volume.VoxelType.SizeBytes());
                ForSlabs(g, (first, slices) => texture.Upload3D(g.SizeI, g.SizeJ, first, slices, PixelFormat.Red, type, Slab(volume, first, slices)));
                return texture;
            }
        }

        private VolumeTexture AsFloat<T>(Volume<T> volume) where T : unmanaged, INumber<T> => new(device, volume, reducedBy, () => UploadAsFloat(volume), 1, 0);

        private Texture UploadAsFloat<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            VolumeGeometry g = volume.Geometry;
            Texture texture = Create(g, SizedInternalFormat.R32f, sizeof(float));
            ForSlabs(g, (first, slices) =>
            {
                ReadOnlySpan<T> from = Slab(volume, first, slices);
                float[] to = new float[from.Length];
                for (int n = 0; n < to.Length; n++)
                {
                    float intensity = (float)volume.Scale.ToIntensity(double.CreateTruncating(from[n]));
                    to[n] = float.IsFinite(intensity) ? intensity : 0;
                }
                texture.Upload3D<float>(g.SizeI, g.SizeJ, first, slices, PixelFormat.Red, PixelType.Float, to);
            });
            return texture;
        }

        private Texture Create(VolumeGeometry g, SizedInternalFormat format, int bytes) =>
            Texture.Create3D(device, "volume", g.SizeI, g.SizeJ, g.SizeK, format, bytes, isLinear: true);
    }

    private sealed class NormalUpload(GraphicsDevice device) : IVolumeVisitor<Texture>
    {
        public Texture Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            VolumeGeometry g = volume.Geometry;
            Texture texture = Texture.Create3D(device, "normals", g.SizeI, g.SizeJ, g.SizeK, SizedInternalFormat.Rgba8, 4, isLinear: true);
            ForSlabs(g, (first, slices) =>
            {
                uint[] normals = new uint[checked(g.SizeI * g.SizeJ * slices)];
                Parallel.For(0, slices, slice => FillSlice(volume, first + slice, normals.AsSpan(slice * g.SizeI * g.SizeJ, g.SizeI * g.SizeJ)));
                texture.Upload3D(g.SizeI, g.SizeJ, first, slices, PixelFormat.Rgba, PixelType.UnsignedByte, MemoryMarshal.AsBytes<uint>(normals));
            });
            return texture;
        }

        private static void FillSlice<T>(Volume<T> volume, int k, Span<uint> normals) where T : unmanaged, INumber<T>
        {
            VolumeGeometry g = volume.Geometry;
            ReadOnlySpan<T> voxels = volume.Voxels;
            int stepJ = g.SizeI, stepK = g.SizeI * g.SizeJ;
            // The columns of the map from index gradients to patient gradients.
            (Vector3 perI, Vector3 perJ, Vector3 perK) = IntensityField.GradientColumns(g.IndexToRas);
            float sign = Math.Sign(volume.Scale.Slope) / 2f;
            int below = k > 0 ? -stepK : 0, above = k < g.SizeK - 1 ? stepK : 0;
            for (int j = 0; j < g.SizeJ; j++)
            {
                int back = j > 0 ? -stepJ : 0, front = j < g.SizeJ - 1 ? stepJ : 0;
                for (int i = 0; i < g.SizeI; i++)
                {
                    int at = i + j * stepJ + k * stepK;
                    float di = Difference(voxels, at + (i < g.SizeI - 1 ? 1 : 0), at - (i > 0 ? 1 : 0));
                    float dj = Difference(voxels, at + front, at + back);
                    float dk = Difference(voxels, at + above, at + below);
                    normals[i + j * stepJ] = Pack((perI * di + perJ * dj + perK * dk) * sign);
                }
            }
        }

        private static float Difference<T>(ReadOnlySpan<T> voxels, int a, int b) where T : unmanaged, INumber<T> =>
            float.CreateTruncating(voxels[a]) - float.CreateTruncating(voxels[b]);

        private static uint Pack(Vector3 gradient)
        {
            float length = gradient.Length();
            if (!(length > 1e-12f)) return 0x00808080;
            Vector3 unit = gradient * (127 / length) + new Vector3(128.5f);
            return (uint)unit.X | (uint)unit.Y << 8 | (uint)unit.Z << 16;
        }
    }

    private static ReadOnlySpan<T> Slab<T>(Volume<T> volume, int first, int slices) where T : unmanaged, INumber<T>
    {
        int slice = volume.Geometry.SizeI * volume.Geometry.SizeJ;
        return volume.Voxels.Slice(checked(first * slice), slices * slice);
    }

    // A few slices at a time, so that copies stay small beside the volume.
    private static void ForSlabs(VolumeGeometry g, Action<int, int> upload)
    {
        const int slab = 16;
        for (int first = 0; first < g.SizeK; first += slab) upload(first, Math.Min(slab, g.SizeK - first));
    }
}
