using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

/// <summary>
/// A session as bytes that only ever grow: where it began, then every change as it was recorded, undo and redo too. Replaying them gives the session again,
/// with what can be undone. Each record is its length (4 bytes, low first), its content, and the first 8 bytes of the content's SHA-256, so that a record
/// cut short by a crash is noticed. The content is a text (JSON, its length before it as a <see cref="Varint"/>) and the voxel changes.
/// </summary>
public static class SessionJournal
{
    /// <summary>The version of the form; journals of other versions are refused.</summary>
    public const int Version = 1;

    private const int FrameBytes = 4, ChecksumBytes = 8;

    /// <summary>The first records: which scan, and all of the session as it is now. Steps before are not kept, so begin a journal anew to shorten it.</summary>
    /// <param name="session">The session; no step is open and nothing runs.</param>
    /// <param name="scanSha256">The identity of the scan, <see cref="VoxelHash.Of(Volume)"/>, where it is known; null to work it out.</param>
    public static byte[] Begin(SegmentationSession session, string? scanSha256 = null)
    {
        List<byte> bytes = [];
        Frame(bytes, SessionJson.Header(session.Geometry, scanSha256 ?? VoxelHash.Of(session.Volume), session.HistoryLimitBytes), []);
        SessionChange all = session.ToChange();
        Frame(bytes, SessionJson.Change(all, session.Geometry), all.Deltas);
        return [.. bytes];
    }

    /// <summary>Makes the session again.</summary>
    /// <param name="journal">The whole journal.</param>
    /// <param name="volume">The scan; it stays the caller's.</param>
    /// <param name="file">The journal's name, for messages.</param>
    /// <param name="scanSha256">The identity of the scan where it is known; null to work it out.</param>
    /// <exception cref="InvalidFileException">It is no journal, is of another version, or its beginning is damaged.</exception>
    /// <exception cref="UnsupportedInputException">It is of another scan.</exception>
    public static JournalReplay Replay(ReadOnlySpan<byte> journal, Volume volume, string file, string? scanSha256 = null)
    {
        Reader reader = new(journal, file);
        if (!reader.TryNext(out RecordNode header, out _)) throw new InvalidFileException(file, "is no journal of a session, or its beginning is damaged; start from the saved segmentation");
        long historyBytes = SessionJson.ReadHeader(header, file, volume, () => scanSha256 ?? VoxelHash.Of(volume));
        SegmentationSession session = new(volume, historyBytes);
        if (!reader.TryNext(out RecordNode first, out ImmutableArray<LabelDelta> labels) || !session.TryStartFrom(first, labels))
            throw new InvalidFileException(file, "its beginning is damaged; start from the saved segmentation");
        int changes = 0;
        while (reader.TryNext(out RecordNode record, out ImmutableArray<LabelDelta> deltas))
        {
            if (!session.TryReplay(record, deltas)) throw new InvalidFileException(file, $"its change {changes + 1} does not fit those before it; start from the saved segmentation");
            changes++;
        }
        return new(session, changes, reader.Note);
    }

    internal static void Frame(List<byte> bytes, byte[] text, ImmutableArray<LabelDelta> deltas)
    {
        List<byte> content = [];
        Varint.Write(content, (ulong)text.Length);
        content.AddRange(text);
        Varint.Write(content, (ulong)deltas.Length);
        foreach (LabelDelta delta in deltas) Write(content, delta);
        byte[] payload = [.. content];
        byte[] length = new byte[FrameBytes];
        BinaryPrimitives.WriteInt32LittleEndian(length, payload.Length);
        bytes.AddRange(length);
        bytes.AddRange(payload);
        bytes.AddRange(SHA256.HashData(payload).AsSpan(0, ChecksumBytes));
    }

