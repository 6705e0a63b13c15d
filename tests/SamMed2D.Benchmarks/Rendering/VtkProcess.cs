using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Benchmarks.Rendering;

/// <summary>VTK in a Python process of its own, under a virtual display: asked over its standard input, one line a question.</summary>
internal sealed class VtkProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-vtk-").FullName;

    /// <exception cref="PartUnavailableException">There is no VTK for Python, or no virtual display.</exception>
    public VtkProcess()
    {
        const string remedy = "apt-get install python3-vtk9 xvfb";
        ProcessStartInfo start = new("xvfb-run", ["-a", "-s", "-screen 0 1280x1024x24", "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "vtk_renderer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new PartUnavailableException($"xvfb-run does not start ({missing.Message}); {remedy}");
        }
        Version = (string)(ReadAnswer() ?? throw new PartUnavailableException($"VTK for Python does not start; {remedy}"))["version"]!;
    }

    public string Version { get; }

    /// <summary>Gives VTK voxels; the grid must be along the patient's axes.</summary>
    public void Load<T>(string name, VolumeGeometry geometry, ReadOnlySpan<T> voxels) where T : unmanaged
    {
        string path = Path.Combine(_folder, name + ".raw");
        using (FileStream file = File.Create(path)) file.Write(MemoryMarshal.AsBytes(voxels));
        Affine a = geometry.IndexToRas;
        Ask(new
        {
            op = "load",
            name,
            path,
            type = typeof(T) == typeof(short) ? "int16" : "uint16",
            size = new[] { geometry.SizeI, geometry.SizeJ, geometry.SizeK },
            spacing = new[] { a.StepI.R, a.StepJ.A, a.StepK.S },
            origin = new[] { a.Origin.R, a.Origin.A, a.Origin.S },
        });
    }

    /// <summary>Draws a frame.</summary>
    /// <param name="scene">Name of a scene made before.</param>
    /// <param name="camera">The eye.</param>
    /// <returns>Milliseconds until it was read back.</returns>
    public double Frame(string scene, Camera camera) => (double)Ask(Request(scene, camera))["ms"]!;

    /// <summary>Draws a frame and gives it.</summary>
    public SliceImage Picture(string scene, Camera camera, int pixels)
    {
        JsonObject request = Request(scene, camera);
        string path = Path.Combine(_folder, "frame.rgb");
        request["save"] = path;
        Ask(request);
        return new(pixels, pixels, 3, File.ReadAllBytes(path));
    }

    /// <summary>A file name that VTK can read too, gone with the process.</summary>
    public string TemporaryFile(string name) => Path.Combine(_folder, name);

    public JsonNode Ask(object request)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
        _process.StandardInput.Flush();
        return ReadAnswer() ?? throw new InvalidOperationException("VTK has stopped; its last words are above.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static JsonObject Request(string scene, Camera camera) => JsonSerializer.SerializeToNode(new
    {
        op = "frame",
        name = scene,
        position = new[] { camera.Position.R, camera.Position.A, camera.Position.S },
        target = new[] { camera.Target.R, camera.Target.A, camera.Target.S },
        up = new[] { camera.Up.R, camera.Up.A, camera.Up.S },
        angle = camera.ViewAngleRadians * 180 / Math.PI,
    })!.AsObject();

    private JsonNode? ReadAnswer()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith('@')) return JsonNode.Parse(line[1..]);
            Console.Error.WriteLine(line);
        }
        return null;
    }
}
