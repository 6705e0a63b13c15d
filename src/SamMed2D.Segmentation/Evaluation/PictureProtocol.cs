using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// SAM-Med2D's own test (arXiv 2308.16184, and its public test code): the tight box of the largest piece; or a random point on the object and then, point by
/// point, one from where the last mask was wrong, with that mask as prompt. Scores are of masks, on the picture's pixels. On demand also what this product's
/// users give: loose boxes, corrected boxes, and the mask of a neighbouring slice.
/// </summary>
/// <param name="segmenter">The model; it stays the caller's.</param>
/// <param name="seed">The same seed draws the same points from the same errors.</param>
/// <param name="asUsers">True to measure <see cref="PictureSettings.OfUsers"/> too.</param>
public sealed class PictureProtocol(IPromptableSegmenter segmenter, int seed = 1, bool asUsers = false)
{
    private const int PointCount = 5, CorrectionCount = 2;
    private const double Looseness = 0.1;

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
            if (SlicePieces.FindLargest(onGrid) is not { } piece) continue;
            SavedPrompts? saved = replayed?.Invoke(mask.Name);
            PromptBox box = saved is null ? grid.ToPicture(piece.BoundsIn(onGrid.Width)) : new(saved.Box[0], saved.Box[1], saved.Box[2], saved.Box[3]);
            MaskTrial trial = new(segmenter, embedding, mask.Mask, cancellation);
            Clicks points = new(grid, onGrid, saved?.Points, new Random(seed ^ StableHash(mask.Name)));
            MeasureAsPublished(trial, box, points);
            Clicks? corrections = asUsers ? new(grid, onGrid, saved?.Corrections, new Random(seed ^ StableHash(mask.Name + "+"))) : null;
            if (corrections is not null) MeasureAsUsers(trial, box, mask, corrections);
            SavedPrompts prompts = new([box.X0, box.Y0, box.X1, box.Y1], points.ToSaved()) { Corrections = corrections?.ToSaved() };
            results.Add(new(picture.Name, mask.Name, mask.Tags, mask.Mask.GetArea(), trial.Scores, prompts));
        }
        return results;
    }

    private static void MeasureAsPublished(MaskTrial trial, PromptBox box, Clicks clicks)
    {
        trial.Ask(PictureSetting.Box, new() { Box = box });
        trial.AddFloor(PictureSetting.FilledBox, BoxFloors.Filled(box, trial.Answer.Width, trial.Answer.Height));
        trial.AddFloor(PictureSetting.Ellipse, BoxFloors.Ellipse(box, trial.Answer.Width, trial.Answer.Height));
        MaskPrompt? last = null;
        for (int n = 0; n < PointCount; n++)
        {
            if (n == 0) clicks.AddFirst();
            else clicks.AddFromErrors(trial.Answer);
            last = trial.Ask(n % 2 == 0 ? PictureSetting.OnePoint + n / 2 : null, new() { Points = clicks.Points, Mask = last });
        }
    }

    private static void MeasureAsUsers(MaskTrial trial, PromptBox box, NamedMask mask, Clicks corrections)
    {
        PromptBox loose = Loosen(box, trial.Answer.Width, trial.Answer.Height);
        trial.Ask(PictureSetting.LooseBox, new() { Box = loose });
        trial.AddFloor(PictureSetting.LooseEllipse, BoxFloors.Ellipse(loose, trial.Answer.Width, trial.Answer.Height));
        MaskPrompt last = trial.Ask(null, new() { Box = box });
        for (int n = 0; n < CorrectionCount; n++)
        {
            corrections.AddFromErrors(trial.Answer);
            last = trial.Ask(n == CorrectionCount - 1 ? PictureSetting.BoxAndTwoPoints : null, new() { Box = box, Points = corrections.Points, Mask = last });
        }
        if (mask.Neighbour is not { } neighbour) return;
        MaskPrompt prompt = neighbour.ToPrompt();
        trial.Ask(PictureSetting.PreviousMask, new() { Mask = prompt });
        trial.Ask(PictureSetting.PreviousMaskAndBox, new() { Mask = prompt, Box = box });
        trial.AddFloor(PictureSetting.CopiedMask, neighbour.Mask);
    }

    private static PromptBox Loosen(PromptBox box, int width, int height)
    {
        double dx = Looseness * (box.X1 - box.X0), dy = Looseness * (box.Y1 - box.Y0);
        return new(Math.Max(0, box.X0 - dx), Math.Max(0, box.Y0 - dy), Math.Min(width, box.X1 + dx), Math.Min(height, box.Y1 + dy));
    }

    // FNV-1a: each mask draws by its name, so that leaving one out changes no other.
    private static int StableHash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = (hash ^ c) * 16777619;
        return (int)hash;
    }
}
