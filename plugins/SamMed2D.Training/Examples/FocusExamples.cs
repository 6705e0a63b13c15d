using SamMed2D.Inference.Focus;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>How often each kind of prompt is drawn; shares need not sum to 1.</summary>
internal sealed record PromptShares
{
    public float Box { get; init; } = 0.36f;

    public float OneClick { get; init; } = 0.20f;

    public float FewClicks { get; init; } = 0.10f;

    public float PreviousMask { get; init; } = 0.34f;

    /// <summary>Of the previous masks, how many come with the previous slice's picture.</summary>
    public float WithPicture { get; init; } = 0.75f;

    /// <summary>Of the previous masks, how many come with a box on the target too.</summary>
    public float WithBox { get; init; } = 0.35f;

    /// <summary>Of the previous masks, how many show an object that this slice has not.</summary>
    public float Vanished { get; init; } = 0.12f;

    /// <summary>Of the previous masks with a box, how many show the wrong object.</summary>
    public float WrongMask { get; init; } = 0.12f;

    /// <summary>Of the answers that are asked about again, how many are carried on to the other slice instead of being corrected by a click.</summary>
    public float CarriedOn { get; init; }
}

/// <summary>Turns scenes into what the focus network sees and should answer: prompts as users give them. Belongs to one worker.</summary>
internal sealed class FocusExamples(PromptShares shares)
{
    private const int SmallestArea = 24;
    private const float LargestPart = 0.5f;

    private readonly int[] _labelCounts = new int[ushort.MaxValue + 1];
    private readonly int[] _previousCounts = new int[ushort.MaxValue + 1];
    private readonly List<ushort> _candidates = [];
    private readonly Region _target = new();
    private readonly Region _previous = new();
    private readonly CropInput _drawing = new();

    /// <summary>Makes one example.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="random">Where prompts come from.</param>
    /// <param name="input">Receives the input, <see cref="FocusLayout.Length"/> floats.</param>
    /// <param name="target">Receives the share of each crop pixel that the object covers; all 0 where the object is not in the slice.</param>
    /// <param name="next">Takes over what the answer is to be carried on to; nothing where it is to be corrected.</param>
    /// <returns>False if the scene has no region to ask for; nothing is written then.</returns>
    public bool TryMake(Scene scene, RandomSource random, Span<float> input, Span<float> target, NextSlice? next = null)
    {
        next?.Clear();
        float kind = random.Unit() * (shares.Box + shares.OneClick + shares.FewClicks + shares.PreviousMask);
        bool fromMask = (kind -= shares.PreviousMask) < 0;
        if (fromMask && random.Chance(shares.Vanished) && TryMakeVanished(scene, random, input, target)) return true;
        if (!TryDrawTarget(scene, random)) return false;
        FocusCrop crop = MakeFromTarget(scene, random, fromMask, kind, input, target);
        if (next is not null && shares.CarriedOn > 0 && random.Chance(shares.CarriedOn)) LookOn(scene, crop, next);
        return true;
    }

    private FocusCrop MakeFromTarget(Scene scene, RandomSource random, bool fromMask, float kind, Span<float> input, Span<float> target)
    {
        if (fromMask && TryMakeFromMask(scene, random, input, target) is { } framed) return framed;
        bool fromClick = !fromMask && (kind -= shares.OneClick) < 0;
        if (fromClick && scene.ClickTells) return MakeFromClicks(scene, random, 1, input, target);
        if (!fromMask && !fromClick && kind - shares.FewClicks < 0) return MakeFromClicks(scene, random, random.Between(2, 5), input, target);
        return MakeFromBox(scene, random, input, target);
    }

    private bool TryDrawTarget(Scene scene, RandomSource random)
    {
        Count(scene.Labels, _labelCounts);
        _candidates.Clear();
        float total = 0;
        for (int label = 1; label < _labelCounts.Length; label++)
            if (_labelCounts[label] >= SmallestArea && _labelCounts[label] < LargestPart * Scene.Area)
            {
                _candidates.Add((ushort)label);
                total += MathF.Pow(_labelCounts[label], 0.25f);
            }
        for (int tries = 0; tries < 6 && _candidates.Count > 0; tries++)
        {
            float left = random.Unit() * total;
            ushort chosen = _candidates[^1];
            foreach (ushort label in _candidates)
                if ((left -= MathF.Pow(_labelCounts[label], 0.25f)) <= 0)
                {
                    chosen = label;
                    break;
                }
            int seed = SeedOf(scene.Labels, chosen, random.Below(_labelCounts[chosen]));
            _target.Flood(scene.Labels, seed);
            if (_target.Area < SmallestArea) continue;
            if (random.Chance(0.35f)) _target.FillHoles();
            if (_target.Area < LargestPart * Scene.Area) return true;
        }
        return false;
    }

