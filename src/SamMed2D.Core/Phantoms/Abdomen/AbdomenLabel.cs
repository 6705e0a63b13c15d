using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>The label values of the abdominal phantom, with names and 3D Slicer's generic anatomy colours.</summary>
internal static class AbdomenLabel
{
    public const ushort Liver = 1, Spleen = 2, KidneyRight = 3, KidneyLeft = 4, Gallbladder = 5, Stomach = 6, Pancreas = 7, Aorta = 8,
        VenaCava = 9, PortalVein = 10, Colon = 11, SmallBowel = 12, LungRight = 13, LungLeft = 14, Heart = 15, PsoasRight = 16, PsoasLeft = 17,
        LiverLesion = 18, Ribs = 19, Pelvis = 20, VertebraL5 = 21;

    /// <summary>The vertebrae from L5 upwards.</summary>
    public static string[] Vertebrae { get; } = ["L5", "L4", "L3", "L2", "L1", "T12", "T11", "T10", "T9"];

    public static IReadOnlyList<Segment> Segments { get; } =
    [
        new(Liver, "liver", new(221, 130, 101)),
        new(Spleen, "spleen", new(157, 108, 162)),
        new(KidneyRight, "right kidney", new(185, 102, 83)),
        new(KidneyLeft, "left kidney", new(212, 138, 96)),
        new(Gallbladder, "gallbladder", new(139, 150, 98)),
        new(Stomach, "stomach", new(216, 132, 105)),
        new(Pancreas, "pancreas", new(249, 180, 111)),
        new(Aorta, "aorta", new(224, 97, 76)),
        new(VenaCava, "inferior vena cava", new(0, 151, 206)),
        new(PortalVein, "portal and splenic vein", new(0, 112, 165)),
        new(Colon, "colon", new(204, 168, 143)),
        new(SmallBowel, "small bowel", new(205, 167, 142)),
        new(LungRight, "right lung", new(197, 165, 145)),
        new(LungLeft, "left lung", new(202, 164, 140)),
        new(Heart, "heart", new(206, 110, 84)),
        new(PsoasRight, "right psoas", new(192, 104, 88)),
        new(PsoasLeft, "left psoas", new(192, 104, 88)),
        new(LiverLesion, "liver lesion", new(144, 238, 144)),
        new(Ribs, "ribs", new(241, 214, 145)),
        new(Pelvis, "pelvis", new(241, 214, 145)),
        .. Vertebrae.Select((name, n) => new Segment((ushort)(VertebraL5 + n), $"vertebra {name}", new(226, 202, (byte)(134 + 8 * n)))),
    ];
}
