namespace SamMed2D.Rendering.OpenGL;

/// <summary>The card has no room for a texture or a buffer. Caught inside this room, where less is then drawn.</summary>
/// <param name="sizeBytes">What was asked for; 0 where only a whole frame is known to have failed.</param>
internal sealed class GraphicsMemoryException(long sizeBytes) : Exception($"The graphics memory has no room for {sizeBytes} bytes.")
{
    /// <summary>What was asked for; 0 where what is on the card already may be spoilt too.</summary>
    public long SizeBytes { get; } = sizeBytes;
}
