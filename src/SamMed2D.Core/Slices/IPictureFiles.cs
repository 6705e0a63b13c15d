namespace SamMed2D.Core.Slices;

/// <summary>Reads and writes single pictures, for rooms that know no file format. Safe for concurrent calls.</summary>
public interface IPictureFiles
{
    /// <summary>Reads a picture as 8 bits a channel: 1 channel where every pixel is grey, else 3.</summary>
    /// <param name="path">A PNG or JPEG file.</param>
    /// <exception cref="Errors.InvalidFileException">The file is missing, damaged or no such picture.</exception>
    SliceImage Read(string path);

    /// <summary>Writes a picture as PNG. A file already there stays whole until the new one is complete.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="picture">1 or 3 channels.</param>
    /// <exception cref="Errors.OutputException">The place cannot be written.</exception>
    void Write(string path, SliceImage picture);
}
