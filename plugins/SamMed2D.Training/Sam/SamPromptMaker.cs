using System.Runtime.InteropServices;
using SamMed2D.Core.Slices;
using SamMed2D.Training.Scenes;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>Makes prompts of true masks and of answers, as SAM-Med2D's training does.</summary>
/// <param name="side">Pixels along the model's square.</param>
/// <param name="maskSide">Pixels along a mask prompt.</param>
internal sealed class SamPromptMaker(int side, int maskSide)
{
    /// <summary>One box each: tight round the largest piece, moved as a whole by a little where it is jittered.</summary>
    public SamPrompts Boxes(IReadOnlyList<SamMask> masks, RandomSource? jitter)
    {
        const int largestJitter = 5;
        float[] boxes = new float[4 * masks.Count];
        for (int n = 0; n < masks.Count; n++)
        {
            PixelRectangle box = masks[n].FindBoundsOfLargestPiece(side);
            int most = Math.Min(largestJitter, (int)(0.1 * Math.Min(box.X1 - box.X0, box.Y1 - box.Y0) * 5)), dx = 0, dy = 0;
            if (jitter is not null && most > 0) (dx, dy) = (jitter.Below(2 * most) - most, jitter.Below(2 * most) - most);
            ((ReadOnlySpan<float>)[box.X0 + dx, box.Y0 + dy, box.X1 + dx, box.Y1 + dy]).CopyTo(boxes.AsSpan(4 * n));
        }
        return new() { Count = masks.Count, Boxes = tensor(boxes, masks.Count, 4) };
    }

    /// <summary>One point each, anywhere on the mask.</summary>
    public SamPrompts Points(IReadOnlyList<SamMask> masks, RandomSource random)
    {
        float[] points = new float[2 * masks.Count], labels = new float[masks.Count];
        for (int n = 0; n < masks.Count; n++)
        {
            int pixel = Pick(masks[n].Pixels, random)!.Value;
            (points[2 * n], points[2 * n + 1], labels[n]) = (pixel % side, pixel / side, 1);
        }
        return new() { Count = masks.Count, Points = tensor(points, masks.Count, 1, 2), Labels = tensor(labels, masks.Count, 1) };
    }

    /// <summary>Adds neighbouring slices' masks; without box and point where <paramref name="alone"/> and every mask has one.</summary>
    public SamPrompts WithNeighbours(SamPrompts prompts, IReadOnlyList<SamMask?> neighbours, bool alone)
    {
        if (neighbours.All(mask => mask is null)) return prompts;
        float[] low = new float[neighbours.Count * maskSide * maskSide], has = new float[neighbours.Count];
        for (int n = 0; n < neighbours.Count; n++)
        {
            if (neighbours[n] is not { } mask) continue;
            has[n] = 1;
            Reduce(mask.Pixels, low.AsSpan(n * maskSide * maskSide, maskSide * maskSide));
        }
        SamPrompts added = prompts with { Masks = tensor(low, neighbours.Count, 1, maskSide, maskSide), HasMasks = tensor(has, neighbours.Count, 1, 1, 1) };
        return alone && has.All(one => one == 1) ? WithoutPoints(added) : added;
    }

    /// <summary>
    /// The last answer as mask prompt, with points drawn from where it is wrong: on the object where it was missed, off it where too much was found. Where
    /// nothing is wrong the points mean nothing.
    /// </summary>
    public SamPrompts Corrections(SamAnswer answer, IReadOnlyList<SamMask> targets, int count, RandomSource random)
    {
        ReadOnlySpan<float> logits = answer.Masks.detach().cpu().contiguous().data<float>().ToArray();
        float[] points = new float[2 * count * targets.Count], labels = new float[count * targets.Count];
        sbyte[] wrong = new sbyte[side * side]; // 1: missed, -1: too much, 0: right
        for (int n = 0; n < targets.Count; n++)
        {
            byte[] target = targets[n].Pixels;
            ReadOnlySpan<float> own = logits.Slice(n * target.Length, target.Length);
            for (int pixel = 0; pixel < target.Length; pixel++) wrong[pixel] = (sbyte)(target[pixel] - (own[pixel] > 0 ? 1 : 0));
            for (int point = n * count; point < (n + 1) * count; point++)
            {
                int pixel = Pick(MemoryMarshal.AsBytes(wrong.AsSpan()), random) ?? random.Below(target.Length);
                (points[2 * point], points[2 * point + 1]) = (pixel % side, pixel / side);
                labels[point] = wrong[pixel] > 0 ? 1 : wrong[pixel] < 0 ? 0 : -1;
            }
        }
        return new()
        {
            Count = targets.Count,
            Points = tensor(points, targets.Count, count, 2),
            Labels = tensor(labels, targets.Count, count),
            Masks = answer.LowResolution.detach().sigmoid(),
        };
    }

    /// <summary>The mask prompts alone.</summary>
    public static SamPrompts WithoutPoints(SamPrompts prompts) => prompts with { Points = null, Labels = null, Boxes = null };

    // The share of each low-resolution pixel that the mask covers.
    private void Reduce(byte[] mask, Span<float> low)
    {
        int factor = side / maskSide;
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
                if (mask[y * side + x] != 0) low[y / factor * maskSide + x / factor] += 1f / (factor * factor);
    }

    // One of the places that are not zero.
    private static int? Pick(ReadOnlySpan<byte> candidates, RandomSource random)
    {
        int count = candidates.Length - candidates.Count((byte)0);
        if (count == 0) return null;
        int left = random.Below(count), at = -1;
        while (left >= 0)
            if (candidates[++at] != 0) left--;
        return at;
    }
}
