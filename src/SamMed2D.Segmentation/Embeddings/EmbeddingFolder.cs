using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;

namespace SamMed2D.Segmentation.Embeddings;

/// <summary>
/// Embeddings on disk, one file each, up to a number of bytes: what was used longest ago is deleted first. Files appear whole or not at all, so
/// several processes may share a folder; each file carries a checksum, and a damaged one counts as missing and is replaced. Files of other
/// names in the folder are left alone. The files are derived from scans: on Unix only their owner may read them. Safe for concurrent calls.
/// </summary>
public sealed class EmbeddingFolder
{
    /// <summary>Room for some 8,000 slices of SAM-Med2D.</summary>
    public const long DefaultCapacityBytes = 2L << 30;

    private const string Extension = ".embedding";
    private const double TrimTo = 0.9;

    // How much may be added before the folder is looked at again, since other processes add to it too.
    private const int TrimsPerCapacity = 16;

    // Whoever still writes a file has touched it since; what is older was left by a crash.
    private static readonly TimeSpan s_unfinishedFor = TimeSpan.FromHours(1);

    private readonly object _gate = new();
    private readonly string _path;
    private readonly Action<string>? _notice;
    private long _addedBytes;
    private bool _isReadOnly, _damageTold;

    /// <summary>Opens a folder, and makes it where it is missing.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="capacityBytes">The most bytes of files; exceeded by a sixteenth at worst before it is put right.</param>
    /// <param name="notice">Told once each: that a file was damaged, that nothing more can be written. Null ignores it.</param>
    /// <exception cref="OutputException">The folder cannot be made or written to.</exception>
    public EmbeddingFolder(string path, long capacityBytes = DefaultCapacityBytes, Action<string>? notice = null)
    {
        (_path, CapacityBytes, _notice) = (Path.GetFullPath(path), capacityBytes, notice);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_path);
            else Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, $"cannot be made a folder for embeddings ({failure.Message}); choose a place that you may write to", failure);
        }
        AtomicFile.RequireWritable(Path.Combine(_path, "probe"));
        Trim();
    }

    /// <summary>The most bytes of files.</summary>
    public long CapacityBytes { get; }

    /// <summary>Reads what is kept under a name.</summary>
    /// <param name="name">64 hexadecimal digits.</param>
    /// <param name="payload">Filled where the answer is true.</param>
    /// <returns>False where there is nothing of this length, or it is damaged.</returns>
    internal bool TryRead(string name, Span<byte> payload)
    {
        string file = FileOf(name);
        byte[] content = ArrayPool<byte>.Shared.Rent(SHA256.HashSizeInBytes + payload.Length + 1);
        try
        {
            int read;
            using (FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
                read = stream.ReadAtLeast(content.AsSpan(0, SHA256.HashSizeInBytes + payload.Length + 1), SHA256.HashSizeInBytes + payload.Length + 1, throwOnEndOfStream: false);
            Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
            bool isWhole = read == SHA256.HashSizeInBytes + payload.Length;
            if (isWhole) Checksum(name, content.AsSpan(SHA256.HashSizeInBytes, payload.Length), checksum);
            if (!isWhole || !checksum.SequenceEqual(content.AsSpan(0, SHA256.HashSizeInBytes)))
            {
                TellDamage(file);
                return false;
            }
            content.AsSpan(SHA256.HashSizeInBytes, payload.Length).CopyTo(payload);
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // missing, or deleted by another process meanwhile
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    /// <summary>Keeps bytes under a name; where that fails, tells so once and keeps no more.</summary>
    internal void Write(string name, ReadOnlySpan<byte> payload)
    {
        if (_isReadOnly || payload.Length > CapacityBytes) return;
        byte[] content = ArrayPool<byte>.Shared.Rent(SHA256.HashSizeInBytes + payload.Length);
        try
        {
            payload.CopyTo(content.AsSpan(SHA256.HashSizeInBytes));
            Checksum(name, payload, content.AsSpan(0, SHA256.HashSizeInBytes));
            int length = SHA256.HashSizeInBytes + payload.Length;
            AtomicFile.WritePrivate(FileOf(name), stream => stream.Write(content, 0, length));
            bool isTimeToTrim;
            lock (_gate)
            {
                _addedBytes += length;
                isTimeToTrim = _addedBytes > CapacityBytes / TrimsPerCapacity;
            }
            if (isTimeToTrim) Trim();
        }
        catch (OutputException failure)
        {
            _isReadOnly = true;
            _notice?.Invoke($"embeddings are kept no longer: {failure.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    private static void Checksum(string name, ReadOnlySpan<byte> payload, Span<byte> checksum)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(name));
        hash.AppendData(payload);
        hash.GetHashAndReset(checksum);
    }

    private void TellDamage(string file)
    {
        lock (_gate)
        {
            if (_damageTold) return;
            _damageTold = true;
        }
        _notice?.Invoke($"{file} is damaged; such files are made anew");
    }

    /// <summary>Deletes what was used longest ago where the folder holds too much.</summary>
    private void Trim()
    {
        lock (_gate)
        {
            _addedBytes = 0;
            try
            {
                List<FileInfo> files = [.. new DirectoryInfo(_path).EnumerateFiles($"*{Extension}*").Where(IsOwn)];
                long total = files.Sum(file => file.Length);
                if (total <= CapacityBytes) return;
                foreach (FileInfo file in files.OrderBy(file => file.LastWriteTimeUtc))
                {
                    if (total <= TrimTo * CapacityBytes) return;
                    total -= file.Length;
                    file.Delete();
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Another process trims at the same time; the next trim finds the rest.
            }
        }
    }

    /// <summary>True for an embedding, and for what a crash left of writing one; what others are still writing is theirs.</summary>
    private static bool IsOwn(FileInfo file)
    {
        if (file.Name.StartsWith('.') && DateTime.UtcNow - file.LastWriteTimeUtc < s_unfinishedFor) return false;
        ReadOnlySpan<char> name = file.Name.AsSpan().TrimStart('.');
        int digits = name.IndexOfAnyExcept("0123456789abcdef");
        return digits == 2 * SHA256.HashSizeInBytes && name[digits..].StartsWith(Extension, StringComparison.Ordinal);
    }

    private string FileOf(string name) => Path.Combine(_path, name + Extension);
}
