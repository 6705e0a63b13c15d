using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Prompts;

public class PromptDocumentTests
{
    private const string Whole = """
        { "version": 1, "space": "ijk",
          "segments": [ { "name": "liver", "label": 1, "color": "#dd8265", "axis": "k",
            "prompts": [ { "box": [[120,80,42],[260,210,42]] },
                         { "points": [[190,150,42,1],[100,90,42,0]] },
                         { "mask": "liver-slice.nii.gz" } ],
            "range": [30, 80] } ] }
        """;

    private static readonly MiniJsonSchema s_schema = new(File.ReadAllText(
        Path.Combine(Repository.Root, "src", "SamMed2D.Segmentation", "Prompts", "prompts.schema.json")));

    [Fact]
    public void Parse_EveryKey_ReadsAll()
    {
        PromptDocument document = PromptDocument.Parse(Whole, "folder/p.json");
        SegmentPrompts liver = Assert.Single(document.Segments);
        Assert.Equal(("liver", (ushort?)1, new RgbColor(0xdd, 0x82, 0x65), (SliceAxis?)SliceAxis.K, new SliceRange(30, 80)),
            (liver.Name, liver.Label, liver.Color!.Value, liver.Axis, liver.Range!.Value));
        Assert.Equal(new GivenBox(PromptSpace.Ijk, new(120, 80, 42), new(260, 210, 42)), liver.Prompts[0]);
        GivenPoints points = Assert.IsType<GivenPoints>(liver.Prompts[1]);
        Assert.Equal([(new GivenPosition(190, 150, 42), true), (new GivenPosition(100, 90, 42), false)], points.Points);
        Assert.Equal(new GivenMask("liver-slice.nii.gz"), liver.Prompts[2]);
        Assert.Equal(new PromptSource("p.json", Whole), Assert.Single(document.Sources));
        Assert.True(s_schema.Allows(JsonNode.Parse(Whole)));
    }

    [Fact]
    public void Parse_SpaceAfterSegments_AppliesToAll()
    {
        PromptDocument document = PromptDocument.Parse(
            """{"segments":[{"name":"a","prompts":[{"points":[[1,2,3,1]]},{"mask":"m.nii"}]}],"space":"lps","version":1}""", "p.json");
        Assert.Equal([PromptSpace.Lps, PromptSpace.Ijk], document.Segments[0].Prompts.Select(p => p.Space));
    }

