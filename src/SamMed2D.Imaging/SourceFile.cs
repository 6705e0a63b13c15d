using System.IO.Compression;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging;

/// <summary>Opens files that come from elsewhere; whatever goes wrong becomes an error that names the file.</summary>
internal static class SourceFile
{
    /// <summary>Opens a file for reading from start to end.</summary>
    /// <exception cref="InvalidFileException">The file is missing or may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidFileException(path, "there is no such file; check the name", failure);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException or ArgumentException or NotSupportedException)
        {
            throw new InvalidFileException(path, $"cannot be opened ({failure.Message}); check that it is a file and that you may read it", failure);
        }
    }

    /// <summary>Runs reading code and turns the base class library's errors into <see cref="InvalidFileException"/>.</summary>
    /// <param name="path">The file as the user named it.</param>
    /// <param name="read">The work.</param>
    public static TResult Guard<TResult>(string path, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException failure)
        {
            throw Truncated(path, failure);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidFileException(path, "the compressed data is damaged or cut short; copy or download the file again", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, $"reading failed ({failure.Message}); check the disk and that you may read the file", failure);
        }
    }

    /// <summary>The first bytes of a file, inflated where the file is gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="count">How many bytes at most; fewer come back from a shorter file.</param>
    /// <param name="isCompressed">True when the file is gzip.</param>
    public static byte[] ReadHead(string path, int count, out bool isCompressed)
    {
        using FileStream file = Open(path);
        bool compressed = false;
        byte[] head = Guard(path, () =>
        {
            compressed = IsGzip(file);
            using Stream? inflated = compressed ? new GZipStream(file, CompressionMode.Decompress) : null;
            byte[] buffer = new byte[count];
            int read = (inflated ?? file).ReadAtLeast(buffer, count, throwOnEndOfStream: false);
            return buffer[..read];
        });
        isCompressed = compressed;
        return head;
    }

    /// <summary>The error of a file that ends too early.</summary>
    public static InvalidFileException Truncated(string path, Exception? inner = null) =>
        new(path, "ends before all voxels are read, so it is cut short; copy or download it again", inner);

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }
}
