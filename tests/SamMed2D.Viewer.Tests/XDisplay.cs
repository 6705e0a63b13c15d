using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;

namespace SamMed2D.Viewer.Tests;

/// <summary>An X display of its own (Xvfb), with a synthetic mouse and keyboard (xdotool) and pictures of its screen.</summary>
internal sealed class XDisplay : IDisposable
{
    private readonly Process _server;
    private readonly string _folder;

    private XDisplay(Process server, string folder, string name) => (_server, _folder, Name) = (server, folder, name);

    /// <summary>What <c>DISPLAY</c> must be.</summary>
    public string Name { get; }

    /// <summary>Why tests with a window are skipped; null where they can run.</summary>
    public static string? Missing { get; } = Array.Find(["Xvfb", "xdotool"], program => !IsInstalled(program)) is { } program
        ? $"needs {program}; run: apt-get install xvfb xdotool"
        : null;

    public static XDisplay Start(int width, int height, string folder)
    {
        ProcessStartInfo start = new("Xvfb", ["-displayfd", "1", "-screen", "0", $"{width}x{height}x24", "-nolisten", "tcp", "-fbdir", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process server = Process.Start(start)!;
        string? number = server.StandardOutput.ReadLine();
        if (!int.TryParse(number, out _)) Assert.Fail($"Xvfb did not start: {server.StandardError.ReadToEnd()}");
        return new(server, folder, $":{number}");
    }

    /// <summary>Runs xdotool with some words, and gives what it prints.</summary>
    public string Do(params string[] words)
    {
        ProcessStartInfo start = new("xdotool", words) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISPLAY"] = Name;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(20_000), $"xdotool {string.Join(' ', words)} hangs");
        return output;
    }

    public void Move(double x, double y) => Do("mousemove", Word(x), Word(y));

    public void Click(double x, double y, int button = 1) => Do("mousemove", Word(x), Word(y), "click", $"{button}");

    public void Drag(double fromX, double fromY, double toX, double toY, int button = 1) => Do(
        "mousemove", Word(fromX), Word(fromY), "mousedown", $"{button}", "mousemove", Word((fromX + toX) / 2), Word((fromY + toY) / 2), "mousemove", Word(toX), Word(toY), "mouseup", $"{button}");

    public void Key(params string[] keys) => Do(["key", .. keys]);

    public void Type(string text) => Do("type", "--delay", "5", text);

    /// <summary>What is on the screen: 3 channels.</summary>
    public SliceImage Look()
    {
        // The X window dump format: big-endian header words, then a colour table, then rows of blue, green, red, unused.
        byte[] dump = File.ReadAllBytes(Path.Combine(_folder, "Xvfb_screen0"));
        int Header(int word) => (int)BinaryPrimitives.ReadUInt32BigEndian(dump.AsSpan(word * 4));
        int width = Header(4), height = Header(5), rowBytes = Header(12), start = Header(0) + Header(19) * 12;
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < 3; c++) pixels[(y * width + x) * 3 + c] = dump[start + y * rowBytes + x * 4 + 2 - c];
        return new(width, height, 3, pixels);
    }

    /// <summary>Keeps a picture of the screen as test output.</summary>
    public SliceImage Keep(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "screenshots");
        Directory.CreateDirectory(folder);
        SliceImage image = Look();
        PngFile.Write(Path.Combine(folder, $"{name}.png"), image);
        return image;
    }

    public void Dispose()
    {
        if (!_server.HasExited) _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
    }

    private static string Word(double pixels) => Math.Round(pixels).ToString(CultureInfo.InvariantCulture);

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
