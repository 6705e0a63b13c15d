using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation;

namespace SamMed2D.Application.Prompting;

/// <summary>A slice as the model sees it.</summary>
/// <param name="Volume">The scan.</param>
/// <param name="Axis">The grid axis along which the slices run.</param>
/// <param name="Slice">The slice's index.</param>
/// <param name="Window">The intensities shown to the model as black and white.</param>
internal readonly record struct SliceKey(Volume Volume, SliceAxis Axis, int Slice, IntensityWindow Window);

/// <summary>What is asked of the model.</summary>
/// <param name="Number">Counts the questions; an answer carries its question's number.</param>
/// <param name="Key">On which slice.</param>
/// <param name="Prompts">With which prompts, in slice pixels.</param>
/// <param name="Candidate">Which of the model's masks; null leaves the choice to it.</param>
internal sealed record PredictionRequest(long Number, SliceKey Key, PromptSet Prompts, int? Candidate);

/// <summary>What the model says, or why it says nothing.</summary>
/// <param name="Request">The question.</param>
/// <param name="Prediction">The answer; null where it failed.</param>
/// <param name="Failure">What went wrong; null where nothing.</param>
/// <param name="Elapsed">From the moment the model began with the prompts to the answer, an encoding that was not ready included.</param>
internal sealed record PredictionAnswer(PredictionRequest Request, MaskPrediction? Prediction, Exception? Failure, TimeSpan Elapsed);
