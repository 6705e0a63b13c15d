using SamMed2D.Core.Errors;

namespace SamMed2D.Imaging;

/// <summary>Which frame of a file with several is wanted.</summary>
internal static class FrameChoice
{
    /// <summary>The frame to read.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="frame">The frame asked for, from 0, or null for the first.</param>
    /// <param name="count">How many the file has.</param>
    /// <exception cref="AmbiguousInputException">There is no such frame.</exception>
    public static int Check(string path, int? frame, int count)
    {
        int chosen = frame ?? 0;
        if (chosen >= 0 && chosen < count) return chosen;
        throw new AmbiguousInputException(path, count == 1
            ? $"holds one frame, numbered 0, so there is no frame {chosen}; leave --frame out"
            : $"holds {count} frames, numbered 0 to {count - 1}, so there is no frame {chosen}; choose one of them with --frame");
    }
}
