using System.Diagnostics;
using System.Text.Json.Nodes;
using SamMed2D.Application.Models;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation;
using SamMed2D.Testing;

namespace SamMed2D.Application.Tests;

/// <summary>A workspace on fakes: phantoms for scans, a threshold for a model, files in a folder of its own.</summary>
internal sealed class TestWorkspace : IDisposable
{
    private static readonly Lazy<Phantom> s_abdomen = new(() => AbdomenPhantom.Create(size: PhantomSize.Small));

    public TestWorkspace(string? folder = null, bool isKept = false, ThresholdSegmenter? segmenter = null, Application.Series.ISeriesCatalog? series = null)
    {
        (Folder, _isKept) = (folder ?? Directory.CreateTempSubdirectory("sammed2d-app-").FullName, isKept);
        Models = new(segmenter ?? new());
        Files = new(Folder);
        Workspace = new(new()
        {
            Reader = Files,
            Writer = Files,
            Models = Models,
            Series = series,
            ConfigFolder = Path.Combine(Folder, "config"),
            StateFolder = Path.Combine(Folder, "state"),
            Clock = Clock,
        });
    }

    /// <summary>The program started again, in the folder of another that knows the abdominal phantom.</summary>
    public TestWorkspace(TestWorkspace before) : this(before.Folder, isKept: true) => Files.Know("abdomen.nii.gz", Abdomen.Image);

    /// <summary>The small abdominal phantom; made once.</summary>
    public static Phantom Abdomen => s_abdomen.Value;

    public string Folder { get; }

    /// <summary>Its time.</summary>
    public TestClock Clock { get; } = new();

    public FakeFiles Files { get; }

    public FakeModels Models { get; }

    public Workspace Workspace { get; }

    private readonly bool _isKept;

    /// <summary>A workspace with the abdominal phantom open.</summary>
    public static TestWorkspace WithAbdomen()
    {
        TestWorkspace test = new();
        test.OpenAbdomen();
        return test;
    }

    public void OpenAbdomen(string name = "abdomen.nii.gz")
    {
        string path = Files.Add(name, Abdomen.Image);
        Run("scan.open", new() { ["path"] = path });
        Settle();
    }

    public void Run(string command, JsonObject? arguments = null) => Workspace.Commands.Run(command, arguments);

    /// <summary>Lets the background work until nothing is under way.</summary>
    public void Settle(Func<bool>? until = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        do
        {
            Workspace.Tick();
            if (Workspace.Jobs.IsIdle && (until is null || until())) return;
            Thread.Sleep(1);
        }
        while (clock.Elapsed < TimeSpan.FromSeconds(20));
        Assert.Fail($"Not settled: {string.Join(", ", Workspace.Jobs.Running.Select(j => j.Title))}");
    }

    public void Dispose()
    {
        Workspace.Dispose();
        if (!_isKept) Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Volumes by name; label maps in a form of its own. Files exist, so that they can go missing.</summary>
internal sealed class FakeFiles(string folder) : IVolumeReader, IVolumeWriter
{
    private readonly Dictionary<string, Volume> _volumes = [];

    /// <summary>Thrown by the next writing.</summary>
    public Exception? WriteFailure { get; set; }

    public string Add(string name, Volume volume)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, name);
        return Know(name, volume);
    }

    /// <summary>Says what a file would hold, be it there or not.</summary>
    public string Know(string name, Volume volume)
    {
        string path = Path.Combine(folder, name);
        _volumes[path] = volume.With(volume.Info with { Source = name });
        return path;
    }

    public Volume Read(string path, VolumeReadOptions? options = null, Core.Progress.ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        if (!File.Exists(path)) throw new InvalidFileException(path, "does not exist; check the name");
        progress?.Invoke(1, 2);
        return _volumes.GetValueOrDefault(path) ?? throw new InvalidFileException(path, "is not a volume; choose another file");
    }

    public LabelMap ReadLabelMap(string path, CancellationToken cancellation = default)
    {
        if (!File.Exists(path)) throw new InvalidFileException(path, "does not exist; check the name");
        using BinaryReader reader = new(File.OpenRead(path));
        Core.Geometry.VolumeGeometry geometry = new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), ReadAffine(reader));
        Segment[] segments = new Segment[reader.ReadInt32()];
        for (int n = 0; n < segments.Length; n++) segments[n] = new(reader.ReadUInt16(), reader.ReadString(), new(reader.ReadByte(), reader.ReadByte(), reader.ReadByte()));
        ushort[] labels = new ushort[geometry.VoxelCount];
        for (int n = 0; n < labels.Length; n++) labels[n] = reader.ReadUInt16();
        return new(geometry, labels, segments);
    }

    public void Write(Volume volume, string path, CancellationToken cancellation = default) => throw new NotSupportedException();

    public void WriteLabelMap(LabelMap labels, string path, CancellationToken cancellation = default)
    {
        if (WriteFailure is { } failure) throw failure;
        using BinaryWriter writer = new(File.Create(path));
        Core.Geometry.VolumeGeometry g = labels.Geometry;
        writer.Write(g.SizeI);
        writer.Write(g.SizeJ);
        writer.Write(g.SizeK);
        Core.Geometry.Affine a = g.IndexToRas;
        foreach (double number in (ReadOnlySpan<double>)[a.Xi, a.Xj, a.Xk, a.Xo, a.Yi, a.Yj, a.Yk, a.Yo, a.Zi, a.Zj, a.Zk, a.Zo]) writer.Write(number);
        writer.Write(labels.Segments.Count);
        foreach (Segment segment in labels.Segments)
        {
            writer.Write(segment.Label);
            writer.Write(segment.Name);
            writer.Write(segment.Color.R);
            writer.Write(segment.Color.G);
            writer.Write(segment.Color.B);
        }
        foreach (ushort label in labels.Labels) writer.Write(label);
    }

    private static Core.Geometry.Affine ReadAffine(BinaryReader reader)
    {
        double[] n = new double[12];
        for (int at = 0; at < 12; at++) n[at] = reader.ReadDouble();
        return new(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]);
    }
}

/// <summary>The real clock, which can be put forward.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ahead;

    public override long GetTimestamp() => base.GetTimestamp() + _ahead;

    public void Advance(double seconds) => _ahead += (long)(seconds * TimestampFrequency);
}

/// <summary>One model that works and one that does not.</summary>
internal sealed class FakeModels(ThresholdSegmenter segmenter) : IModelCatalog
{
    public ThresholdSegmenter Segmenter => segmenter;

    public IReadOnlyList<ModelEntry> List(IReadOnlyList<string> folders) =>
        [
            new("bundled", "Threshold", "Apache-2.0", "made for tests"),
            .. folders.Select(folder => new ModelEntry(folder, "Broken", "unknown", folder) { Problem = Directory.Exists(folder) ? null : $"{folder}: there is no such folder" }),
        ];

    public IPromptableSegmenter Open(ModelEntry entry) => entry.Id == "bundled" ? segmenter : throw new ModelException(entry.Id, "model.json is missing; import the model again");
}
