using System.Globalization;
using System.Numerics;
using System.Text;
using SamMed2D.Core.Meshes;

namespace SamMed2D.Rendering.MeshFiles;

/// <summary>Wavefront OBJ: text, an object a segment, colours in a material file beside it.</summary>
internal static class ObjFormat
{
    public static void Write(Stream materials, Stream shapes, string materialsName, MeshContent content)
    {
        WriteMaterials(materials, content);
        using StreamWriter text = CreateWriter(shapes);
        text.Write($"# SamMed2D, millimetres\n# {content.SpaceTag}\nmtllib {materialsName}\n");
        int first = 1;
        for (int n = 0; n < content.Meshes.Count; n++)
        {
            SurfaceMesh mesh = content.Meshes[n];
            text.Write($"o {mesh.Name.ReplaceLineEndings(" ")}\nusemtl segment{n + 1}\n");
            foreach (Vector3 place in mesh.Vertices)
            {
                Vector3 p = content.ToFile(place);
                text.Write(string.Create(CultureInfo.InvariantCulture, $"v {p.X} {p.Y} {p.Z}\n"));
            }
            for (int i = 0; i < mesh.Indices.Length; i += 3)
                text.Write(string.Create(CultureInfo.InvariantCulture, $"f {first + mesh.Indices[i]} {first + mesh.Indices[i + 1]} {first + mesh.Indices[i + 2]}\n"));
            first = checked(first + mesh.Vertices.Length);
        }
    }

    private static void WriteMaterials(Stream stream, MeshContent content)
    {
        using StreamWriter text = CreateWriter(stream);
        for (int n = 0; n < content.Meshes.Count; n++)
        {
            Vector3 color = new Vector3(content.Meshes[n].Color.R, content.Meshes[n].Color.G, content.Meshes[n].Color.B) / 255;
            text.Write(string.Create(CultureInfo.InvariantCulture, $"newmtl segment{n + 1}\nKd {color.X:0.####} {color.Y:0.####} {color.Z:0.####}\nd 1\n"));
        }
    }

    private static StreamWriter CreateWriter(Stream stream) => new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
}
