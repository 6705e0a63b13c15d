using System.Numerics;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Software;

/// <summary>A transfer function made ready for one volume and one step length.</summary>
internal sealed class SoftwareTransfer
{
    /// <summary>Entries of the tables over the function's range: few enough to stay in a core's nearest cache.</summary>
    public const int TableSize = 2048;

    /// <summary>Entries of <see cref="Highlights"/>.</summary>
    public const int HighlightCount = 256;

    /// <summary>Makes the tables.</summary>
    /// <param name="rendering">Function and step length.</param>
    /// <param name="volume">The voxels that rays go through, perhaps a coarser copy of the rendering's.</param>
    /// <param name="bricks">Their ranges.</param>
    public SoftwareTransfer(VolumeRendering rendering, Volume volume, BrickGrid bricks)
    {
        TransferFunction function = rendering.Transfer;
        (Function, Bricks) = (function, bricks);
        (double low, double high) = function.Range;
        for (int n = 0; n < TableSize; n++)
        {
            Vector4 color = function.Evaluate(low + (high - low) * n / (TableSize - 1));
            Opacities[n] = IsMaximum ? color.W : 1 - MathF.Pow(1 - color.W, (float)rendering.StepMm);
            Vector3 bytes = Vector3.Clamp(color.AsVector3(), Vector3.Zero, Vector3.One) * 255 + new Vector3(0.5f);
            Colors[n] = (int)bytes.X | (int)bytes.Y << 8 | (int)bytes.Z << 16;
        }
        double perIntensity = (TableSize - 1) / (high - low);
        StoredToEntry = new((float)(volume.Scale.Slope * perIntensity), (float)((volume.Scale.Intercept - low) * perIntensity));
        Material = IsMaximum ? null : function.Material;
        for (int n = 0; n < HighlightCount && Material is { } material; n++)
            Highlights[n] = (float)(material.Specular * Math.Pow(n / (HighlightCount - 1.0), material.SpecularPower));
        // Read four bytes at a time.
        byte[] distances = bricks.DistanceToVisible(function);
        Emptiness = new byte[distances.Length + 3];
        distances.CopyTo(Emptiness, 0);
        BrickEntries = new float[bricks.Highest.Length];
        for (int n = 0; n < BrickEntries.Length; n++) BrickEntries[n] = (float)((bricks.Highest[n] - low) * perIntensity);
    }

    public TransferFunction Function { get; }

    public bool IsMaximum => Function.Blending == VolumeBlending.MaximumIntensity;

    /// <summary>Null for no shading.</summary>
    public Material? Material { get; }

    public BrickGrid Bricks { get; }

    /// <summary>The opacity of one step, by entry; for a maximum that of the picture.</summary>
    public float[] Opacities { get; } = new float[TableSize];

    /// <summary>Red in the lowest byte, green, blue.</summary>
    public int[] Colors { get; } = new int[TableSize];

    /// <summary>The white highlight by the cosine between normal and line of sight.</summary>
    public float[] Highlights { get; } = new float[HighlightCount];

    /// <summary>By brick, how many bricks away the nearest visible one is.</summary>
    public byte[] Emptiness { get; }

    /// <summary>The highest entry in each brick.</summary>
    public float[] BrickEntries { get; }

    /// <summary>Table entry of a stored number: times x plus y.</summary>
    public Vector2 StoredToEntry { get; }
}