    private static void Write(List<byte> to, LabelDelta delta)
    {
        VoxelBox box = delta.Box;
        foreach (int end in (ReadOnlySpan<int>)[box.I0, box.J0, box.K0, box.I1, box.J1, box.K1]) Varint.Write(to, (ulong)end);
        Varint.Write(to, (ulong)delta.Changed);
        Varint.Write(to, (ulong)delta.Labels.Length);
        foreach (ushort label in delta.Labels) Varint.Write(to, label);
        Varint.Write(to, (ulong)delta.Runs.Length);
        to.AddRange(delta.Runs);
    }

    /// <summary>Takes records off a journal until it ends or one is damaged.</summary>
    private ref struct Reader(ReadOnlySpan<byte> journal, string file)
    {
        private ReadOnlySpan<byte> _left = journal;

        /// <summary>What is wrong with the end; null where nothing is.</summary>
        public string? Note { get; private set; }

        public bool TryNext(out RecordNode text, out ImmutableArray<LabelDelta> deltas)
        {
            (text, deltas) = (default, []);
            if (_left.Length == 0) return false;
            long length = _left.Length >= FrameBytes ? BinaryPrimitives.ReadInt32LittleEndian(_left) : int.MaxValue;
            if (length < 0 || FrameBytes + length + ChecksumBytes > _left.Length) return Stop("is cut short");
            ReadOnlySpan<byte> payload = _left.Slice(FrameBytes, (int)length);
            if (!SHA256.HashData(payload).AsSpan(0, ChecksumBytes).SequenceEqual(_left.Slice(FrameBytes + (int)length, ChecksumBytes))) return Stop("is damaged");
            _left = _left[(FrameBytes + (int)length + ChecksumBytes)..];
            return TryParse(payload, out text, out deltas) || Stop("cannot be understood");
        }

        private bool Stop(string what)
        {
            Note = $"{Path.GetFileName(file)}: the last record {what} and was left out ({_left.Length} bytes); the change under way when the program ended is lost";
            _left = [];
            return false;
        }

        private readonly bool TryParse(ReadOnlySpan<byte> payload, out RecordNode text, out ImmutableArray<LabelDelta> deltas)
        {
            (text, deltas) = (default, []);
            if (!Varint.TryRead(ref payload, out ulong length) || length > (ulong)payload.Length) return false;
            text = RecordNode.Parse(Encoding.UTF8.GetString(payload[..(int)length]), file);
            payload = payload[(int)length..];
            if (!Varint.TryRead(ref payload, out ulong count)) return false;
            ImmutableArray<LabelDelta>.Builder read = ImmutableArray.CreateBuilder<LabelDelta>();
            for (ulong n = 0; n < count; n++)
            {
                if (ReadDelta(ref payload) is not { } delta) return false;
                read.Add(delta);
            }
            deltas = read.ToImmutable();
            return payload.Length == 0;
        }

        private static LabelDelta? ReadDelta(ref ReadOnlySpan<byte> from)
        {
            Span<ulong> numbers = stackalloc ulong[8];
            foreach (ref ulong number in numbers)
                if (!Varint.TryRead(ref from, out number)) return null;
            if (numbers[7] > ushort.MaxValue) return null;
            ushort[] labels = new ushort[numbers[7]];
            foreach (ref ushort label in labels.AsSpan())
            {
                if (!Varint.TryRead(ref from, out ulong value)) return null;
                label = (ushort)value;
            }
            if (!Varint.TryRead(ref from, out ulong length) || length > (ulong)from.Length) return null;
            byte[] runs = from[..(int)length].ToArray();
            from = from[(int)length..];
            return new(new((int)numbers[0], (int)numbers[1], (int)numbers[2], (int)numbers[3], (int)numbers[4], (int)numbers[5]), (long)numbers[6], labels, runs);
        }
    }
}

/// <summary>A session made again from its journal.</summary>
/// <param name="Session">The session, with its history since the journal began.</param>
/// <param name="Changes">How many changes were replayed.</param>
/// <param name="Note">What was lost at the end, as a sentence for the user; null where nothing was.</param>
public sealed record JournalReplay(SegmentationSession Session, int Changes, string? Note);
