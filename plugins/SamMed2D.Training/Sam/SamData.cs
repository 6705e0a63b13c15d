using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Sam;

/// <summary>What one batch learns from: pictures, and of each as many masks, with a neighbouring slice's mask where there is one.</summary>
/// <param name="Pictures">The pictures with all their masks.</param>
/// <param name="Targets">The masks to learn, picture by picture.</param>
/// <param name="Neighbours">For each of them the same structure on a neighbouring slice, or null.</param>
internal sealed record SamBatch(IReadOnlyList<SamExample> Pictures, IReadOnlyList<SamMask> Targets, IReadOnlyList<SamMask?> Neighbours);

/// <summary>
/// Draws batches from a data set: every picture once an epoch, in an order of that epoch. What a batch holds depends on the seed and its number alone.
/// Pictures that cannot be read or have no mask are left out and named once; others take their places.
/// </summary>
internal sealed class SamData
{
    private const int LongestSearch = 200;
    private readonly IReadOnlyList<DatasetPicture> _pictures;
    private readonly IReadOnlyDictionary<string, DatasetPicture> _byName;
    private readonly SamRecipe _recipe;
    private readonly int _side;
    private readonly IPictureFiles _files;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _unusable = [];
    private readonly List<string> _skipped = [];
    private (long Epoch, int[] Order) _order = (-1, []);

    public SamData(IReadOnlyList<DatasetPicture> pictures, SamRecipe recipe, int side, IPictureFiles files)
    {
        (_pictures, _recipe, _side, _files) = (pictures, recipe, side, files);
        _byName = pictures.GroupBy(picture => picture.Name).ToDictionary(group => group.Key, group => group.First());
    }

    /// <summary>Pictures left out so far, with the reasons.</summary>
    public IReadOnlyList<string> Skipped
    {
        get
        {
            lock (_lock) return [.. _skipped];
        }
    }

    /// <summary>Makes a batch. Not for concurrent use.</summary>
    /// <param name="number">Of the whole run, from 0.</param>
    /// <param name="withNeighbours">Whether to look for neighbouring slices' masks.</param>
    public SamBatch Make(long number, bool withNeighbours)
    {
        RandomSource random = new(_recipe.Seed, number);
        List<SamExample> examples = [];
        List<SamMask> targets = [];
        List<SamMask?> neighbours = [];
        for (int n = 0; n < _recipe.Batch; n++)
        {
            (DatasetPicture picture, SamExample whole) = Take(number * _recipe.Batch + n, random, out Augmentation augmentation);
            SamExample example = augmentation.Move(whole);
            SamExample? neighbour = withNeighbours && ReadNeighbour(picture, random, augmentation) is { } beside ? augmentation.Move(beside) : null;
            examples.Add(example);
            for (int mask = 0; mask < _recipe.MasksPerImage; mask++)
            {
                SamMask target = example.Masks[random.Below(example.Masks.Count)];
                targets.Add(target);
                neighbours.Add(neighbour?.Masks.Where(other => other.Structure == target.Structure && other.CountCommon(target) > 0).MaxBy(target.CountCommon));
            }
        }
        return new(examples, targets, neighbours);
    }

    /// <summary>Reads one picture, or gives null where it cannot be used. Safe for concurrent calls.</summary>
    public SamExample? TryRead(DatasetPicture picture, Func<SliceImage, SliceImage>? change = null)
    {
        lock (_lock)
            if (_unusable.Contains(picture.Path)) return null;
        try
        {
            PictureCase read = picture.Read(_files);
            return SamExample.From(picture, change is null ? read : read with { Image = change(read.Image) }, _side);
        }
        catch (Exception failure) when (failure is InvalidFileException or UnsupportedInputException)
        {
            lock (_lock)
                if (_unusable.Add(picture.Path)) _skipped.Add(failure.Message);
            return null;
        }
    }

    private (DatasetPicture Picture, SamExample Example) Take(long position, RandomSource random, out Augmentation augmentation)
    {
        augmentation = new(_recipe.Augmentation, random);
        (long epoch, long place) = Math.DivRem(position, _pictures.Count);
        int index = OrderOf(epoch)[place];
        for (int attempt = 0; attempt < LongestSearch; attempt++)
        {
            if (TryRead(_pictures[index], augmentation.ChangeGreys) is { } example) return (_pictures[index], example);
            index = random.Below(_pictures.Count);
        }
        throw new InvalidFileException(_pictures[index].Path, $"no usable picture was found in {LongestSearch} attempts; the first problem: {Skipped[0]}");
    }

    private SamExample? ReadNeighbour(DatasetPicture picture, RandomSource random, Augmentation augmentation)
    {
        int away = random.Between(1, _recipe.NeighbourReach) * (random.Chance(0.5f) ? 1 : -1);
        return NeighbourName(picture.Name, away) is { } name && _byName.TryGetValue(name, out DatasetPicture? other) ? TryRead(other, augmentation.ChangeGreys) : null;
    }

    /// <summary>The name of the slice so many further on, where names end in the slice's number; null where they do not.</summary>
    internal static string? NeighbourName(string name, int away)
    {
        int end = name.LastIndexOf('_') + 1;
        if (end == 0 || !int.TryParse(name.AsSpan(end), NumberStyles.None, CultureInfo.InvariantCulture, out int slice) || slice + away < 0) return null;
        string number = (slice + away).ToString(CultureInfo.InvariantCulture);
        return name[..end] + (name[end] == '0' ? number.PadLeft(name.Length - end, '0') : number);
    }

    private int[] OrderOf(long epoch)
    {
        if (_order.Epoch == epoch) return _order.Order;
        RandomSource random = new(_recipe.Seed ^ 0x0E0C, epoch);
        int[] order = [.. Enumerable.Range(0, _pictures.Count)];
        for (int n = order.Length - 1; n > 0; n--)
        {
            int other = random.Below(n + 1);
            (order[n], order[other]) = (order[other], order[n]);
        }
        _order = (epoch, order);
        return order;
    }
}
