using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Tests.Evaluation;

/// <summary>A segmenter that cannot be wrong: objects are the pixels brighter than 100, whatever the prompt.</summary>
internal sealed class OracleSegmenter : IPromptableSegmenter
{
    public SegmenterDescription Description { get; } = new("oracle", "Oracle", "sam", "Apache-2.0", "tests", "cpu");

    public List<PromptSet> Prompts { get; } = [];

    public SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default) => new Embedding(image);

    public MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default)
    {
        Prompts.Add(prompts);
        float[] probabilities = ((Embedding)embedding).Object;
        return new(new MaskPrompt(embedding.Width, embedding.Height, probabilities), [new(1, 1)], 0);
    }

    public void Dispose()
    {
    }

    private sealed class Embedding : SliceEmbedding
    {
        // The picture's buffer is the caller's and may be reused, so what is in it is taken at once.
        public Embedding(SliceImage image) : base(image.Width, image.Height)
        {
            Object = new float[image.Width * image.Height];
            for (int n = 0; n < Object.Length; n++) Object[n] = image.Pixels.Span[n * image.Channels] > 100 ? 1 : 0;
        }

        public float[] Object { get; }

        public override long SizeBytes => Object.Length * sizeof(float);
    }
}
