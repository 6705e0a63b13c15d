using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Phantoms.Brain;

/// <summary>The label values of the brain phantom, with names and 3D Slicer's generic anatomy colours.</summary>
internal static class BrainLabel
{
    public const ushort WhiteMatter = 1, GreyMatter = 2, Fluid = 3, VentricleRight = 4, VentricleLeft = 5, Cerebellum = 6, Brainstem = 7,
        ThalamusRight = 8, ThalamusLeft = 9, CaudateRight = 10, CaudateLeft = 11, PutamenRight = 12, PutamenLeft = 13, EyeRight = 14, EyeLeft = 15, Lesion = 16;

    public static IReadOnlyList<Segment> Segments { get; } =
    [
        new(WhiteMatter, "white matter", new(250, 250, 210)),
        new(GreyMatter, "grey matter", new(200, 200, 235)),
        new(Fluid, "cerebrospinal fluid", new(85, 188, 255)),
        new(VentricleRight, "right lateral ventricle", new(88, 106, 215)),
        new(VentricleLeft, "left lateral ventricle", new(120, 134, 222)),
        new(Cerebellum, "cerebellum", new(194, 195, 164)),
        new(Brainstem, "brainstem", new(85, 111, 80)),
        new(ThalamusRight, "right thalamus", new(0, 147, 202)),
        new(ThalamusLeft, "left thalamus", new(62, 162, 114)),
        new(CaudateRight, "right caudate", new(211, 171, 143)),
        new(CaudateLeft, "left caudate", new(198, 152, 120)),
        new(PutamenRight, "right putamen", new(250, 210, 139)),
        new(PutamenLeft, "left putamen", new(236, 188, 108)),
        new(EyeRight, "right eye", new(194, 142, 0)),
        new(EyeLeft, "left eye", new(210, 164, 40)),
        new(Lesion, "brain lesion", new(144, 238, 144)),
    ];
}
