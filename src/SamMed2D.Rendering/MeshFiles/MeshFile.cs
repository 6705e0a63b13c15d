using System.Numerics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Meshes;

namespace SamMed2D.Rendering.MeshFiles;

/// <summary>The patient axes of the coordinates in a mesh file.</summary>
public enum MeshSpace
{
    /// <summary>Left, posterior, superior: what 3D Slicer and ITK write unless told otherwise.</summary>
    Lps,

    /// <summary>Right, anterior, superior: as everywhere inside this product.</summary>
    Ras,
}

/// <summary>Writes surfaces for other programs, in millimetres; the ending of the name chooses the format.</summary>
public static class MeshFile
{
    /// <summary>The endings that are known.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".stl", ".obj", ".ply", ".glb", ".3mf"];

    /// <summary>Writes surfaces into one file. A file already there stays whole until the new one is complete.</summary>
    /// <param name="path">Ends in one of <see cref="Extensions"/>: binary STL (shapes only), OBJ (names and colours; a material file
    /// <c>.mtl</c> comes beside it), binary PLY (colours), binary glTF and 3MF (names and colours).</param>
    /// <param name="meshes">What to write, at least one.</param>
    /// <param name="space">The axes; the file says which they are.</param>
    /// <exception cref="OutputException">The ending is unknown, there is nothing to write, or the place cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<SurfaceMesh> meshes, MeshSpace space = MeshSpace.Lps)
    {
        if (meshes.Count == 0) throw new OutputException(path, "there is no surface to write; the label map holds none of the segments asked for");
        MeshContent content = new(meshes, space);
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".stl":
                AtomicFile.Write(path, stream => StlFormat.Write(stream, content));
                break;
            case ".ply":
                AtomicFile.Write(path, stream => PlyFormat.Write(stream, content));
                break;
            case ".glb":
                AtomicFile.Write(path, stream => GlbFormat.Write(stream, content));
                break;
            case ".3mf":
                AtomicFile.Write(path, stream => ThreeMfFormat.Write(stream, content));
                break;
            case ".obj":
                string materials = Path.ChangeExtension(path, ".mtl");
                AtomicFile.WriteGroup([materials, path], streams => ObjFormat.Write(streams[0], streams[1], Path.GetFileName(materials), content));
                break;
            default:
                throw new OutputException(path, $"is not a mesh format that can be written; use {string.Join(", ", Extensions)}");
        }
    }
}

/// <summary>Surfaces on their way into a file.</summary>
/// <param name="Meshes">The surfaces, in RAS.</param>
/// <param name="Space">The axes of the file.</param>
internal sealed record MeshContent(IReadOnlyList<SurfaceMesh> Meshes, MeshSpace Space)
{
    /// <summary>The axes in the words that 3D Slicer looks for: <c>SPACE=LPS</c>.</summary>
    public string SpaceTag => Space == MeshSpace.Lps ? "SPACE=LPS" : "SPACE=RAS";

    /// <summary>A place or a direction on the file's axes. LPS is RAS turned by half about the third axis, so triangles keep their side.</summary>
    public Vector3 ToFile(Vector3 ras) => Space == MeshSpace.Lps ? new(-ras.X, -ras.Y, ras.Z) : ras;

    /// <summary>All triangles.</summary>
    public long TriangleCount => Meshes.Sum(mesh => (long)mesh.TriangleCount);

    /// <summary>All vertices.</summary>
    public long VertexCount => Meshes.Sum(mesh => (long)mesh.Vertices.Length);
}
