using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Reference;

/// <summary>The labels of a layer as a function of space, with their colours.</summary>
internal sealed class LabelField(LabelLayer layer)
{
    private readonly uint[] _colors = layer.CreateColorTable();
    private readonly LabelMap _labels = layer.Labels;

    /// <summary>The label at a place; 0 outside the grid.</summary>
    public ushort At(RasPoint point)
    {
        VoxelIndex voxel = _labels.Geometry.IndexToRas.RasToIndex(point).ToNearest();
        return _labels.Geometry.Contains(voxel) ? _labels.Labels[(int)_labels.Geometry.OffsetOf(voxel)] : (ushort)0;
    }

    /// <summary>Colour and opacity of a label, each 0 to 1.</summary>
    public Vector4 ColorOf(ushort label)
    {
        uint packed = _colors[label];
        return new Vector4(packed & 0xFF, packed >> 8 & 0xFF, packed >> 16 & 0xFF, packed >> 24) / 255;
    }
}
