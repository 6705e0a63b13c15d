using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SamMed2D.Core.Meshes;

namespace SamMed2D.Rendering.MeshFiles;

/// <summary>Binary STL: an 80-byte header, the number of triangles, 50 bytes a triangle, little-endian. It knows neither names nor colours.</summary>
internal static class StlFormat
{
    public static void Write(Stream stream, MeshContent content)
    {
        byte[] header = new byte[84];
        // It must not begin with "solid", which marks the text form.
        Encoding.ASCII.GetBytes($"SamMed2D, millimetres, {content.SpaceTag}", header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(80), checked((uint)content.TriangleCount));
        stream.Write(header);
        byte[] triangle = new byte[50];
        foreach (SurfaceMesh mesh in content.Meshes)
            for (int n = 0; n < mesh.Indices.Length; n += 3)
            {
                Vector3 a = Corner(content, mesh, n), b = Corner(content, mesh, n + 1), c = Corner(content, mesh, n + 2);
                Vector3 normal = Vector3.Cross(b - a, c - a);
                float length = normal.Length();
                Put(triangle, 0, length > 0 ? normal / length : default);
                Put(triangle, 12, a);
                Put(triangle, 24, b);
                Put(triangle, 36, c);
                stream.Write(triangle);
            }
    }

    private static Vector3 Corner(MeshContent content, SurfaceMesh mesh, int n) => content.ToFile(mesh.Vertices[mesh.Indices[n]]);

    private static void Put(byte[] bytes, int at, Vector3 value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value.X);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at + 4), value.Y);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at + 8), value.Z);
    }
}
