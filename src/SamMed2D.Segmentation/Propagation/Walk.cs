using SamMed2D.Core.Prompts;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Registration;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>A key slice of a segment and the walks that start from it.</summary>
internal sealed record KeyTask(Segment Segment, KeySlice Key, IReadOnlyList<Walk> Walks);

/// <summary>One segment's way from a key slice in one direction, and the last mask accepted on it.</summary>
internal sealed class Walk
{
    private MaskShape? _spare;
    private SliceMemory _here = new(), _next = new(); // of the last accepted slice, and of the one at hand
    private MaskPrediction? _prediction;

    public Walk(Segment segment, int keySlice, StepKind kind, int lastSlice, StopReason endReason, Gap? gap = null)
    {
        (Segment, KeySlice, Kind, LastSlice, EndReason, Gap) = (segment, keySlice, kind, lastSlice, endReason, gap);
        LastAccepted = keySlice;
    }

    public Segment Segment { get; }

    public int KeySlice { get; }

    /// <summary>Up or Down.</summary>
    public StepKind Kind { get; }

    public int Step => Kind == StepKind.Up ? 1 : -1;

    /// <summary>The furthest slice that the walk may reach; behind the key slice where it may not begin.</summary>
    public int LastSlice { get; }

    /// <summary>Why it ends there.</summary>
    public StopReason EndReason { get; }

    /// <summary>The gap between key slices that it crosses, if any.</summary>
    public Gap? Gap { get; }

    /// <summary>The visits that it wants, in order.</summary>
    public List<Visit> Visits { get; } = [];

    public int LastAccepted { get; private set; }

    /// <summary>Why it has ended; null while it goes on.</summary>
    public StopReason? Stop { get; set; }

    public MaskPrompt? Mask { get; private set; }

    /// <summary>The last accepted mask's shape.</summary>
    public MaskShape? Shape { get; private set; }

    /// <summary>The shape of the mask that was carried to the slice at hand.</summary>
    public MaskShape? CarriedShape { get; private set; }

    /// <summary>What the object looks like on the key slice; null until the key slice is done.</summary>
    public MaskAppearance? KeyAppearance { get; set; }

    /// <summary>Which greys the object has on the key slice; null until the key slice is done.</summary>
    public GreyOdds? KeyGreys { get; set; }

    /// <summary>What the candidate looks like. Reused from slice to slice.</summary>
    public MaskAppearance CandidateAppearance { get; } = new();

    /// <summary>The candidate's shape, to be filled before <see cref="Accept"/>.</summary>
    public MaskShape Candidate(MaskPrompt mask)
    {
        _spare ??= new(mask.Width, mask.Height);
        _spare.Set(mask);
        return _spare;
    }

    /// <summary>Makes the candidate the last accepted mask.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="mask">The candidate's mask.</param>
    /// <param name="picture">The slice's picture; it is copied.</param>
    public void Accept(int slice, MaskPrompt mask, ReadOnlySpan<byte> picture)
    {
        (Shape, _spare) = (_spare, Shape);
        (Mask, LastAccepted) = (mask, slice);
        _next.Keep(picture);
        (_here, _next) = (_next, _here);
    }

    /// <summary>Carries the last accepted mask to another slice, into a buffer that the next call but one reuses. Where nothing is left of it, it stays in place.</summary>
    /// <param name="motion">Registers; overwritten.</param>
    /// <param name="picture">The other slice.</param>
    public MaskPrompt Carry(SliceMotion motion, ReadOnlySpan<byte> picture)
    {
        (int width, int height) = (Mask!.Width, Mask.Height);
        CarriedShape ??= new(width, height);
        motion.Register(picture, _here.Picture, width, height, Shape!.Bounds);
        MaskPrompt prompt = _here.Carried.Take(Mask, _here.Picture);
        float[] carried = _here.Carried.Values;
        motion.Carry(Mask.Probabilities.Span, carried);
        CarriedShape.Set(carried);
        if (CarriedShape.Area == 0)
        {
            Mask.Probabilities.Span.CopyTo(carried);
            CarriedShape.Set(carried);
        }
        return prompt;
    }

    /// <summary>The model's answer weighed by greys and joined with the carried mask, in a buffer that the next but one call reuses.</summary>
    /// <param name="answer">The model's answer.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="picture">Its slice.</param>
    /// <param name="greyWeight">How much greys count; 0 for not at all.</param>
    /// <param name="carriedShare">The weight of the carried mask, 0 to 1; 0 where nothing was carried.</param>
    public MaskPrompt Mix(MaskPrompt answer, MaskShape shape, ReadOnlySpan<byte> picture, double greyWeight, double carriedShare)
    {
        _next.Keep(picture);
        MaskPrompt prompt = _next.Mixed.Take(answer, _next.Picture);
        float[] mixed = _next.Mixed.Values;
        answer.Probabilities.Span.CopyTo(mixed);
        if (greyWeight > 0) KeyGreys!.Apply(picture, shape, greyWeight, mixed);
        float weight = (float)carriedShare;
        if (weight > 0)
        {
            ReadOnlySpan<float> carried = _here.Carried.Values;
            for (int n = 0; n < mixed.Length; n++) mixed[n] += weight * (carried[n] - mixed[n]);
        }
        return prompt;
    }

    /// <summary>Keeps the prediction behind the last accepted mask, which nobody else uses.</summary>
    /// <returns>The one before, which is no longer needed once the step has been told.</returns>
    public MaskPrediction? Exchange(MaskPrediction prediction)
    {
        MaskPrediction? before = _prediction;
        _prediction = prediction;
        return before;
    }

    /// <summary>Lets go of the masks once the walk has ended.</summary>
    public void Release()
    {
        (Mask, Shape, _spare, CarriedShape, _prediction, _here, _next) = (null, null, null, null, null, new(), new());
    }

    /// <summary>What is kept of a slice: its picture, the mask carried from it, and the mask mixed for it. Written again and again.</summary>
    private sealed class SliceMemory
    {
        public byte[] Picture { get; private set; } = [];

        public MaskBuffer Carried { get; } = new();

        public MaskBuffer Mixed { get; } = new();

        public void Keep(ReadOnlySpan<byte> picture)
        {
            if (Picture.Length != picture.Length) Picture = new byte[picture.Length];
            picture.CopyTo(Picture);
        }
    }

    /// <summary>A mask prompt that is written again and again.</summary>
    private sealed class MaskBuffer
    {
        private MaskPrompt? _prompt;

        public float[] Values { get; private set; } = [];

        /// <summary>The prompt round the values.</summary>
        /// <param name="like">A mask of the same slices.</param>
        /// <param name="picture">Goes along where the other mask has a picture; always the same.</param>
        public MaskPrompt Take(MaskPrompt like, byte[] picture)
        {
            if (_prompt is { } prompt && prompt.Picture.IsEmpty == like.Picture.IsEmpty) return prompt;
            if (Values.Length == 0) Values = new float[like.Width * like.Height];
            return _prompt = new(like.Width, like.Height, Values) { Picture = like.Picture.IsEmpty ? default : picture };
        }
    }
}
