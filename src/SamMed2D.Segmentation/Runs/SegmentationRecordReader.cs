using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Runs;

/// <summary>
/// Reads what <see cref="SegmentationRecordWriter"/> wrote. Strict: what is missing or of another kind is an error that names its place.
/// Keys that it does not know are passed over, since later versions add some.
/// </summary>
public static class SegmentationRecordReader
{
    private const long LargestBytes = 512L << 20;

    /// <summary>Reads a record file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidFileException">The file is missing, cannot be read, is no record, is damaged, or is of a version that lacks what is needed.</exception>
    public static SegmentationRecord Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
                throw new InvalidFileException(path, $"is larger than {LargestBytes >> 20} MB; expected the record that lies beside a segmentation");
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, File.Exists(path)
                ? "cannot be read; check its permissions"
                : "does not exist; expected the record that 'sammed2d segment' writes beside its labels, as NAME.json (labels without one can be given to segment --refine)", failure);
        }
    }

    /// <summary>Reads a record.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="InvalidFileException">The text is no record, is damaged, or is of a version that lacks what is needed.</exception>
    public static SegmentationRecord Parse(string json, string file)
    {
        if (!json.AsSpan().TrimStart().StartsWith('{')) throw NoRecord(file); // most likely the labels themselves
        RecordNode root = RecordNode.Parse(json, file);
        if (root.Find("format") is not { } format || format.Text != "sammed2d-segmentation") throw NoRecord(file);
        CheckVersion(root["version"].Whole(), file);
        RecordNode scan = root["scan"];
        VolumeGeometry grid = ReadGrid(scan);
        List<RunRecord> runs = [.. root["earlier"].Items().Select(ReadRun), ReadRun(root)];
        SegmentationRecord record = new()
        {
            File = file,
            ScanSource = scan["source"].Text,
            ScanFrame = scan["frame"].Whole(),
            ScanSha256 = ReadHash(scan["voxelSha256"]),
            Geometry = grid,
            Model = ReadModel(root["model"]),
            Runs = runs,
            Segments = [.. root["segments"].Items().Select(s => ReadSegment(s, grid, runs.Count))],
        };
        RequireDifferent(record, root["segments"]);
        return record;
    }

    private static InvalidFileException NoRecord(string file) =>
        new(file, "is no segmentation record; expected the file that 'sammed2d segment' writes beside its labels, as NAME.json");

    private static void CheckVersion(int version, string file)
    {
        if (version > SegmentationRecordWriter.Version)
            throw new InvalidFileException(file, $"is a record of version {version}; this program reads version {SegmentationRecordWriter.Version}; use the newer program that wrote it");
        if (version < SegmentationRecordWriter.Version)
            throw new InvalidFileException(file, $"is a record of version {version}, which lacks what it takes to continue or replay (expected version {SegmentationRecordWriter.Version}); segment again");
    }

    private static void RequireDifferent(SegmentationRecord record, RecordNode segments)
    {
        if (record.Segments.Count == 0) throw segments.Error("at least one segment");
        if (record.Segments.DistinctBy(s => s.Plan.Segment.Label).Count() != record.Segments.Count || record.Segments.DistinctBy(s => s.Plan.Segment.Name).Count() != record.Segments.Count)
            throw segments.Error("segments with different names and labels");
    }

    private static VolumeGeometry ReadGrid(RecordNode scan)
    {
        IReadOnlyList<RecordNode> size = scan["size"].Items(3);
        int[] sizes = [.. size.Select(s => s.Whole(1))];
        double[][] rows = [.. scan["indexToRas"].Items(3).Select(r => r.Numbers(4))];
        try
        {
            return new(sizes[0], sizes[1], sizes[2], new(rows[0][0], rows[0][1], rows[0][2], rows[0][3], rows[1][0], rows[1][1], rows[1][2], rows[1][3], rows[2][0], rows[2][1], rows[2][2], rows[2][3]));
        }
        catch (Exception failure) when (failure is ArgumentException or OverflowException)
        {
            throw scan["indexToRas"].Error("a map that can be inverted, of a size that fits");
        }
    }

    internal static SegmenterDescription ReadModel(RecordNode model) =>
        new(model["id"].Text, model["name"].Text, model["kind"].Text, model["licence"].Text, "", model["device"].Text);

    internal static RunRecord ReadRun(RecordNode run) => new()
    {
        Tool = run["tool"].Text,
        Prompts = [.. run["prompts"].Items().Select(p => new PromptSource(p["source"].Text, p["text"].Text))],
        Masks = [.. run["masks"].Items().Select(m => new MaskSource(m["file"].Text, ReadHash(m["labelsSha256"])))],
        Axis = run["axis"].IsNull ? null : ReadAxis(run["axis"]),
        WindowName = run["window"]["choice"].Text,
        Window = new(run["window"]["low"].Number, run["window"]["high"].Number),
        Options = ReadOptions(run["propagation"]),
        Editable = run["editable"].IsNull ? null : new(run["editable"].Numbers(2)[0], run["editable"].Numbers(2)[1]),
        LabelsSha256 = ReadHash(run["labelsSha256"]),
    };

    private static PropagationOptions ReadOptions(RecordNode options) => new()
    {
        Strategy = PromptStrategies.TryParse(options["strategy"].Text, out PromptStrategy strategy) ? strategy : throw options["strategy"].Error($"one of {PromptStrategies.Known}"),
        BoxMargin = options["boxMargin"].Number,
        PointCount = options["pointCount"].Whole(),
        NegativeCount = options.Find("negativeCount")?.Whole() ?? 0,
        MinPredictedIou = options["minPredictedIou"].NumberOrNull ?? double.PositiveInfinity,
        MinOverlap = options["minOverlap"].NumberOrNull ?? double.PositiveInfinity,
        MinSimilarity = options["minSimilarity"].NumberOrNull ?? double.PositiveInfinity,
        MaxAreaRatio = options["maxAreaRatio"].NumberOrNull ?? double.PositiveInfinity,
        CentroidMargin = options["centroidMargin"].NumberOrNull ?? double.PositiveInfinity,
        MinAreaPixels = options["minAreaPixels"].Whole(),
        MaxSlices = options["maxSlices"].IsNull ? int.MaxValue : options["maxSlices"].Whole(),
        // Records of earlier versions lack these, and were made without what they say.
        CompensateMotion = options.Find("compensateMotion")?.Truth ?? false,
        CarriedShare = options.Find("carriedShare")?.Number ?? 0,
        GreyWeight = options.Find("greyWeight")?.Number ?? 0,
        MinPresence = options.Find("minPresence") is { } presence ? presence.NumberOrNull ?? double.PositiveInfinity : 0,
        MinConfidence = options.Find("minConfidence") is { } least ? least.NumberOrNull ?? double.PositiveInfinity : 0,
        Confidence = options.Find("confidence") is { IsNull: false } confidence ? ConfidenceFile.ReadContent(confidence) : null,
    };

    private static SegmentOutcome ReadSegment(RecordNode node, VolumeGeometry grid, int runs)
    {
        Segment segment = new((ushort)node["label"].Whole(1, ushort.MaxValue), node["name"].Text,
            RgbColor.TryParse(node["color"].Text, out RgbColor color) ? color : throw node["color"].Error("a colour such as \"#dd8265\""));
        SliceFrame frame = new(grid, ReadAxis(node["axis"]));
        int last = frame.SliceCount - 1;
        IReadOnlyList<RecordNode> range = node["range"].Items(2);
        int first = range[0].Whole(0, last);
        return new()
        {
            Plan = new(segment, frame.Axis, new(first, range[1].Whole(first, last)),
                [.. node["keySlices"].Items().Select(k => new KeySlice(k.Whole(0, last), new()) { Role = KeyRole.Locked }).OrderBy(k => k.Slice)]),
            Accepted = [.. node["accepted"].Items().Select(s => s.Whole(0, last)).Order()],
            Status = node["status"].Text switch
            {
                "notstarted" => SegmentStatus.NotStarted,
                "inprogress" => SegmentStatus.InProgress,
                "completed" => SegmentStatus.Completed,
                "flagged" => SegmentStatus.Flagged,
                _ => throw node["status"].Error("notstarted, inprogress, completed or flagged"),
            },
            VoxelCount = checked((long)node["voxels"].Number),
            VolumeMl = node["volumeMl"].Number,
            Ends = [.. node["ends"].Items().Select(e => ReadEnd(e, segment, last))],
            Slices = [.. node["slices"].Items().Select(s => ReadSlice(s, segment.Label, frame, runs))],
        };
    }

    internal static PropagationEnd ReadEnd(RecordNode node, Segment segment, int last) => new(
        segment, node["keySlice"].Whole(0, last), node["direction"].Name<StepKind>(), node["lastSlice"].Whole(0, last), node["reason"].Name<StopReason>());

    internal static SliceRecord ReadSlice(RecordNode node, ushort label, SliceFrame frame, int runs)
    {
        int slice = node["slice"].Whole(0, frame.SliceCount - 1);
        RecordNode? prompts = node.Find("prompts");
        return new()
        {
            Label = label,
            Slice = slice,
            Kind = node["kind"].Name<StepKind>(),
            Run = node["run"].Whole(0, runs - 1),
            Box = prompts?.Find("box") is { } box ? ReadBox(box, frame) : null,
            Points = prompts?.Find("points") is { } points ? [.. points.Items().Select(p => ReadPoint(p, frame))] : [],
            HasMask = prompts?.Find("mask") is not null,
            PredictedIou = node.Find("predictedIou")?.NumberOrNull,
            Stability = node.Find("stability")?.NumberOrNull,
            Overlap = node.Find("overlap")?.NumberOrNull,
            Similarity = node.Find("similarity")?.NumberOrNull,
            Agreement = node.Find("agreement")?.NumberOrNull,
            AreaChange = node.Find("areaChange")?.NumberOrNull,
            Confidence = node.Find("confidence")?.NumberOrNull,
            Presence = node.Find("presence")?.NumberOrNull,
            AreaPixels = node["areaPixels"].Whole(),
            Stop = node.Find("stop")?.Name<StopReason>(),
            IsKept = node["kept"].Truth,
        };
    }

    private static PromptBox ReadBox(RecordNode box, SliceFrame frame)
    {
        double[][] corners = [.. box.Items(2).Select(c => c.Numbers(3))];
        (double ax, double ay, _) = frame.IndexToPixel(new(corners[0][0], corners[0][1], corners[0][2]));
        (double bx, double by, _) = frame.IndexToPixel(new(corners[1][0], corners[1][1], corners[1][2]));
        return new(Math.Min(ax, bx), Math.Min(ay, by), Math.Max(ax, bx) + 1, Math.Max(ay, by) + 1);
    }

    private static PromptPoint ReadPoint(RecordNode point, SliceFrame frame)
    {
        double[] numbers = point.Numbers(4);
        (double x, double y, _) = frame.IndexToPixel(new(numbers[0], numbers[1], numbers[2]));
        return new(x, y, numbers[3] == 1);
    }

    internal static SliceAxis ReadAxis(RecordNode node) => SliceAxes.TryParse(node.Text, out SliceAxis axis) ? axis : throw node.Error("i, j or k");

    private static string ReadHash(RecordNode node) =>
        node.Text is { Length: 64 } text && text.All(char.IsAsciiHexDigitLower) ? text : throw node.Error("64 hexadecimal digits");
}
