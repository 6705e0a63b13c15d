using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SamMed2D.Core.Meshes;

namespace SamMed2D.Rendering.MeshFiles;

/// <summary>Binary PLY, little-endian: vertices with colours, triangles as lists; names of the segments as comments.</summary>
internal static class PlyFormat
{
    public static void Write(Stream stream, MeshContent content)
    {
        StringBuilder header = new("ply\nformat binary_little_endian 1.0\ncomment SamMed2D, millimetres\n");
        header.Append($"comment {content.SpaceTag}\n");
        foreach (SurfaceMesh mesh in content.Meshes) header.Append($"comment segment {mesh.Color} {OneLine(mesh.Name)}\n");
        header.Append($"element vertex {content.VertexCount}\nproperty float x\nproperty float y\nproperty float z\n");
        header.Append("property uchar red\nproperty uchar green\nproperty uchar blue\n");
        header.Append($"element face {content.TriangleCount}\nproperty list uchar int vertex_indices\nend_header\n");
        stream.Write(Encoding.UTF8.GetBytes(header.ToString()));
        byte[] vertex = new byte[15];
        foreach (SurfaceMesh mesh in content.Meshes)
            foreach (Vector3 place in mesh.Vertices)
            {
                Vector3 p = content.ToFile(place);
                BinaryPrimitives.WriteSingleLittleEndian(vertex, p.X);
                BinaryPrimitives.WriteSingleLittleEndian(vertex.AsSpan(4), p.Y);
                BinaryPrimitives.WriteSingleLittleEndian(vertex.AsSpan(8), p.Z);
                (vertex[12], vertex[13], vertex[14]) = (mesh.Color.R, mesh.Color.G, mesh.Color.B);
                stream.Write(vertex);
            }
        byte[] face = new byte[13];
        face[0] = 3;
        int first = 0;
        foreach (SurfaceMesh mesh in content.Meshes)
        {
            for (int n = 0; n < mesh.Indices.Length; n += 3)
            {
                for (int corner = 0; corner < 3; corner++) BinaryPrimitives.WriteInt32LittleEndian(face.AsSpan(1 + corner * 4), first + mesh.Indices[n + corner]);
                stream.Write(face);
            }
            first = checked(first + mesh.Vertices.Length);
        }
    }

    private static string OneLine(string name) => name.ReplaceLineEndings(" ");
}
