namespace SamMed2D.Inference.Tests.Models;

/// <summary>
/// An encoder and decoder with the interface of Segment Anything's public ONNX export, whose answers can be told by hand:
/// the embedding is the red plane's 16×16 averages in each of 4 channels; mask n is the embedding, 4 times larger, plus n, plus the sum of
/// the point labels, plus the mask prompt where there is one; the predicted IoUs are constants, the highest being mask 2's (or mask 0's, which never counts).
/// </summary>
internal static class ExportedPairFixture
{
    public const int ImageSize = 64, Grid = 4, MaskSize = 16;

    public static TinyOnnx Encoder() => new TinyOnnx()
        .Input("input_image", 1, 3, ImageSize, ImageSize)
        .Output("image_embeddings", 1, 4, Grid, Grid)
        .Constant("first", 0).Constant("second", 1).Constant("channels", 1)
        .Node("Slice", ["input_image", "first", "second", "channels"], "red")
        .Node("AveragePool", ["red"], "average", ("kernel_shape", [16, 16]), ("strides", [16, 16]))
        .Constant("repeats", 1, 4, 1, 1)
        .Node("Tile", ["average", "repeats"], "image_embeddings");

    /// <param name="masks">4, or 1 for an export that returns a single mask.</param>
    public static TinyOnnx Decoder(int masks = 4)
    {
        TinyOnnx decoder = new TinyOnnx()
            .Input("image_embeddings", 1, 4, Grid, Grid)
            .Input("point_coords", 1, -1, 2)
            .Input("point_labels", 1, -1)
            .Input("mask_input", 1, 1, MaskSize, MaskSize)
            .Input("has_mask_input", 1)
            .Input("orig_im_size", 2)
            .Output("masks", -1, -1, -1, -1)
            .Output("iou_predictions", 1, masks)
            .Output("low_res_masks", 1, masks, MaskSize, MaskSize)
            .Constant("scales", [4], 1, 1, 4, 4)
            .Node("Resize", ["image_embeddings", "", "scales"], "enlarged")
            .Constant("steps", [1, 4, 1, 1], 0, 1, 2, 3)
            .Node("Add", ["enlarged", "steps"], "stepped")
            .Constant("label_axis", 1)
            .Node("ReduceSum", ["point_labels", "label_axis"], "labels", ("keepdims", [1]))
            .Constant("scalar", 1, 1, 1, 1)
            .Node("Reshape", ["labels", "scalar"], "label")
            .Node("Add", ["stepped", "label"], "labelled")
            .Node("Mul", ["mask_input", "has_mask_input"], "mask")
            .Node("Add", ["labelled", "mask"], "all")
            .Constant("start", 0).Constant("end", masks).Constant("axis", 1)
            .Node("Slice", ["all", "start", "end", "axis"], "low_res_masks")
            .Constant("ious", [1, masks], masks == 1 ? [0.5f] : [0.9f, 0.3f, 0.8f, 0.1f])
            .Node("Identity", ["ious"], "iou_predictions")
            .Node("Cast", ["orig_im_size"], "size", ("to", [7]))
            .Constant("batch", 1, 4)
            .Node("Concat", ["batch", "size"], "sizes", ("axis", [0]))
            .Node("Resize", ["all", "", "", "sizes"], "masks");
        return decoder;
    }

    /// <summary>Writes the pair into a folder.</summary>
    public static void Write(string folder, int masks = 4)
    {
        Encoder().Save(Path.Combine(folder, "encoder.onnx"));
        Decoder(masks).Save(Path.Combine(folder, "decoder.onnx"));
    }
}
