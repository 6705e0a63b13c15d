using System.Text.Json.Serialization;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>A way to fill a structure of a scan that the volume protocol measures: five of the model, seven floors that need none.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeMethod>))]
public enum VolumeMethod
{
    /// <summary>The model, one tight box on the largest slice, propagated without being told where the structure ends.</summary>
    OneBox,

    /// <summary>The model, tight boxes on the largest slice and near both ends, propagated without being told where the structure ends.</summary>
    ThreeBoxes,

    /// <summary>As <see cref="OneBox"/>, told where the structure begins and ends, as the floors are.</summary>
    OneBoxToldExtent,

    /// <summary>As <see cref="ThreeBoxes"/>, told where the structure begins and ends, as the floors are.</summary>
    ThreeBoxesToldExtent,

    /// <summary>The model, a tight box on every slice: the ceiling of slice-by-slice work.</summary>
    BoxOnEverySlice,

    /// <summary>Floor, told the extent: the reference's mask of the largest slice on every slice.</summary>
    CopiedMask,

    /// <summary>Floor, told the extent: the ellipse inscribed in the box of the largest slice on every slice.</summary>
    CopiedEllipse,

    /// <summary>Floor, told every slice's box: the ellipse inscribed in it.</summary>
    EllipseOnEverySlice,

    /// <summary>Floor, told the extent: signed distances to the reference's masks on the three key slices, interpolated.</summary>
    Interpolation,

    /// <summary>Floor, told the extent: the reference's mask of the largest slice, carried from slice to slice by registration.</summary>
    CarriedMask,

    /// <summary>Floor, told the extent: the reference's masks on the three key slices, carried by registration and blended between.</summary>
    ThreeCarriedMasks,

    /// <summary>Floor, told the extent: a region grown from one point deep inside the largest slice.</summary>
    RegionGrowing,
}

/// <summary>What methods are called in reports.</summary>
public static class VolumeMethods
{
    /// <summary>The name, as tables show it.</summary>
    public static string ToName(this VolumeMethod method) => method switch
    {
        VolumeMethod.OneBox => "model, one box",
        VolumeMethod.ThreeBoxes => "model, three boxes",
        VolumeMethod.OneBoxToldExtent => "model, one box and the extent",
        VolumeMethod.ThreeBoxesToldExtent => "model, three boxes and the extent",
        VolumeMethod.BoxOnEverySlice => "model, a box on every slice",
        VolumeMethod.CopiedMask => "floor: key mask copied",
        VolumeMethod.CopiedEllipse => "floor: ellipse of the key box copied",
        VolumeMethod.EllipseOnEverySlice => "floor: ellipse in every slice's box",
        VolumeMethod.Interpolation => "floor: shape between three key masks",
        VolumeMethod.CarriedMask => "floor: key mask carried by registration",
        VolumeMethod.ThreeCarriedMasks => "floor: three key masks carried by registration",
        _ => "floor: region grown from a point",
    };

    /// <summary>True for methods that need no model.</summary>
    public static bool IsFloor(this VolumeMethod method) => method >= VolumeMethod.CopiedMask;

    /// <summary>What a method is told beside the key slices' prompts.</summary>
    public static string ToldOf(this VolumeMethod method) => method switch
    {
        VolumeMethod.OneBox or VolumeMethod.ThreeBoxes => "nothing",
        VolumeMethod.OneBoxToldExtent or VolumeMethod.ThreeBoxesToldExtent => "extent",
        VolumeMethod.BoxOnEverySlice or VolumeMethod.EllipseOnEverySlice => "every slice's box",
        VolumeMethod.RegionGrowing => "a point, extent",
        _ => "key masks, extent",
    };
}
