using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Software;

/// <summary>
/// Casts rays through a volume on the processor: what OpenGL's software renderers would do one texel at a time, several times as fast. The volume's own voxels are read, except that types without a fast path are copied to floats once.
/// </summary>
internal sealed class SoftwareRayCaster
{
    private readonly Volume _volume;
    private readonly Func<MemoryHandle> _pin;
    private readonly CasterOfRows _cast;
    private readonly RowOfGreys _grey;

    private SoftwareRayCaster(Volume volume, Func<MemoryHandle> pin, CasterOfRows cast, RowOfGreys grey) =>
        (_volume, _pin, _cast, _grey) = (volume, pin, cast, grey);

    private delegate void CasterOfRows(CastSetup setup, in CastRows rows, nint voxels, Span<Vector4> picture);

    private delegate void RowOfGreys(in VoxelGrid grid, SliceGrey slice, int y, Span<float> row);

    /// <summary>Makes a caster; null where this processor or a volume this thin is not provided for.</summary>
    public static SoftwareRayCaster? Create(Volume volume) =>
        Lanes.IsSupported && volume.Geometry.SizeI >= 2 && volume.Geometry.VoxelCount is >= 4 and <= int.MaxValue ? volume.Accept(new Creation()) : null;

    /// <summary>Casts a ray through every pixel of some rows, on the calling thread.</summary>
    /// <param name="setup">For this caster's volume.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="picture">Gets colour times opacity, and opacity: one a pixel of the rows.</param>
    public void Cast(CastSetup setup, in CastRows rows, Span<Vector4> picture)
    {
        if ((setup.SizeI, setup.SizeJ, setup.SizeK) != (_volume.Geometry.SizeI, _volume.Geometry.SizeJ, _volume.Geometry.SizeK))
            throw new ArgumentException("The setup is for another volume.", nameof(setup));
        ArgumentOutOfRangeException.ThrowIfLessThan(picture.Length, setup.Width * rows.Count, nameof(picture));
        using MemoryHandle voxels = _pin();
        nint first;
        unsafe
        {
            first = (nint)voxels.Pointer;
        }
        _cast(setup, rows, first, picture);
    }

    /// <summary>Mixes the grey values of a slice into one row after another, while the voxels are held in place.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="y">The first row's number.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="rows">The rows, one after the other.</param>
    public void MixGreys(SliceGrey slice, int y, int width, Span<float> rows)
    {
        VolumeGeometry g = _volume.Geometry;
        using MemoryHandle voxels = _pin();
        unsafe
        {
            VoxelGrid grid = new(voxels.Pointer, g.SizeI, g.SizeJ, g.SizeK);
            for (int n = 0; n * width < rows.Length; n++) _grey(grid, slice, y + n, rows.Slice(n * width, width));
        }
    }

    private static unsafe void Cast<TPairs>(CastSetup setup, in CastRows rows, nint voxels, Span<Vector4> picture) where TPairs : IVoxelPairs
    {
        SoftwareTransfer transfer = setup.Transfer;
        using MemoryHandle labels = setup.Labels.Pin();
        fixed (Vector4* pixels = picture)
        fixed (int* isShown = setup.IsLabelShown, colors = transfer.Colors)
        fixed (float* opacities = transfer.Opacities, highlights = transfer.Highlights, brickEntries = transfer.BrickEntries)
        fixed (byte* emptiness = transfer.Emptiness)
        {
            PacketCaster<TPairs> caster = new(setup, rows, (void*)voxels, (ushort*)labels.Pointer, isShown, opacities, colors, highlights, emptiness, brickEntries);
            for (int y = rows.First; y < rows.First + rows.Count; y += PacketCaster<TPairs>.PacketHeight)
                for (int x = 0; x < setup.Width; x += PacketCaster<TPairs>.PacketWidth) caster.Cast(x, y, pixels);
        }
    }

    private sealed class Creation : IVolumeVisitor<SoftwareRayCaster>
    {
        public SoftwareRayCaster Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> => volume.VoxelType switch
        {
            VoxelType.UInt8 => new(volume, volume.VoxelMemory.Pin, Cast<UInt8Pairs>, SlicePacket.Grey<UInt8Pairs>),
            VoxelType.Int16 => new(volume, volume.VoxelMemory.Pin, Cast<Int16Pairs>, SlicePacket.Grey<Int16Pairs>),
            VoxelType.UInt16 => new(volume, volume.VoxelMemory.Pin, Cast<UInt16Pairs>, SlicePacket.Grey<UInt16Pairs>),
            VoxelType.Float32 when volume.Voxels is var voxels && IsFinite(MemoryMarshal.Cast<T, float>(voxels)) => new(volume, volume.VoxelMemory.Pin, Cast<FloatPairs>, SlicePacket.Grey<FloatPairs>),
            _ => FromCopy(volume),
        };

        private static bool IsFinite(ReadOnlySpan<float> voxels)
        {
            foreach (float voxel in voxels)
                if (!float.IsFinite(voxel)) return false;
            return true;
        }

        private static SoftwareRayCaster FromCopy<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            float[] copy = new float[volume.Voxels.Length];
            for (int n = 0; n < copy.Length; n++)
            {
                float value = float.CreateTruncating(volume.Voxels[n]);
                copy[n] = float.IsFinite(value) ? value : (float)volume.Scale.ToStored(0);
            }
            ReadOnlyMemory<float> memory = copy;
            return new(volume, memory.Pin, Cast<FloatPairs>, SlicePacket.Grey<FloatPairs>);
        }
    }
}
