using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// SAM-Med2D's own test (arXiv 2308.16184, and its public test code): the tight box of the largest piece; or a random point on the object and then, point by
/// point, one from where the last mask was wrong, with that mask as prompt. Scores are of masks, on the picture's pixels.
/// </summary>
/// <param name="segmenter">The model; it stays the caller's.</param>
/// <param name="seed">The same seed draws the same points from the same errors.</param>
public sealed class PictureProtocol(IPromptableSegmenter segmenter, int seed = 1)
{
    private const int PointCount = 5;

    /// <summary>Measures the masks of one picture. Masks that are empty on the test's 256×256 pixels are left out.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="replayed">Finds the prompts of a mask by its name, to use instead of drawing; null draws.</param>
    /// <param name="cancellation">Stops within the model.</param>
    public IReadOnlyList<MaskResult> Run(PictureCase picture, Func<string, SavedPrompts>? replayed = null, CancellationToken cancellation = default)
    {
        using SliceEmbedding embedding = segmenter.Encode(picture.Image, cancellation);
        TestGrid grid = new(picture.Image.Width, picture.Image.Height);
        List<MaskResult> results = [];
        foreach (NamedMask mask in picture.Masks)
        {
            MaskPlane onGrid = grid.Reduce(mask.Mask);
            if (LargestPiece.FindBounds(onGrid) is not { } bounds) continue;
            SavedPrompts? saved = replayed?.Invoke(mask.Name);
            PromptBox box = saved is null ? grid.ToPicture(bounds) : new(saved.Box[0], saved.Box[1], saved.Box[2], saved.Box[3]);
            MaskShape shape = new(picture.Image.Width, picture.Image.Height);
            shape.Set(segmenter.Predict(embedding, new PromptSet { Box = box }, cancellation).Mask);
            List<PictureScore> scores = [Score(PictureSetting.Box, mask.Mask, shape.Plane)];
            Clicks clicks = new(grid, onGrid, saved, new Random(seed ^ StableHash(mask.Name)));
            scores.AddRange(Click(embedding, mask.Mask, clicks, shape, cancellation));
            scores.Add(Score(PictureSetting.FilledBox, mask.Mask, BoxFloors.Filled(box, shape.Plane.Width, shape.Plane.Height)));
            scores.Add(Score(PictureSetting.Ellipse, mask.Mask, BoxFloors.Ellipse(box, shape.Plane.Width, shape.Plane.Height)));
            results.Add(new(picture.Name, mask.Name, mask.Mask.GetArea(), scores, new([box.X0, box.Y0, box.X1, box.Y1], clicks.ToSaved())));
        }
        return results;
    }

    private IEnumerable<PictureScore> Click(SliceEmbedding embedding, MaskPlane truth, Clicks clicks, MaskShape shape, CancellationToken cancellation)
    {
        MaskPrompt? last = null;
        for (int n = 0; n < PointCount; n++)
        {
            if (n == 0) clicks.AddFirst();
            else clicks.AddFromErrors(shape.Plane);
            MaskPrediction prediction = segmenter.Predict(embedding, new PromptSet { Points = clicks.Points, Mask = last }, cancellation);
            last = prediction.Mask;
            shape.Set(last);
            if (n is 0 or 2 or 4) yield return Score(PictureSetting.OnePoint + n / 2, truth, shape.Plane);
        }
    }

    private static PictureScore Score(PictureSetting setting, MaskPlane truth, MaskPlane found)
    {
        int inTruth = 0, inFound = 0, inBoth = 0;
        ReadOnlySpan<byte> a = truth.Pixels, b = found.Pixels;
        for (int n = 0; n < a.Length; n++)
        {
            inTruth += a[n];
            inFound += b[n];
            inBoth += a[n] & b[n];
        }
        return new(setting, 2.0 * inBoth / (inTruth + inFound), (double)inBoth / (inTruth + inFound - inBoth));
    }

    // FNV-1a: each mask draws by its name, so that leaving one out changes no other.
    private static int StableHash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = (hash ^ c) * 16777619;
        return (int)hash;
    }
}
