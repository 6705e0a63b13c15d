using SamMed2D.Benchmarks.Files;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Testing;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>Compressed NIfTI in and out, against the libraries that everybody uses. Needs Debian's python3-nibabel and libinsighttoolkit5-dev.</summary>
internal sealed class FilesBenchmark : IBenchmark
{
    private const int Rounds = 5, Copies = 12;

    public string Name => "files";

    public string Title => "Compressed NIfTI: a CT read, a label map written";

    public void Run(Report report)
    {
        string folder = Directory.CreateTempSubdirectory("sammed2d-files-").FullName;
        try
        {
            // Copies one above the other: gzip sees 32 kB at once, so they help it as little as another patient's slices.
            Phantom phantom = AbdomenPhantom.Create();
            VolumeGeometry one = phantom.Image.Geometry, grid = new(one.SizeI, one.SizeJ, one.SizeK * Copies, one.IndexToRas);
            Volume<short> ct = new(grid, Repeat(phantom.Image.Voxels), IntensityScale.Identity, new());
            LabelMap labels = new(grid, Repeat(phantom.Labels.Labels), phantom.Labels.Segments);
            Read(report, ct, folder);
            Write(report, labels, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Read(Report report, Volume<short> ct, string folder)
    {
        string file = Path.Combine(folder, "ct.nii.gz");
        VolumeFiles files = new();
        files.Write(ct, file);
        using ExternalWorker nibabel = new("nibabel", "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "read_nibabel.py"));
        IReadOnlyList<Timing> timings = Interleaved.Measure(Rounds, new Candidate("nibabel reads", () => nibabel.Do(file)), new Candidate("SamMed2D reads", () => files.Read(file)));
        report.Text($"{ct.Geometry.VoxelCount * sizeof(short) / 1e6:0} MB of int16, {new FileInfo(file).Length / 1e6:0} MB compressed. The CPU times of other programs are not counted.");
        report.Timings(timings);
        double speed = timings[0].Min / timings[1].Min;
        report.Goal("CT read over nibabel", "≥ 1.3×", Report.Ratio(speed), speed >= 1.3);
    }

    private static void Write(Report report, LabelMap labels, string folder)
    {
        string plain = Path.Combine(folder, "labels.nii"), ours = Path.Combine(folder, "ours.nii.gz"), theirs = Path.Combine(folder, "itk.nii.gz"), build = Path.Combine(folder, "build");
        VolumeFiles files = new();
        files.WriteLabelMap(labels, plain);
        ExternalWorker.RunOnce("cmake", "cmake", "-S", Path.Combine(Repository.Root, "tests", "SamMed2D.Benchmarks", "Files"), "-B", build, "-DCMAKE_BUILD_TYPE=Release");
        ExternalWorker.RunOnce("cmake", "cmake", "--build", build);
        using ExternalWorker itk = new("ITK", Path.Combine(build, "write_itk"), plain);
        IReadOnlyList<Timing> timings = Interleaved.Measure(Rounds, new Candidate("ITK writes", () => itk.Do(theirs)), new Candidate("SamMed2D writes", () => files.WriteLabelMap(labels, ours)));
        report.Text($"{labels.Geometry.VoxelCount / 1e6:0} million voxels of 8 bits; {new FileInfo(theirs).Length / 1e3:0} kB by ITK, {new FileInfo(ours).Length / 1e3:0} kB by SamMed2D, flushed to the disk.");
        report.Timings(timings);
        double speed = timings[0].Min / timings[1].Min;
        report.Goal("Label map written over ITK", "≥ 5×", Report.Ratio(speed), speed >= 5);
    }

    private static T[] Repeat<T>(ReadOnlySpan<T> values)
    {
        T[] repeated = new T[values.Length * Copies];
        for (int n = 0; n < Copies; n++) values.CopyTo(repeated.AsSpan(n * values.Length));
        return repeated;
    }
}