    [Theory]
    [InlineData("""{"version":1,"segments":[{"name":"a","colour":"#112233","prompts":[{"box":[[1,2,3],[4,5,3]]}]}]}""", "line 1, position 38", "unknown key 'colour' (did you mean 'color'?)")]
    [InlineData("""{"version":2,"segments":[{"name":"a","prompts":[{"box":[[1,2,3],[4,5,3]]}]}]}""", "position 12", "\"version\" is 2; expected 1")]
    [InlineData("""{"segments":[{"name":"a","prompts":[{"box":[[1,2,3],[4,5,3]]}]}]}""", "has no \"version\"", "expected \"version\": 1")]
    [InlineData("""{"version":1,"segments":[]}""", "\"segments\" is empty", "at least one segment")]
    [InlineData("""{"version":1}""", "has no \"segments\"", "at least one")]
    [InlineData("""{"version":1,"space":"xyz","segments":[{"name":"a","prompts":[{"mask":"m"}]}]}""", "\"space\" is 'xyz'", "\"ras\"")]
    [InlineData("""{"version":1,"segments":[{"name":"a","label":0,"prompts":[{"mask":"m"}]}]}""", "\"label\" is 0", "1 to 65535 (0 is the background)")]
    [InlineData("""{"version":1,"segments":[{"name":"a","label":65536,"prompts":[{"mask":"m"}]}]}""", "\"label\" is 65536", "1 to 65535")]
    [InlineData("""{"version":1,"segments":[{"name":"a","label":1.5,"prompts":[{"mask":"m"}]}]}""", "\"label\" is 1.5", "whole number")]
    [InlineData("""{"version":1,"segments":[{"name":"a","color":"red","prompts":[{"mask":"m"}]}]}""", "\"color\" is 'red'", "#dd8265")]
    [InlineData("""{"version":1,"segments":[{"name":"a","axis":"z","prompts":[{"mask":"m"}]}]}""", "\"axis\" is 'z'", "\"i\", \"j\" or \"k\"")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[]}]}""", "\"prompts\" is empty", "at least one box, points or mask")]
    [InlineData("""{"version":1,"segments":[{"name":"a"}]}""", "segment 'a' has no \"prompts\"", "at least one")]
    [InlineData("""{"version":1,"segments":[{"prompts":[{"mask":"m"}]}]}""", "has no \"name\"", "not empty")]
    [InlineData("""{"version":1,"segments":[{"name":"  ","prompts":[{"mask":"m"}]}]}""", "\"name\" is empty", "not empty")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{}]}]}""", "a prompt is empty", "\"box\"")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"mask":"m","box":[[1,2,3],[4,5,3]]}]}]}""", "both \"mask\" and \"box\"", "in its own braces")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"box":[[1,2,3]]}]}]}""", "\"box\" ends early", "two opposite corners")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"box":[[1,2,3],[4,5]]}]}]}""", "ends after 2 numbers", "[x,y,z]")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"box":[[1,2,3],[4,5,6],[7,8,9]]}]}]}""", "more than two corners", "two opposite")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"points":[]}]}]}""", "\"points\" is empty", "at least one")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"points":[[1,2,3]]}]}]}""", "ends after 3 numbers", "[x,y,z,1]")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"points":[[1,2,3,2]]}]}]}""", "is 2", "[x,y,z,1]")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"points":[["1",2,3,1]]}]}]}""", "'1'", "[x,y,z,1]")]
    [InlineData("""{"version":1,"segments":[{"name":"a","prompts":[{"mask":""}]}]}""", "\"mask\" is empty", "label file")]
    [InlineData("""{"version":1,"segments":[{"name":"a","range":[3],"prompts":[{"mask":"m"}]}]}""", "\"range\" ends early", "[first, last]")]
    [InlineData("""{"version":1,"segments":[{"name":"a","range":[-1,3],"prompts":[{"mask":"m"}]}]}""", "\"range\" is -1", "slice indices")]
    [InlineData("""[1]""", "the document is an array", "an object")]
    public void Parse_BreaksTheSchema_SaysWhereAndWhatWasExpected(string json, string where, string expected)
    {
        InvalidPromptException error = Assert.Throws<InvalidPromptException>(() => PromptDocument.Parse(json, "p.json"));
        Assert.StartsWith("p.json: line ", error.Message);
        Assert.Contains(where, error.Message);
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(s_schema.Allows(JsonNode.Parse(json)));
    }

    [Theory]
    [InlineData("", "empty|not JSON")]
    [InlineData("{\"version\":1,", "not JSON")]
    [InlineData("{\"version\":1,\n\"segments\":[oops]}", "line 2, position 13: not JSON")]
    [InlineData("{\"version\":1,\"version\":1}", "the key 'version' twice")]
    [InlineData("{\"version\":1,\"segments\":[{\"name\":\"\\ud800\"}]}", "surrogate")]
    [InlineData("{\"version\":1,\"segments\":[{\"name\":\"a\",\"prompts\":[{\"points\":[[1e999,2,3,1]]}]}]}", "1e999")]
    [InlineData("{\"version\":1,\"segments\":[{\"name\":\"a\",\"range\":[5,4],\"prompts\":[{\"mask\":\"m\"}]}]}", "[5, 4] is empty")]
    [InlineData("{\"version\":1,\"segments\":[{\"name\":\"a\",\"prompts\":[{\"mask\":\"m\"}]}]} x", "not JSON")]
    public void Parse_BeyondASchema_SaysWhat(string json, string expected)
    {
        InvalidPromptException error = Assert.Throws<InvalidPromptException>(() => PromptDocument.Parse(json, "p.json"));
        Assert.Contains(expected.Split('|'), e => error.Message.Contains(e, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_AnyTruncationOrByteChange_IsReadOrRefusedNeverAnythingElse() =>
        Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Char[' ', '~'], Gen.Bool).Sample((at, character, cut) =>
        {
            string text = cut ? Whole[..at] : Whole[..at] + character + Whole[(at + 1)..];
            try
            {
                PromptDocument.Parse(text, "p.json");
            }
            catch (InvalidPromptException)
            {
                // The only way to fail.
            }
        });

    [Fact]
    public void Parse_AnyDocument_AgreesWithTheSchemaAndKeepsTheNumbers()
    {
        Gen<JsonNode> positions = Gen.Double[-1000, 1000].Array[3].Select(n => (JsonNode)new JsonArray([.. n.Select(v => (JsonNode)v)]));
        Gen<JsonNode> boxes = Gen.Select(positions, positions).Select((a, b) => (JsonNode)new JsonObject { ["box"] = new JsonArray(a, b) });
        Gen<JsonNode> points = Gen.Select(Gen.Double[-1000, 1000].Array[3], Gen.Int[0, 2]).Array[0, 3].Select(list => (JsonNode)new JsonObject
        {
            ["points"] = new JsonArray([.. list.Select(p => (JsonNode)new JsonArray(p.Item1[0], p.Item1[1], p.Item1[2], p.Item2))]),
        });
        Gen<JsonNode> documents =
            from prompts in Gen.OneOf(boxes, points).Array[0, 3]
            from label in Gen.Int[-1, 70000]
            from axis in Gen.Int[0, 4].Select(n => ((string[])["i", "j", "k", "I", ""])[n])
            from name in Gen.Int[0, 3].Select(n => ((string[])["liver", "", " ", "Nierenbecken ü"])[n])
            select (JsonNode)new JsonObject
            {
                ["version"] = 1,
                ["segments"] = new JsonArray(new JsonObject { ["name"] = name, ["label"] = label, ["axis"] = axis, ["prompts"] = new JsonArray(prompts) }),
            };
        documents.Sample(document =>
        {
            bool accepted = true;
            try
            {
                SegmentPrompts segment = PromptDocument.Parse(document.ToJsonString(), "p.json").Segments[0];
                JsonNode firstPrompt = document["segments"]![0]!["prompts"]![0]!;
                double x = segment.Prompts[0] is GivenBox box ? box.First.X : ((GivenPoints)segment.Prompts[0]).Points[0].Position.X;
                Assert.Equal((double)(firstPrompt["box"] ?? firstPrompt["points"])![0]![0]!, x);
            }
            catch (InvalidPromptException)
            {
                accepted = false;
            }
            Assert.Equal(s_schema.Allows(JsonNode.Parse(document.ToJsonString())), accepted);
        }, print: d => d.ToJsonString());
    }

    [Fact]
    public void Combine_SameName_AddsPromptsAndKeepsWhatIsSaidOnce()
    {
        PromptDocument combined = PromptDocument.Combine([
            PromptDocument.Parse("""{"version":1,"segments":[{"name":"a","label":7,"prompts":[{"mask":"m"}]}]}""", "p.json"),
            PromptShorthand.ParseBox("a:1,2,3,4,5,3"), PromptShorthand.ParsePoint("b:1,2,3,0")]);
        Assert.Equal(["a", "b"], combined.Segments.Select(s => s.Name));
        Assert.Equal((ushort?)7, combined.Segments[0].Label);
        Assert.Equal(2, combined.Segments[0].Prompts.Count);
        Assert.Equal(["p.json", "--box", "--point"], combined.Sources.Select(s => s.Name));
    }

    [Theory]
    [InlineData("liver")]
    [InlineData(":1,2,3,4,5,6")]
    [InlineData("liver:1,2,3,4,5")]
    [InlineData("liver:1,2,3,4,5,x")]
    [InlineData("liver:1,2,3,4,5,NaN")]
    public void ParseBox_Malformed_ShowsTheForm(string text)
    {
        InvalidPromptException error = Assert.Throws<InvalidPromptException>(() => PromptShorthand.ParseBox(text));
        Assert.Contains("NAME:i0,j0,k0,i1,j1,k1", error.Message);
    }

    [Fact]
    public void ParsePoint_WrongFlag_ShowsTheForm() =>
        Assert.Contains("NAME:i,j,k,1", Assert.Throws<InvalidPromptException>(() => PromptShorthand.ParsePoint("a:1,2,3,5")).Message);

    [Fact]
    public void Parse_SlicerMarkups_ReadsPointListsAndRois()
    {
        const string markups = """
            {"@schema": "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/Schema/markups-schema-v1.0.3.json#",
             "markups": [
              {"type": "Fiducial", "coordinateSystem": "LPS", "coordinateUnits": "mm", "locked": false,
               "controlPoints": [
                 {"id": "1", "label": "F-1", "position": [-5.0, 6.0, 7.0], "selected": true, "positionStatus": "defined"},
                 {"id": "2", "label": "F-2", "position": [1.0, 2.0, 3.0], "selected": false, "positionStatus": "defined"},
                 {"id": "3", "label": "-other", "position": [1.0, 1.0, 1.0]},
                 {"id": "4", "label": "F-4", "position": [9, 9, 9], "positionStatus": "undefined"}],
               "display": {"selectedColor": [1.0, 0.5, 0.0]}},
              {"type": "ROI", "name": "box", "coordinateSystem": "RAS", "roiType": "Box", "center": [10, 20, 30], "size": [2, 4, 6],
               "orientation": [0, -1, 0, 1, 0, 0, 0, 0, 1]}]}
            """;
        PromptDocument document = PromptDocument.Parse(markups, "some/where/spleen.mrk.json");
        Assert.Equal(["spleen 1", "box"], document.Segments.Select(s => s.Name));
        Assert.Equal(new RgbColor(255, 128, 0), document.Segments[0].Color);
        GivenPoints points = Assert.IsType<GivenPoints>(document.Segments[0].Prompts[0]);
        Assert.Equal(PromptSpace.Lps, points.Space);
        Assert.Equal([(new GivenPosition(-5, 6, 7), true), (new GivenPosition(1, 2, 3), false), (new GivenPosition(1, 1, 1), false)], points.Points);
        GivenRegion region = Assert.IsType<GivenRegion>(document.Segments[1].Prompts[0]);
        Assert.Equal(PromptSpace.Ras, region.Space);
        // The ROI's first axis (2 mm) lies along A, its second (4 mm) along R.
        Assert.Equal((8, 12, 19, 21, 27, 33), (region.Corners.Min(c => c.X), region.Corners.Max(c => c.X), region.Corners.Min(c => c.Y),
            region.Corners.Max(c => c.Y), region.Corners.Min(c => c.Z), region.Corners.Max(c => c.Z)));
    }

    [Theory]
    [InlineData("""{"markups":[]}""", "at least one")]
    [InlineData("""{"markups":[{"type":"Line","controlPoints":[]}]}""", "type Line")]
    [InlineData("""{"markups":[{"type":"Fiducial","coordinateSystem":"XYZ","controlPoints":[{"position":[1,2,3]}]}]}""", "LPS or RAS")]
    [InlineData("""{"markups":[{"type":"Fiducial","controlPoints":[]}]}""", "no placed control points")]
    [InlineData("""{"markups":[{"type":"Fiducial","controlPoints":[{"position":[1,2]}]}]}""", "expected 3 numbers")]
    [InlineData("""{"markups":[{"type":"ROI","size":[1,2,3]}]}""", "center is missing")]
    [InlineData("""{"markups":[{"type":"Fiducial","coordinateUnits":"inch","controlPoints":[{"position":[1,2,3]}]}]}""", "mm or um")]
    public void Parse_BadMarkups_SaysWhat(string json, string expected)
    {
        InvalidPromptException error = Assert.Throws<InvalidPromptException>(() => PromptDocument.Parse(json, "m.mrk.json"));
        Assert.StartsWith("m.mrk.json: ", error.Message);
        Assert.Contains(expected, error.Message);
    }
}
