using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.MeshFiles;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Rendering.Tests.MeshFiles;

/// <summary>Reads every format back by its own description and compares it with what was written.</summary>
public sealed class MeshFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-files").FullName;

    // Two touching boxes off the origin, with names and colours that need care.
    private readonly IReadOnlyList<SurfaceMesh> _meshes = SurfaceNets.Extract(
        TestVolumes.CreateLabels(new(6, 5, 4, new(2, 0, 0, 10, 0, 1, 0, -20, 0, 0, 3, 30)), v => v.I is 0 or 5 ? 0 : v.I < 3 ? 1 : 2,
            new Segment(1, "liver & <spleen>", new(255, 128, 0)), new Segment(2, "Niere links", new(1, 2, 3))));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(MeshSpace.Ras)]
    [InlineData(MeshSpace.Lps)]
    public void Write_Stl_HoldsEveryTriangleAndItsSpace(MeshSpace space)
    {
        byte[] bytes = WriteAndRead("a.stl", space);
        Assert.Contains($"SPACE={space.ToString().ToUpperInvariant()}", Encoding.ASCII.GetString(bytes, 0, 80));
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(80));
        Assert.Equal(_meshes.Sum(mesh => mesh.TriangleCount), count);
        Assert.Equal(84 + 50 * count, bytes.Length);
        int at = 84;
        foreach (SurfaceMesh mesh in _meshes)
            for (int n = 0; n < mesh.Indices.Length; n += 3, at += 50)
                for (int corner = 0; corner < 3; corner++)
                    Assert.Equal(Expected(mesh.Vertices[mesh.Indices[n + corner]], space), ReadVector(bytes, at + 12 + 12 * corner));
    }

    [Theory]
    [InlineData(MeshSpace.Ras)]
    [InlineData(MeshSpace.Lps)]
    public void Write_Ply_HoldsVerticesColoursAndSpace(MeshSpace space)
    {
        byte[] bytes = WriteAndRead("a.ply", space);
        string text = Encoding.UTF8.GetString(bytes);
        Assert.Contains($"comment SPACE={space.ToString().ToUpperInvariant()}\n", text);
        int at = text.IndexOf("end_header\n", StringComparison.Ordinal) + "end_header\n".Length;
        foreach (SurfaceMesh mesh in _meshes)
            foreach (Vector3 vertex in mesh.Vertices)
            {
                Assert.Equal(Expected(vertex, space), ReadVector(bytes, at));
                Assert.Equal(mesh.Color, new RgbColor(bytes[at + 12], bytes[at + 13], bytes[at + 14]));
                at += 15;
            }
        int first = 0;
        foreach (SurfaceMesh mesh in _meshes)
        {
            for (int n = 0; n < mesh.Indices.Length; n += 3, at += 13)
                for (int corner = 0; corner < 3; corner++)
                    Assert.Equal(first + mesh.Indices[n + corner], BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 1 + 4 * corner)));
            first += mesh.Vertices.Length;
        }
        Assert.Equal(bytes.Length, at);
    }

    [Theory]
    [InlineData(MeshSpace.Ras)]
    [InlineData(MeshSpace.Lps)]
    public void Write_Obj_HoldsObjectsMaterialsAndSpace(MeshSpace space)
    {
        string[] lines = Encoding.UTF8.GetString(WriteAndRead("a.obj", space)).Split('\n');
        Assert.Contains($"# SPACE={space.ToString().ToUpperInvariant()}", lines);
        Assert.Contains("mtllib a.mtl", lines);
        Assert.Equal(["o liver & <spleen>", "o Niere links"], lines.Where(line => line.StartsWith("o ")));
        Vector3[] vertices = [.. lines.Where(line => line.StartsWith("v ")).Select(ParseVector)];
        Assert.Equal(_meshes.SelectMany(mesh => mesh.Vertices.ToArray()).Select(v => Expected(v, space)), vertices);
        int[] indices = [.. lines.Where(line => line.StartsWith("f ")).SelectMany(line => line[2..].Split(' ')).Select(int.Parse)];
        int[] second = [.. _meshes[1].Indices.ToArray().Select(n => n + 1 + _meshes[0].Vertices.Length)];
        Assert.Equal([.. _meshes[0].Indices.ToArray().Select(n => n + 1), .. second], indices);
        string materials = File.ReadAllText(Path.Combine(_folder, "a.mtl"));
        Assert.Contains("newmtl segment1\nKd 1 0.502 0\n", materials);
    }

    [Theory]
    [InlineData(MeshSpace.Ras)]
    [InlineData(MeshSpace.Lps)]
    public void Write_Glb_HoldsNamesGeometryAndATurnToMetresWithYUp(MeshSpace space)
    {
        byte[] bytes = WriteAndRead("a.glb", space);
        Assert.Equal("glTF", Encoding.ASCII.GetString(bytes, 0, 4));
        Assert.Equal(bytes.Length, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)));
        int jsonLength = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        Assert.Equal(0, jsonLength % 4);
        JsonElement json = JsonDocument.Parse(bytes.AsMemory(20, jsonLength)).RootElement;
        int binary = 20 + jsonLength + 8;
        Assert.Equal(bytes.Length - binary, json.GetProperty("buffers")[0].GetProperty("byteLength").GetInt32());

        JsonElement root = json.GetProperty("nodes")[0];
        Assert.Equal(space.ToString().ToUpperInvariant(), root.GetProperty("extras").GetProperty("space").GetString());
        float[] m = [.. root.GetProperty("matrix").EnumerateArray().Select(e => e.GetSingle())];
        for (int n = 0; n < 2; n++)
        {
            Assert.Equal(_meshes[n].Name, json.GetProperty("nodes")[n + 1].GetProperty("name").GetString());
            JsonElement primitive = json.GetProperty("meshes")[n].GetProperty("primitives")[0];
            int positions = Offset(json, primitive.GetProperty("attributes").GetProperty("POSITION").GetInt32());
            for (int v = 0; v < _meshes[n].Vertices.Length; v++)
            {
                Vector3 p = ReadVector(bytes, binary + positions + 12 * v), ras = _meshes[n].Vertices[v];
                Assert.Equal(Expected(ras, space), p);
                // Up is up, and the patient's front faces the viewer (+z), the right being on the left.
                Vector3 world = new(m[0] * p.X + m[4] * p.Y + m[8] * p.Z, m[1] * p.X + m[5] * p.Y + m[9] * p.Z, m[2] * p.X + m[6] * p.Y + m[10] * p.Z);
                Assert.True(Vector3.Distance(world, new Vector3(-ras.X, ras.Z, ras.Y) / 1000) < 1e-6f);
            }
            int indices = Offset(json, primitive.GetProperty("indices").GetInt32());
            for (int i = 0; i < _meshes[n].Indices.Length; i++)
                Assert.Equal(_meshes[n].Indices[i], BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(binary + indices + 4 * i)));
        }
    }

    [Theory]
    [InlineData(MeshSpace.Ras)]
    [InlineData(MeshSpace.Lps)]
    public void Write_3mf_HoldsNamesColoursAndTriangles(MeshSpace space)
    {
        WriteAndRead("a.3mf", space);
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(_folder, "a.3mf"));
        Assert.NotNull(archive.GetEntry("[Content_Types].xml"));
        Assert.Contains("/3D/3dmodel.model", new StreamReader(archive.GetEntry("_rels/.rels")!.Open()).ReadToEnd());
        XElement model = XDocument.Load(archive.GetEntry("3D/3dmodel.model")!.Open()).Root!;
        XNamespace core = model.Name.Namespace;
        Assert.Equal("millimeter", (string?)model.Attribute("unit"));
        Assert.Contains(space.ToString().ToUpperInvariant(), model.Elements(core + "metadata").Last().Value);
        Assert.Equal(["#FF8000", "#010203"], model.Descendants(core + "base").Select(e => (string?)e.Attribute("displaycolor")));
        XElement[] objects = [.. model.Descendants(core + "object")];
        Assert.Equal(_meshes.Select(mesh => mesh.Name), objects.Select(e => (string?)e.Attribute("name")));
        Assert.Equal(objects.Select(e => (string?)e.Attribute("id")), model.Descendants(core + "item").Select(e => (string?)e.Attribute("objectid")));
        for (int n = 0; n < 2; n++)
        {
            Vector3[] vertices = [.. objects[n].Descendants(core + "vertex").Select(e => new Vector3((float)e.Attribute("x")!, (float)e.Attribute("y")!, (float)e.Attribute("z")!))];
            Assert.Equal(_meshes[n].Vertices.ToArray().Select(v => Expected(v, space)), vertices);
            int[] indices = [.. objects[n].Descendants(core + "triangle").SelectMany(e => (int[])[(int)e.Attribute("v1")!, (int)e.Attribute("v2")!, (int)e.Attribute("v3")!])];
            Assert.Equal(_meshes[n].Indices.ToArray(), indices);
        }
    }

    [Fact]
    public void Write_UnknownEndingOrNothing_SaysWhatToDo()
    {
        Assert.Contains(".3mf", Assert.Throws<OutputException>(() => MeshFile.Write(Path.Combine(_folder, "a.vtp"), _meshes)).Message);
        Assert.Throws<OutputException>(() => MeshFile.Write(Path.Combine(_folder, "a.stl"), []));
        Assert.Throws<OutputException>(() => MeshFile.Write(Path.Combine(_folder, "missing", "a.stl"), _meshes));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_3mf_NameThatXmlCannotHold_IsWrittenWithoutItsControlCharacters()
    {
        string path = Path.Combine(_folder, "control.3mf");
        MeshFile.Write(path, [new("a\u0001b \U0001FAC0", new(1, 2, 3), _meshes[0].Vertices.ToArray(), _meshes[0].Indices.ToArray())]);
        using ZipArchive zip = ZipFile.OpenRead(path);
        XElement model = XElement.Load(zip.GetEntry("3D/3dmodel.model")!.Open());
        Assert.Equal("a b \U0001FAC0", model.Descendants().First(e => e.Name.LocalName == "object").Attribute("name")!.Value);
    }

    private byte[] WriteAndRead(string name, MeshSpace space)
    {
        string path = Path.Combine(_folder, name);
        MeshFile.Write(path, _meshes, space);
        return File.ReadAllBytes(path);
    }

    private static Vector3 Expected(Vector3 ras, MeshSpace space) => space == MeshSpace.Ras ? ras : new(-ras.X, -ras.Y, ras.Z);

    private static Vector3 ReadVector(byte[] bytes, int at) => new(
        BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at)), BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at + 4)), BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at + 8)));

    private static Vector3 ParseVector(string line)
    {
        float[] parts = [.. line[2..].Split(' ').Select(part => float.Parse(part, CultureInfo.InvariantCulture))];
        return new(parts[0], parts[1], parts[2]);
    }

    private static int Offset(JsonElement json, int accessor) =>
        json.GetProperty("bufferViews")[json.GetProperty("accessors")[accessor].GetProperty("bufferView").GetInt32()].GetProperty("byteOffset").GetInt32();
}
