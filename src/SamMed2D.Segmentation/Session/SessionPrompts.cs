using System.Text;
using System.Text.Json;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Session;

/// <summary>Writes what a propagation starts from as a prompt file, so that a session's run is one that the command line could have made.</summary>
internal static class SessionPrompts
{
    public static string Write(IReadOnlyList<SegmentNews> segments, VolumeGeometry geometry)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", PromptDocument.Version);
            json.WriteStartArray("segments");
            foreach (SegmentNews segment in segments) Write(json, segment, geometry);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, SegmentNews news, VolumeGeometry geometry)
    {
        SessionSegment segment = news.Segment;
        SliceFrame frame = new(geometry, segment.Axis);
        json.WriteStartObject();
        json.WriteString("name", segment.Name);
        json.WriteNumber("label", segment.Label);
        json.WriteString("color", segment.Segment.Color.ToString());
        json.WriteString("axis", segment.Axis.ToLetter());
        SliceRange range = news.Range ?? new(0, frame.SliceCount - 1);
        json.WriteStartArray("range");
        json.WriteNumberValue(range.First);
        json.WriteNumberValue(range.Last);
        json.WriteEndArray();
        json.WriteStartArray("prompts");
        foreach (int slice in news.Prompted) Write(json, slice, segment.Slices[slice].Prompts, frame);
        if (news.Drawn.Length > 0)
        {
            json.WriteStartObject();
            json.WriteStartArray("present");
            foreach (int slice in news.Drawn) json.WriteNumberValue(slice);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        int[] accepted = [.. segment.Slices.Where(s => s.Value is { IsAccepted: true, News: SliceNews.None }).Select(s => s.Key)];
        if (accepted.Length > 0)
        {
            json.WriteStartArray("accept");
            foreach (int slice in accepted) json.WriteNumberValue(slice);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, int slice, PromptSet prompts, SliceFrame frame)
    {
        if (prompts.Box is { } box)
        {
            json.WriteStartObject();
            json.WriteStartArray("box");
            Write(json, frame.PixelToIndex(box.X0, box.Y0, slice), null);
            Write(json, frame.PixelToIndex(box.X1 - 1, box.Y1 - 1, slice), null);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (prompts.Points.Count == 0) return;
        json.WriteStartObject();
        json.WriteStartArray("points");
        foreach (PromptPoint point in prompts.Points) Write(json, frame.PixelToIndex(point.X, point.Y, slice), point.IsForeground);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ContinuousIndex index, bool? isForeground)
    {
        json.WriteStartArray();
        json.WriteNumberValue(index.I);
        json.WriteNumberValue(index.J);
        json.WriteNumberValue(index.K);
        if (isForeground is { } on) json.WriteNumberValue(on ? 1 : 0);
        json.WriteEndArray();
    }
}
