using System.Xml.Linq;
using SamMed2D.Testing;

namespace SamMed2D.EndToEnd.Tests;

/// <summary>Reads every project file against ARCHITECTURE.md's table of rooms: references point down only.</summary>
public class ReferenceTableTests
{
    private static readonly Dictionary<string, string[]> s_mayReference = new()
    {
        ["Core"] = [],
        ["Segmentation"] = ["Core"],
        ["Rendering"] = ["Core"],
        ["Planning"] = ["Core"],
        ["Imaging"] = ["Core"],
        ["Inference"] = ["Core", "Segmentation"],
        ["Plugins"] = ["Core", "Segmentation", "Rendering", "Planning"],
        ["Application"] = ["Core", "Segmentation", "Rendering", "Planning", "Plugins"],
        ["Cli"] = ["Core", "Segmentation", "Rendering", "Planning", "Imaging", "Inference", "Plugins", "Application"],
        ["Server"] = ["Core", "Segmentation", "Rendering", "Planning", "Imaging", "Inference", "Plugins", "Application"],
        ["Viewer"] = ["Core", "Segmentation", "Rendering", "Planning", "Imaging", "Inference", "Plugins", "Application"],
    };

    [Fact]
    public void ProjectReferences_EveryRoom_PointDownOnly()
    {
        string source = Path.Combine(Repository.Root, "src");
        string[] projects = Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories);
        Assert.NotEmpty(projects);
        foreach (string project in projects)
        {
            string room = Path.GetFileNameWithoutExtension(project)["SamMed2D.".Length..];
            Assert.True(s_mayReference.TryGetValue(room, out string[]? allowed), $"{room} is not in the table of rooms; add it to ARCHITECTURE.md and here.");
            foreach (string reference in ProjectReferences(project))
                Assert.True(allowed.Contains(reference), $"{room} must not reference {reference}.");
        }
    }

    private static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!)["SamMed2D.".Length..]);
}
