using SamMed2D.Core.Slices;

namespace SamMed2D.Imaging.Png;

/// <summary><see cref="PngFile"/>, for rooms that are handed their files.</summary>
public sealed class PngFiles : IPictureFiles
{
    /// <inheritdoc/>
    public SliceImage Read(string path) => PngFile.Read(path);

    /// <inheritdoc/>
    public void Write(string path, SliceImage picture) => PngFile.Write(path, picture);
}
