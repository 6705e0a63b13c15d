using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>A way to carry masks through a scan, to be held against others.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Options">What sets it apart.</param>
public sealed record PropagationVariant(string Name, PropagationOptions Options)
{
    /// <summary>What is worth measuring anew for every model. The usual way comes first.</summary>
    public static IReadOnlyList<PropagationVariant> All { get; } =
    [
        new("as usual", new()),
        new("masks not carried (copied)", new() { CompensateMotion = false }),
        new("carried prompts, the model's answer alone", new() { CarriedShare = 0 }),
        new("carried masks weigh 0.25", new() { CarriedShare = 0.25 }),
        new("carried masks weigh 0.5", new() { CarriedShare = 0.5 }),
        new("carried masks weigh 0.75", new() { CarriedShare = 0.75 }),
        new("carried masks alone", new() { CarriedShare = 1 }),
        new("prompted by mask", new() { Strategy = PromptStrategy.Mask }),
        new("prompted by mask+box", new() { Strategy = PromptStrategy.Mask | PromptStrategy.Box }),
        new("prompted by box", new() { Strategy = PromptStrategy.Box }),
        new("prompted by mask+box+points", new() { Strategy = PromptStrategy.Mask | PromptStrategy.Box | PromptStrategy.Points }),
        new("prompted by mask+box, boxes 6 % larger", new() { Strategy = PromptStrategy.Mask | PromptStrategy.Box, BoxMargin = 0.06 }),
        new("greys do not count", new() { GreyWeight = 0 }),
        new("greys weigh 1", new() { GreyWeight = 1 }),
    ];
}
