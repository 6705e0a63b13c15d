using System.Security.Cryptography;
using System.Text;
using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Runtime;

/// <summary>
/// Optimised graphs on this machine, so that a large model starts without being optimised and laid out again. An entry is a folder with the graph,
/// its weights and a list of both; it appears whole or not at all, so processes may share the cache. An entry that is not as its list says is
/// ignored and replaced. What was used longest ago goes where there is too much.
/// </summary>
/// <param name="folder">Where entries lie.</param>
/// <param name="capacityBytes">The most bytes of them.</param>
/// <param name="notice">Told of damaged entries and of failures to write; null ignores it.</param>
internal sealed class GraphCache(string folder, long capacityBytes, Action<string>? notice)
{
    /// <summary>The bytes of a cache unless said otherwise: a few models of ViT-B's size.</summary>
    public const long DefaultCapacityBytes = 8L << 30;

    private const string GraphName = "graph.onnx", WeightsName = "graph.weights", ListName = "contents.txt", Format = "1";

    /// <summary>The name of an entry: what a graph was made from, by what, for what.</summary>
    /// <param name="fingerprint">Hash of the model's files.</param>
    /// <param name="role">Which of its graphs.</param>
    public static string KeyOf(string fingerprint, string role) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n', Format, fingerprint, role, OnnxRuntimeInfo.GetVersion(), ProcessorFeatures.Current, ProcessorFeatures.Current.HasExactInt8Products))));

    /// <summary>The optimised graph of an entry; null where there is none, or it is damaged.</summary>
    /// <param name="key">The entry's name.</param>
    /// <param name="verifyHashes">True compares the hash of the weights too, not only their size.</param>
    public string? Find(string key, bool verifyHashes)
    {
        string entry = Path.Combine(folder, key);
        if (!Directory.Exists(entry)) return null;
        try
        {
            string list = Path.Combine(entry, ListName);
            string[] lines = File.ReadAllLines(list);
            // A list that lost lines would let files through unseen.
            if (lines.Length == 0 || lines.Length != new DirectoryInfo(entry).GetFiles().Length - 1) throw new InvalidDataException("other files");
            foreach (string line in lines)
            {
                string[] fields = line.Split(' '); // name, bytes, SHA-256
                FileInfo file = new(Path.Combine(entry, fields[0]));
                if (fields[0] is not (GraphName or WeightsName) || file.LinkTarget is not null || file.Length != long.Parse(fields[1])) throw new InvalidDataException("another size");
                if (fields[0] == WeightsName && !verifyHashes) continue;
                using FileStream stream = file.OpenRead();
                if (ModelFile.HashOf(stream) != fields[2]) throw new InvalidDataException("another content");
            }
            File.SetLastWriteTimeUtc(list, DateTime.UtcNow);
            return Path.Combine(entry, GraphName);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or IndexOutOfRangeException)
        {
            Discard(key);
            return null;
        }
    }

    /// <summary>Throws an entry away that is damaged or does not load.</summary>
    public void Discard(string key)
    {
        notice?.Invoke($"the optimised graph in {Path.Combine(folder, key)} is damaged; it is made anew");
        DeleteQuietly(Path.Combine(folder, key));
    }

    /// <summary>Makes an entry.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="create">Creates a session that writes the graph to the path and the weights to the bare name beside it.</param>
    /// <returns>The session; null where nothing could be written.</returns>
    public T? Store<T>(string key, Func<string, string, T> create) where T : class
    {
        string unfinished = Path.Combine(folder, $".{key}.{Environment.ProcessId}-{Guid.NewGuid():N}");
        T? session = null;
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(unfinished);
            else Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            session = create(Path.Combine(unfinished, GraphName), WeightsName);
            File.WriteAllLines(Path.Combine(unfinished, ListName), new DirectoryInfo(unfinished).GetFiles().Select(file => ModelFile.Describe(ModelFileRole.Document, file.FullName))
                .Select(file => $"{file.Name} {file.SizeBytes} {file.Sha256}"));
            string entry = Path.Combine(folder, key);
            if (!Directory.Exists(entry)) Directory.Move(unfinished, entry);
            Trim(key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Microsoft.ML.OnnxRuntime.OnnxRuntimeException)
        {
            // Full or read-only, or another process was first: the model runs without.
            if (failure is not IOException || !Directory.Exists(Path.Combine(folder, key)))
                notice?.Invoke($"the optimised graph cannot be kept in {folder} ({failure.Message.ReplaceLineEndings(" ").Trim()}); the model starts as fast as it can without");
        }
        finally
        {
            DeleteQuietly(unfinished);
        }
        return session;
    }

    private void Trim(string keep)
    {
        DirectoryInfo[] all = new DirectoryInfo(folder).GetDirectories(), entries = [.. all.Where(IsOwn)];
        foreach (DirectoryInfo unfinished in all.Where(IsLeftUnfinished)) DeleteQuietly(unfinished.FullName);
        long total = entries.Sum(SizeOf);
        foreach (DirectoryInfo entry in entries.OrderBy(entry => File.GetLastWriteTimeUtc(Path.Combine(entry.FullName, ListName))))
        {
            if (total <= capacityBytes) return;
            if (entry.Name == keep) continue;
            total -= SizeOf(entry);
            DeleteQuietly(entry.FullName);
        }
    }

    private static bool IsOwn(DirectoryInfo entry) => entry.Name.Length == 2 * SHA256.HashSizeInBytes && entry.Name.All(char.IsAsciiHexDigitLower);

    // Nobody takes an hour to write one; a process that was killed left it.
    private static bool IsLeftUnfinished(DirectoryInfo entry) =>
        entry.Name.StartsWith('.') && entry.Name.IndexOf('.', 1) == 1 + 2 * SHA256.HashSizeInBytes && DateTime.UtcNow - entry.LastWriteTimeUtc > TimeSpan.FromHours(1);

    private static long SizeOf(DirectoryInfo entry) => entry.EnumerateFiles().Sum(file => file.Length);

    private static void DeleteQuietly(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another process uses it; what is left over is found again by the next one.
        }
    }
}
