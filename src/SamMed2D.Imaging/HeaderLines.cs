using System.Text;
using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging;

/// <summary>Reads the lines of a text header that binary data may follow, and knows where each ended.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="stream">The file, at its start.</param>
/// <param name="maxBytes">Longer headers are refused.</param>
internal sealed class HeaderLines(string path, Stream stream, int maxBytes)
{
    private readonly List<byte> _line = [];

    /// <summary>The position after the last line read.</summary>
    public long Position { get; private set; }

    /// <summary>The next line without its end, or null where the file ends.</summary>
    /// <exception cref="InvalidFileException">The header is too long or holds a zero byte.</exception>
    public string? Next()
    {
        _line.Clear();
        while (true)
        {
            int next = stream.ReadByte();
            if (next < 0) return _line.Count == 0 ? null : Text();
            Position++;
            if (Position > maxBytes) throw new InvalidFileException(path, $"its header is longer than {maxBytes:N0} bytes; it is damaged: copy or export it again");
            if (next == 0) throw new InvalidFileException(path, "its header holds a zero byte; it is damaged: copy or export it again");
            if (next == '\n') return Text();
            _line.Add((byte)next);
        }
    }

    private string Text() => Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line)).TrimEnd('\r');
}
