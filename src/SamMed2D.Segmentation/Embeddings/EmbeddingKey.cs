using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Embeddings;

/// <summary>
/// What an embedding is of: the picture that the model saw, which is the slice's voxels through the window, and the model. Two scans with one
/// slice in common share its embedding; another window, model or voxel makes another key.
/// </summary>
/// <param name="Name">64 hexadecimal digits.</param>
internal readonly record struct EmbeddingKey(string Name)
{
    /// <summary>The key of a picture.</summary>
    /// <param name="identity">The model; see <see cref="IEmbeddingCodec.Identity"/>.</param>
    /// <param name="image">The picture.</param>
    public static EmbeddingKey Of(string identity, SliceImage image)
    {
        Span<byte> sizes = stackalloc byte[3 * sizeof(int) + 2 * sizeof(double)];
        BinaryPrimitives.WriteInt32LittleEndian(sizes, image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(sizes[4..], image.Height);
        BinaryPrimitives.WriteInt32LittleEndian(sizes[8..], image.Channels);
        BinaryPrimitives.WriteDoubleLittleEndian(sizes[12..], image.PixelWidthMm);
        BinaryPrimitives.WriteDoubleLittleEndian(sizes[20..], image.PixelHeightMm);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(identity));
        hash.AppendData(sizes);
        hash.AppendData(image.Pixels.Span);
        return new(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