    /// <summary>Finds the target on the other slice.</summary>
    /// <returns>False if it is not near; the previous region is empty then.</returns>
    private bool TryFindPrevious(Scene scene, ushort label)
    {
        if (!_previous.FloodNear(scene.PreviousLabels, label, _target)) return false;
        if (_target.Area > 1.15f * _labelCounts[label]) _previous.FillHoles();
        return true;
    }

    // The first pixel in reading order belongs to the region itself, also after its holes were filled.
    private ushort LabelOfTarget(Scene scene) => scene.Labels[Array.IndexOf(_target.Mask, (byte)1)];

    /// <summary>Keeps what the answer may be carried on to: the object on the other slice, or the other slice without it.</summary>
    private void LookOn(Scene scene, FocusCrop crop, NextSlice next)
    {
        ushort label = LabelOfTarget(scene);
        // Elsewhere on the other slice, in another piece: nobody could say whether it is still the same.
        if (TryFindPrevious(scene, label) || Array.IndexOf(scene.PreviousLabels, label) < 0) next.Set(scene, crop, _previous);
    }

    private FocusCrop? TryMakeFromMask(Scene scene, RandomSource random, Span<float> input, Span<float> target)
    {
        if (!TryFindPrevious(scene, LabelOfTarget(scene)) || _previous.Area < SmallestArea / 2) return null;

        bool withBox = random.Chance(shares.WithBox);
        FocusCrop crop = Framed(withBox ? _target : _previous, CropInput.DrawFactorRoundMask(random), random);
        if (withBox && random.Chance(shares.WrongMask)) TryDrawOther(scene, random);
        WriteImage(scene, crop, random.Chance(shares.WithPicture), input);
        WritePreviousMask(crop, random, input);
        if (withBox) WriteBox(crop, random, input);
        WriteTarget(crop, target);
        return crop;
    }

    /// <summary>Replaces the previous mask by some other object's.</summary>
    private void TryDrawOther(Scene scene, RandomSource random)
    {
        for (int tries = 0; tries < 12; tries++)
        {
            int seed = random.Below(Scene.Area);
            if (scene.PreviousLabels[seed] == 0 || _previous.Mask[seed] != 0) continue;
            _previous.Flood(scene.PreviousLabels, seed);
            if (_previous.Area >= SmallestArea) return;
        }
    }

    private bool TryMakeVanished(Scene scene, RandomSource random, Span<float> input, Span<float> target)
    {
        Count(scene.Labels, _labelCounts);
        Count(scene.PreviousLabels, _previousCounts);
        _candidates.Clear();
        for (int label = 1; label < _previousCounts.Length; label++)
            if (_labelCounts[label] == 0 && _previousCounts[label] >= SmallestArea) _candidates.Add((ushort)label);
        if (_candidates.Count == 0) return false;
        ushort gone = _candidates[random.Below(_candidates.Count)];
        _previous.Flood(scene.PreviousLabels, SeedOf(scene.PreviousLabels, gone, random.Below(_previousCounts[gone])));
        if (_previous.Area < SmallestArea || _previous.Area > LargestPart * Scene.Area) return false;
        FocusCrop crop = Framed(_previous, CropInput.DrawFactorRoundMask(random), random);
        WriteImage(scene, crop, random.Chance(0.9f), input);
        WritePreviousMask(crop, random, input);
        target.Clear();
        return true;
    }

    private FocusCrop MakeFromBox(Scene scene, RandomSource random, Span<float> input, Span<float> target)
    {
        FocusCrop crop = Framed(_target, random.Uniform(1.5f, 2.5f), random);
        WriteImage(scene, crop, false, input);
        WriteBox(crop, random, input);
        WriteTarget(crop, target);
        return crop;
    }

    private FocusCrop MakeFromClicks(Scene scene, RandomSource random, int clicks, Span<float> input, Span<float> target)
    {
        (int x, int y) = DrawInside(random);
        // As users meet it: first a wide look round the click, then one framed by what was found.
        FocusCrop crop = clicks == 1 && random.Chance(0.5f)
            ? FocusCrop.Around(x + 0.5f, y + 0.5f, random.LogUniform(110, 200))
            : Framed(_target, random.LogUniform(1.4f, 6), random);
        WriteImage(scene, crop, false, input);
        AddClick(crop, x, y, FocusChannel.PositiveClicks, input);
        for (int n = 1; n < clicks; n++)
        {
            bool positive = random.Chance(0.5f);
            (x, y) = positive ? DrawInside(random) : DrawOutside(crop, random);
            AddClick(crop, x, y, positive ? FocusChannel.PositiveClicks : FocusChannel.NegativeClicks, input);
        }
        WriteTarget(crop, target);
        return crop;
    }

