using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>
/// The loss of SAM-Med2D: weighted focal loss (Lin et al., 2017) plus Dice loss plus the squared error of the predicted IoU. As published, Dice and IoU are
/// taken over the whole batch at once; <paramref name="isPerMask"/> takes each mask by itself, so that the predicted IoU learns to tell masks apart.
/// </summary>
/// <param name="focalWeight">Weight of the focal loss.</param>
/// <param name="iouWeight">Weight of the IoU's error.</param>
/// <param name="isPerMask">Whether sums are taken mask by mask.</param>
internal sealed class SamLoss(double focalWeight = 20, double iouWeight = 1, bool isPerMask = false)
{
    private const double Alpha = 0.25, Smooth = 1;

    /// <summary>The parts and their weighted sum.</summary>
    /// <param name="answer">What the network answered.</param>
    /// <param name="target">The true masks [N,1,S,S], 0 or 1.</param>
    public SamLossParts Of(SamAnswer answer, Tensor target)
    {
        Tensor logits = isPerMask ? answer.Masks.flatten(1) : answer.Masks.reshape(1, -1);
        Tensor wanted = target.reshape(logits.shape);
        Tensor p = logits.sigmoid();
        Tensor found = -Alpha * wanted * (1 - p).pow(2) * (p + 1e-12).log();
        Tensor background = -(1 - Alpha) * (1 - wanted) * p.pow(2) * (1 - p + 1e-12).log();
        Tensor focal = (found + background).mean();
        Tensor both = (p * wanted).sum(1), sum = p.sum(1) + wanted.sum(1);
        Tensor dice = (1 - (2 * both + Smooth) / (sum + Smooth)).mean();
        Tensor iou = (both + 1e-7) / (sum - both + 1e-7);
        Tensor error = (iou.unsqueeze(1) - answer.Ious).pow(2).mean();
        return new(focal, dice, error, focalWeight * focal + dice + iouWeight * error);
    }

    /// <summary>The mean Dice of the thresholded masks, and the mean absolute error of the predicted IoU.</summary>
    public static (double Dice, double IouError) Score(SamAnswer answer, Tensor target)
    {
        using IDisposable noGradient = no_grad();
        Tensor found = (answer.Masks > 0).to_type(ScalarType.Float32).flatten(1), wanted = target.flatten(1);
        Tensor both = (found * wanted).sum(1), sum = found.sum(1) + wanted.sum(1);
        Tensor iou = both / (sum - both).clamp_min(1);
        return ((2 * both / sum.clamp_min(1)).mean().item<float>(), (iou - answer.Ious.squeeze(1)).abs().mean().item<float>());
    }
}

/// <summary>The loss, single numbers as tensors.</summary>
internal sealed record SamLossParts(Tensor Focal, Tensor Dice, Tensor IouError, Tensor Total);
