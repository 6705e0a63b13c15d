namespace SamMed2D.Segmentation.Evaluation;

/// <summary>A goal of the bundled model, and what was measured.</summary>
/// <param name="Name">What is asked for.</param>
/// <param name="Wanted">The least that is wanted.</param>
/// <param name="Measured">What was measured; not a number where the pictures allow no such measurement.</param>
/// <param name="Beside">The floor, in words; empty where there is none.</param>
public sealed record DevelopmentGoal(string Name, double Wanted, double Measured, string Beside)
{
    /// <summary>True where the goal is met.</summary>
    public bool IsMet => Measured >= Wanted;
}

/// <summary>The goals that compact models are trained towards, each beside its floor.</summary>
public static class DevelopmentGoals
{
    private const double BoxDice = 0.88, OverEllipse = 0.08, OnePoint = 0.70, FivePoints = 0.84, OverCopy = 0.03, IouCorrelation = 0.7;

    /// <summary>Holds a model against the goals.</summary>
    public static IReadOnlyList<DevelopmentGoal> Of(ModelPictures model)
    {
        double Dice(PictureSetting setting) => SettingSummary.Of(setting, model.Masks)?.Dice.Mean ?? double.NaN;
        double ellipse = Dice(PictureSetting.Ellipse), copied = Dice(PictureSetting.CopiedMask);
        return
        [
            new("box, Dice", BoxDice, Dice(PictureSetting.Box), Floor("ellipse", ellipse)),
            new("box, Dice over the ellipse's", OverEllipse, Dice(PictureSetting.Box) - ellipse, Floor("ellipse", ellipse)),
            new("1 point, Dice", OnePoint, Dice(PictureSetting.OnePoint), ""),
            new("5 points, Dice", FivePoints, Dice(PictureSetting.FivePoints), ""),
            new("previous mask, Dice over copying it", OverCopy, Dice(PictureSetting.PreviousMask) - copied, Floor("copied", copied)),
            new("predicted and true IoU, correlation", IouCorrelation, model.IouCorrelation ?? double.NaN, ""),
        ];
    }

    private static string Floor(string name, double dice) => double.IsNaN(dice) ? "" : FormattableString.Invariant($"{name} {dice:0.000}");
}
