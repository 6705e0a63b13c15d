using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>One structure to segment, fitted to a grid: what propagation starts from.</summary>
/// <param name="Segment">Label, name and colour.</param>
/// <param name="Axis">The grid axis along which slices run.</param>
/// <param name="Range">The slices that may be touched, within the grid.</param>
/// <param name="KeySlices">The prompted slices by rising index, each once and within the range; at least one.</param>
public sealed record ResolvedSegment(Segment Segment, SliceAxis Axis, SliceRange Range, IReadOnlyList<KeySlice> KeySlices);

/// <summary>A slice on which the user pointed at the object.</summary>
/// <param name="Slice">The slice index along the segment's axis.</param>
/// <param name="Prompts">The prompts, in pixels of the axis' <see cref="Core.Slices.SliceFrame"/>.</param>
public sealed record KeySlice(int Slice, PromptSet Prompts);
