namespace SamMed2D.Training.Scenes;

/// <summary>
/// One training picture and what is known of it: the picture, a label per pixel, and the same for another slice of the same body a few
/// slices away. All planes are <see cref="Size"/> pixels square, row by row. Belongs to one worker, which refills it.
/// </summary>
internal sealed class Scene
{
    /// <summary>Pixels a side; also the unit in which the focus model's crop sides are given.</summary>
    public const int Size = 256;

    /// <summary>Number of pixels.</summary>
    public const int Area = Size * Size;

    /// <summary>The slice, 0..1 after its window.</summary>
    public float[] Image { get; } = new float[Area];

    /// <summary>Region of each pixel; 0 belongs to none and is never a target.</summary>
    public ushort[] Labels { get; } = new ushort[Area];

    /// <summary>The other slice in the same window.</summary>
    public float[] PreviousImage { get; } = new float[Area];

    /// <summary>The other slice's regions, by the same numbers.</summary>
    public ushort[] PreviousLabels { get; } = new ushort[Area];

    /// <summary>False if no single click could tell which of the regions is meant, as in atlases whose borders no picture shows.</summary>
    public bool ClickTells { get; set; }
}

/// <summary>Makes training pictures.</summary>
internal interface ISceneSource
{
    /// <summary>Fills the scene from nothing but the random numbers given.</summary>
    void Fill(Scene scene, RandomSource random);
}