    private static FocusCrop Framed(Region region, float factor, RandomSource random) => CropInput.Frame(region.X0, region.Y0, region.X1, region.Y1, factor, random);

    private void WriteImage(Scene scene, FocusCrop crop, bool withPrevious, Span<float> input) =>
        _drawing.Begin(scene.Image, withPrevious ? scene.PreviousImage : default(ReadOnlySpan<float>), crop, input);

    private void WritePreviousMask(FocusCrop crop, RandomSource random, Span<float> input)
    {
        // What a model drew on the previous slice is a little off; a small shift and scale stand for that.
        FocusCrop shaken = random.Chance(0.5f)
            ? FocusCrop.Around(crop.X + crop.Side / 2 + 0.012f * crop.Side * random.Normal(), crop.Y + crop.Side / 2 + 0.012f * crop.Side * random.Normal(), crop.Side * (1 + 0.03f * random.Normal()))
            : crop;
        _drawing.AddMask<byte>(_previous.Mask, shaken, input);
    }

    private void WriteBox(FocusCrop crop, RandomSource random, Span<float> input)
    {
        float width = _target.X1 - _target.X0, height = _target.Y1 - _target.Y0, kind = random.Unit();
        float x0 = _target.X0, y0 = _target.Y0, x1 = _target.X1, y1 = _target.Y1;
        if (kind > 0.7f)
        {
            x0 -= random.Uniform(0, 0.22f) * width;
            x1 += random.Uniform(0, 0.22f) * width;
            y0 -= random.Uniform(0, 0.22f) * height;
            y1 += random.Uniform(0, 0.22f) * height;
        }
        else if (kind > 0.35f)
        {
            x0 += 0.05f * random.Normal() * width;
            x1 += 0.05f * random.Normal() * width;
            y0 += 0.05f * random.Normal() * height;
            y1 += 0.05f * random.Normal() * height;
        }
        _drawing.AddBox(new(x0, y0, MathF.Max(x1, x0 + 1), MathF.Max(y1, y0 + 1)), crop, input);
    }

    private void WriteTarget(FocusCrop crop, Span<float> target) => CropInput.ViewOf(crop).DrawMask<byte>(_target.Mask, Scene.Size, Scene.Size, target);

    private static void AddClick(FocusCrop crop, int x, int y, FocusChannel channel, Span<float> input) =>
        CropInput.ViewOf(crop).AddClick(x, y, input[(int)channel..], FocusLayout.Channels);

    /// <summary>A pixel of the target: half the time any, half the time the one of several that is best surrounded.</summary>
    private (int X, int Y) DrawInside(RandomSource random)
    {
        int best = NthPixel(_target.Mask, random.Below(_target.Area));
        if (random.Chance(0.5f)) return (best % Scene.Size, best / Scene.Size);
        int bestRoom = -1;
        for (int n = 0; n < 6; n++)
        {
            int at = NthPixel(_target.Mask, random.Below(_target.Area)), room = RoomAround(at);
            if (room > bestRoom) (best, bestRoom) = (at, room);
        }
        return (best % Scene.Size, best / Scene.Size);
    }

    private (int X, int Y) DrawOutside(FocusCrop crop, RandomSource random)
    {
        for (int tries = 0; tries < 20; tries++)
        {
            int x = (int)(crop.X + random.Unit() * crop.Side), y = (int)(crop.Y + random.Unit() * crop.Side);
            if ((uint)x < Scene.Size && (uint)y < Scene.Size && _target.Mask[y * Scene.Size + x] == 0) return (x, y);
        }
        return (Math.Clamp(_target.X0 - 3, 0, Scene.Size - 1), Math.Clamp(_target.Y0 - 3, 0, Scene.Size - 1));
    }

    /// <summary>Distance to the nearest pixel outside along the axes.</summary>
    private int RoomAround(int at)
    {
        int x = at % Scene.Size, y = at / Scene.Size, room = 1;
        while (x - room >= 0 && x + room < Scene.Size && y - room >= 0 && y + room < Scene.Size
            && _target.Mask[at - room] != 0 && _target.Mask[at + room] != 0
            && _target.Mask[at - room * Scene.Size] != 0 && _target.Mask[at + room * Scene.Size] != 0) room++;
        return room;
    }

    private static int SeedOf(ushort[] labels, ushort label, int skip)
    {
        int at = -1;
        do at = Array.IndexOf(labels, label, at + 1); while (skip-- > 0);
        return at;
    }

    private static int NthPixel(byte[] mask, int skip)
    {
        int at = -1;
        do at = Array.IndexOf(mask, (byte)1, at + 1); while (skip-- > 0);
        return at;
    }

    private static void Count(ushort[] labels, int[] counts)
    {
        Array.Clear(counts);
        foreach (ushort label in labels) counts[label]++;
    }
}
