using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SamMed2D.Application.Scans;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;

namespace SamMed2D.Application.Projects;

/// <summary>What is known of a journal beside its content.</summary>
internal sealed record JournalInfo
{
    /// <summary>The scan's file or folder; a full path.</summary>
    public required string Scan { get; init; }

    /// <summary>The series of the folder; null for the only one.</summary>
    public string? Series { get; init; }

    /// <summary>The frame of the file; null for the first.</summary>
    public int? Frame { get; init; }

    /// <summary>The project that the work belongs to; null for none yet.</summary>
    public string? Project { get; init; }

    /// <summary>True where another is about the same scan.</summary>
    public bool IsOfScanOf(JournalInfo other) => (Scan, Series, Frame) == (other.Scan, other.Series, other.Frame);

    public static JournalInfo Of(ScanLayer scan, string? project) =>
        new() { Scan = Path.GetFullPath(scan.Path), Series = scan.Options.Series, Frame = scan.Options.Frame, Project = project };
}

/// <summary>A journal that a program left which ended without saving.</summary>
/// <param name="File">The journal's file.</param>
/// <param name="Info">What is known of it.</param>
internal sealed record LeftJournal(string File, JournalInfo Info)
{
    /// <summary>Its name in commands.</summary>
    public string Name => Path.GetFileName(File);

    /// <summary>When it was last written to, in words.</summary>
    public string LastChanged => System.IO.File.GetLastWriteTime(File).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(JournalInfo))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>
/// A file that grows with every change of a session. A change is with the system before <see cref="Append"/> returns, so that a killed program loses nothing
/// that was done; a thread of its own flushes to the disk once a second, so that a failing machine loses a second. The open file is locked, so that
/// others know that it is in use.
/// </summary>
internal sealed class Journal : IDisposable
{
    public const string Ending = ".journal";

    private static readonly TimeSpan s_flushEvery = TimeSpan.FromSeconds(1);

    private readonly FileStream _stream;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;
    private readonly Action<Journal, Exception> _failed;
    private bool _isEnded;
    private volatile bool _isDirty;
    private int _hasFailed;

    private Journal(string file, FileStream stream, Action<Journal, Exception> failed)
    {
        (File, _stream, _failed) = (file, stream, failed);
        _thread = new(FlushFromTimeToTime) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <summary>The journal's file; beside it lies its <see cref="JournalInfo"/>.</summary>
    public string File { get; }

    /// <summary>Begins a journal in a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="info">What is known of it.</param>
    /// <param name="beginning">Its first bytes.</param>
    /// <param name="failed">Told once, on whatever thread, when it cannot be written any more.</param>
    /// <exception cref="OutputException">The folder cannot be written to, or the disk is full; nothing is left there.</exception>
    public static Journal Begin(string folder, JournalInfo info, byte[] beginning, Action<Journal, Exception> failed)
    {
        string file = Path.Combine(folder, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid():N}{Ending}");
        FileStream? stream = null;
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteText(InfoFileOf(file), JsonSerializer.Serialize(info, JournalJson.Default.JournalInfo));
            stream = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0); // No buffer: what is written is with the system.
            stream.Write(beginning);
            return new(file, stream, failed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or OutputException)
        {
            stream?.Dispose();
            Delete(file);
            throw new OutputException(folder, $"cannot be written ({(failure.InnerException ?? failure).Message.TrimEnd('.')})", failure);
        }
    }

    /// <summary>Adds a record; one thread at a time.</summary>
    public void Append(byte[] record)
    {
        if (Volatile.Read(ref _hasFailed) != 0) return; // Records after a gap could not be read.
        Try(() => _stream.Write(record));
        _isDirty = true;
    }

    /// <summary>Returns once all that was added is on the disk.</summary>
    public void WaitForDisk() => Try(() => RandomAccess.FlushToDisk(_stream.SafeFileHandle));

    /// <summary>Ends the writing, once all is on the disk; the file stays.</summary>
    public void Dispose()
    {
        if (_isEnded) return;
        _isEnded = true;
        _ended.Set();
        _thread.Join();
        _stream.Dispose();
        _ended.Dispose();
    }

    /// <summary>Ends the writing and removes the file: what it holds is saved elsewhere, or not wanted.</summary>
    public void Discard()
    {
        Dispose();
        Delete(File);
    }

    public static void Delete(string file)
    {
        try
        {
            System.IO.File.Delete(file);
            System.IO.File.Delete(InfoFileOf(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It will be offered at the next start, and can be dropped then.
        }
    }

    /// <summary>The journals of a folder that no running program writes, the newest first.</summary>
    public static IReadOnlyList<LeftJournal> FindLeft(string folder)
    {
        List<LeftJournal> left = [];
        EnumerationOptions options = new() { IgnoreInaccessible = true };
        if (!Directory.Exists(folder)) return left;
        foreach (string file in Directory.EnumerateFiles(folder, $"*{Ending}", options).OrderDescending(StringComparer.Ordinal))
            if (!IsInUse(file) && ReadInfo(file) is { } info) left.Add(new(file, info));
        return left;
    }

    private static string InfoFileOf(string file) => file + ".json";

    private static bool IsInUse(string file)
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static JournalInfo? ReadInfo(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(InfoFileOf(file)), JournalJson.Default.JournalInfo);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private void FlushFromTimeToTime()
    {
        bool isLast;
        do
        {
            isLast = _ended.Wait(s_flushEvery);
            if (!_isDirty) continue;
            _isDirty = false; // before the flush: what is added during it is for the next
            WaitForDisk();
        }
        while (!isLast);
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0) _failed(this, failure);
        }
    }
}
