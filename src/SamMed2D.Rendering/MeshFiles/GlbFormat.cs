using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using SamMed2D.Core.Meshes;

namespace SamMed2D.Rendering.MeshFiles;

/// <summary>
/// Binary glTF 2.0: one node a segment with its name, normals and a material. glTF is in metres with y up, so a root node turns and scales
/// patient millimetres; the buffers hold patient coordinates, and the root's extras say on which axes.
/// </summary>
internal static class GlbFormat
{
    private const uint Magic = 0x46546C67, JsonChunk = 0x4E4F534A, BinaryChunk = 0x004E4942;
    private const int FloatType = 5126, UnsignedIntType = 5125, ArrayBuffer = 34962, ElementArrayBuffer = 34963;

    public static void Write(Stream stream, MeshContent content)
    {
        byte[] json = Pad(JsonSerializer.SerializeToUtf8Bytes(Describe(content)), (byte)' ');
        long binaryLength = content.VertexCount * 24 + content.TriangleCount * 12;
        WriteWords(stream, Magic, 2, checked((uint)(12 + 8 + json.Length + 8 + binaryLength)));
        WriteWords(stream, (uint)json.Length, JsonChunk);
        stream.Write(json);
        WriteWords(stream, (uint)binaryLength, BinaryChunk);
        foreach (SurfaceMesh mesh in content.Meshes)
        {
            WriteVectors(stream, content, mesh.Vertices);
            WriteVectors(stream, content, mesh.ComputeNormals());
            // glTF is little-endian, as every machine that .NET 10 runs on.
            stream.Write(MemoryMarshal.AsBytes(mesh.Indices));
        }
    }

    private static object Describe(MeshContent content)
    {
        List<object> nodes = [], meshes = [], materials = [], views = [], accessors = [];
        // Patient axes to glTF's: x stays, up (z) becomes y, and front or back becomes z; both spaces end facing the viewer.
        double front = content.Space == MeshSpace.Ras ? 1 : -1;
        const double metre = 0.001;
        nodes.Add(new
        {
            name = "patient",
            children = Enumerable.Range(1, content.Meshes.Count).ToArray(),
            matrix = new[] { -front * metre, 0, 0, 0, 0, 0, front * metre, 0, 0, metre, 0, 0, 0, 0, 0, 1 },
            extras = new { space = content.Space == MeshSpace.Ras ? "RAS" : "LPS", unit = "mm" },
        });
        long offset = 0;
        for (int n = 0; n < content.Meshes.Count; n++)
        {
            SurfaceMesh mesh = content.Meshes[n];
            (Vector3 low, Vector3 high) = Bounds(content, mesh);
            long vectors = mesh.Vertices.Length * 12L, indices = mesh.Indices.Length * 4L;
            views.Add(new { buffer = 0, byteOffset = offset, byteLength = vectors, target = ArrayBuffer });
            views.Add(new { buffer = 0, byteOffset = offset + vectors, byteLength = vectors, target = ArrayBuffer });
            views.Add(new { buffer = 0, byteOffset = offset + 2 * vectors, byteLength = indices, target = ElementArrayBuffer });
            offset += 2 * vectors + indices;
            accessors.Add(new { bufferView = 3 * n, componentType = FloatType, count = mesh.Vertices.Length, type = "VEC3", min = ToArray(low), max = ToArray(high) });
            accessors.Add(new { bufferView = 3 * n + 1, componentType = FloatType, count = mesh.Vertices.Length, type = "VEC3" });
            accessors.Add(new { bufferView = 3 * n + 2, componentType = UnsignedIntType, count = mesh.Indices.Length, type = "SCALAR" });
            Dictionary<string, int> attributes = new() { ["POSITION"] = 3 * n, ["NORMAL"] = 3 * n + 1 };
            meshes.Add(new { name = mesh.Name, primitives = new object[] { new { attributes, indices = 3 * n + 2, material = n } } });
            materials.Add(new
            {
                name = mesh.Name,
                pbrMetallicRoughness = new { baseColorFactor = LinearColor(mesh), metallicFactor = 0.0, roughnessFactor = 0.6 },
            });
            nodes.Add(new { name = mesh.Name, mesh = n });
        }
        return new
        {
            asset = new { version = "2.0", generator = "SamMed2D" },
            scene = 0,
            scenes = new object[] { new { nodes = new[] { 0 } } },
            nodes,
            meshes,
            materials,
            accessors,
            bufferViews = views,
            buffers = new object[] { new { byteLength = offset } },
        };
    }

    // glTF's factors are linear; our colours are sRGB.
    private static double[] LinearColor(SurfaceMesh mesh) => [ToLinear(mesh.Color.R), ToLinear(mesh.Color.G), ToLinear(mesh.Color.B), 1];

    private static double ToLinear(byte part)
    {
        double value = part / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    private static (Vector3 Low, Vector3 High) Bounds(MeshContent content, SurfaceMesh mesh)
    {
        Vector3 low = new(float.PositiveInfinity), high = new(float.NegativeInfinity);
        foreach (Vector3 place in mesh.Vertices)
        {
            Vector3 p = content.ToFile(place);
            (low, high) = (Vector3.Min(low, p), Vector3.Max(high, p));
        }
        return (low, high);
    }

    private static float[] ToArray(Vector3 v) => [v.X, v.Y, v.Z];

    private static void WriteVectors(Stream stream, MeshContent content, ReadOnlySpan<Vector3> vectors)
    {
        foreach (Vector3 vector in vectors)
        {
            Vector3 p = content.ToFile(vector);
            stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Vector3>(in p)));
        }
    }

    private static void WriteWords(Stream stream, params ReadOnlySpan<uint> words)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
            stream.Write(bytes);
        }
    }

    private static byte[] Pad(byte[] bytes, byte filler)
    {
        int padded = (bytes.Length + 3) / 4 * 4, length = bytes.Length;
        Array.Resize(ref bytes, padded);
        bytes.AsSpan(length).Fill(filler);
        return bytes;
    }
}
