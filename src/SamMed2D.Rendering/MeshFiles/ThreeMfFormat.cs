using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using System.Xml;
using SamMed2D.Core.Meshes;

namespace SamMed2D.Rendering.MeshFiles;

/// <summary>3MF, the printers' format: a zip with an XML model in millimetres, an object a segment, base materials for the colours.</summary>
internal static class ThreeMfFormat
{
    private const string CoreNamespace = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02";
    private const string ModelType = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";

    public static void Write(Stream stream, MeshContent content)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        WriteText(archive, "[Content_Types].xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
            + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
            + "<Default Extension=\"model\" ContentType=\"application/vnd.ms-package.3dmanufacturing-3dmodel+xml\"/></Types>");
        WriteText(archive, "_rels/.rels",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            + $"<Relationship Target=\"/3D/3dmodel.model\" Id=\"rel0\" Type=\"{ModelType}\"/></Relationships>");
        using Stream entry = archive.CreateEntry("3D/3dmodel.model", CompressionLevel.Fastest).Open();
        using XmlWriter xml = XmlWriter.Create(entry, new() { Encoding = new UTF8Encoding(false) });
        WriteModel(xml, content);
    }

    private static void WriteModel(XmlWriter xml, MeshContent content)
    {
        const int materialsId = 1;
        xml.WriteStartElement("model", CoreNamespace);
        xml.WriteAttributeString("unit", "millimeter");
        WriteMetadata(xml, "Application", "SamMed2D");
        WriteMetadata(xml, "Description", $"Patient coordinates, {content.SpaceTag}");
        Start(xml, "resources");
        Start(xml, "basematerials", ("id", materialsId));
        foreach (SurfaceMesh mesh in content.Meshes) Element(xml, "base", ("name", NameOf(mesh)), ("displaycolor", mesh.Color.ToString().ToUpperInvariant()));
        xml.WriteEndElement();
        for (int n = 0; n < content.Meshes.Count; n++) WriteObject(xml, content, n, materialsId);
        xml.WriteEndElement();
        Start(xml, "build");
        for (int n = 0; n < content.Meshes.Count; n++) Element(xml, "item", ("objectid", materialsId + 1 + n));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteObject(XmlWriter xml, MeshContent content, int n, int materialsId)
    {
        SurfaceMesh mesh = content.Meshes[n];
        Start(xml, "object", ("id", materialsId + 1 + n), ("type", "model"), ("name", NameOf(mesh)), ("pid", materialsId), ("pindex", n));
        Start(xml, "mesh");
        Start(xml, "vertices");
        foreach (Vector3 place in mesh.Vertices)
        {
            Vector3 p = content.ToFile(place);
            Element(xml, "vertex", ("x", p.X), ("y", p.Y), ("z", p.Z));
        }
        xml.WriteEndElement();
        Start(xml, "triangles");
        for (int i = 0; i < mesh.Indices.Length; i += 3) Element(xml, "triangle", ("v1", mesh.Indices[i]), ("v2", mesh.Indices[i + 1]), ("v3", mesh.Indices[i + 2]));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // XML has no place for control characters, which names from elsewhere may hold.
    private static string NameOf(SurfaceMesh mesh) => string.Concat(mesh.Name.Select(letter => XmlConvert.IsXmlChar(letter) || char.IsSurrogate(letter) ? letter : ' '));

    private static void Start(XmlWriter xml, string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        xml.WriteStartElement(name, CoreNamespace);
        foreach ((string attribute, object value) in attributes) xml.WriteAttributeString(attribute, Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    private static void Element(XmlWriter xml, string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Start(xml, name, attributes);
        xml.WriteEndElement();
    }

    private static void WriteMetadata(XmlWriter xml, string name, string value)
    {
        Start(xml, "metadata", ("name", name));
        xml.WriteString(value);
        xml.WriteEndElement();
    }

    private static void WriteText(ZipArchive archive, string name, string text)
    {
        using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }
}
