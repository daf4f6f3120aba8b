using System.Collections.Immutable;
using System.Numerics;
using Scdn.Format;

namespace Scdn.Media.Indexing;

/// <summary>
/// Gathers key frames out of a file's packets, in the order in which a demuxer comes upon them, and with each the bytes that a seek to it reads: from its packet on those of all streams, up to the first
/// picture and sound of each. Memory grows with the number of key frames only.
/// </summary>
internal sealed class KeyFrameList
{
    // Half of what a header takes (SPEC.md), so that two ranges each fit.
    private const int MaxFrames = 1 << 17;

    // Decoders hold back frames to sort them, and parsers the last one until the next begins.
    private const int PacketsBesidesReordered = 4;
    private const int SoundPackets = 3;

    // What stands between two packets (a cluster's head, a pack's, other programs' packets) is read with the second; but holes are not.
    private const long LongestGap = 64 * 1024;
    private const int RememberedPackets = 64;
    private const long LongestTail = 16 << 20;

    // A packet of sound that began so much earlier may still sound with the picture.
    private static readonly TimeSpan LongestPacket = TimeSpan.FromMilliseconds(250);

    private readonly MediaInfo _info;
    private readonly TimeSpan _closest;
    private readonly ImmutableArray<MediaStream> _streams;
    private readonly ImmutableArray<int> _quotas;
    private readonly Queue<Packet>[] _recent;
    private readonly ByteRange?[] _latest;
    private readonly List<OpenKeyFrame> _open = [];
    private readonly List<IndexedFrame> _frames = [];
    private readonly int _main;
    private long? _firstPacket;

    // The smallest gap before packets of so many bits of length: what a container says about a packet may depend on how long it is.
    private readonly long[] _gaps = [.. Enumerable.Repeat(long.MaxValue, 64)];
    private OpenKeyFrame? _last;
    private long _end;
    private long _firstSize;

    /// <summary>A list for one file.</summary>
    /// <param name="info">The file.</param>
    /// <param name="closest">Key frames nearer to the one before are covered by its entry. Longer for files so long that a header could not hold them all.</param>
    public KeyFrameList(MediaInfo info, TimeSpan closest)
    {
        (_info, _closest) = (info, TimeSpan.FromTicks(Math.Max(closest.Ticks, info.Duration.Ticks / MaxFrames)));
        _streams = [.. info.Playable];
        _main = _streams.IndexOf(info.MainStream);
        _quotas = [.. _streams.Select(stream => stream.Kind == MediaKind.Video ? stream.ReorderedFrames + PacketsBesidesReordered : SoundPackets)];
        _latest = new ByteRange?[_streams.Length];
        _recent = [.. _streams.Select(_ => new Queue<Packet>())];
    }

    /// <summary>Takes a packet in.</summary>
    public void Add(Packet packet)
    {
        var stream = StreamOf(packet.Stream);
        if (packet.Bytes.Offset < 0 && !TryShare(stream, ref packet)) return;
        var previousEnd = _end;
        var bytes = WithGap(packet.Bytes);
        if (stream < 0 || packet.Bytes.Offset >= _info.Length) return;
        if (_firstPacket is null || packet.Bytes.Offset < _firstPacket) (_firstPacket, _firstSize) = (packet.Bytes.Offset, packet.Bytes.Length);
        var offset = packet.Bytes.Offset;
        _latest[stream] = packet.Bytes;
        packet = packet with { Bytes = bytes, Time = packet.Time - _info.StartTime };
        if (stream == _main && packet is { IsKey: true, Time: { } time }) Begin(time < TimeSpan.Zero ? TimeSpan.Zero : time, offset, Math.Min(previousEnd, offset));
        _open.ForEach(frame => frame.Add(stream, stream == _main ? packet.Time : null, offset, bytes));
        Close(last: false);
        Remember(stream, packet);
    }

    /// <summary>The index: by time; of several frames at one time the first in the file.</summary>
    public FileIndex ToIndex()
    {
        Close(last: true);
        return new(
            [.. WithTail(_frames).OrderBy(frame => frame.Key.Time).ThenBy(frame => frame.Key.Offset).DistinctBy(frame => frame.Key.Time)],
            _firstPacket ?? 0,
            GapBeforeFirst());
    }

    // Behind the last key frame some demuxers look for one more, to the very end.
    private IEnumerable<IndexedFrame> WithTail(List<IndexedFrame> frames)
    {
        var last = frames.Count == 0 ? -1 : frames.Max(frame => frame.Key.Offset);
        return frames.Select(frame => frame.Key.Offset == last && _info.Length - last <= LongestTail ? frame.To(_info.Length) : frame);
    }

    private long GapBeforeFirst()
    {
        var size = BitOperations.Log2((ulong)_firstSize);
        return Enumerable.Range(0, _gaps.Length).Where(bits => _gaps[bits] < long.MaxValue).OrderBy(bits => Math.Abs(bits - size)).Select(bits => _gaps[bits]).FirstOrDefault();
    }

    private bool TryShare(int stream, ref Packet packet)
    {
        if (stream < 0 || _latest[stream] is not { } place) return false;
        packet = packet with { Bytes = place };
        return true;
    }

    private void Begin(TimeSpan time, long offset, long previousEnd)
    {
        if (_last is { } last && time >= last.Time && time - last.Time < _closest)
        {
            last.Extend();
            return;
        }

        if (_frames.Count + _open.Count >= MaxFrames) return;
        _last = new(time, offset, previousEnd, _quotas);
        _open.Add(_last);
        for (var other = 0; other < _recent.Length; other++)
        {
            // In files that are kept stream by stream, or whose sound comes early, a seek finds the sound that goes with the picture before it.
            if (other == _main) continue;
            foreach (var earlier in _recent[other].SkipWhile(packet => packet.Time + LongestPacket < time)) _last.AddEarlier(earlier.Bytes);
        }
    }

    private void Close(bool last)
    {
        for (var index = _open.Count - 1; index >= 0; index--)
        {
            // The last one is kept open: a key frame too near to have an entry of its own would extend it.
            if (!last && (!_open[index].IsComplete || _open[index] == _last)) continue;
            _frames.Add(_open[index].ToFrame(_info.Length));
            _open.RemoveAt(index);
        }
    }

    private void Remember(int stream, Packet packet)
    {
        if (_recent[stream].Count == RememberedPackets) _recent[stream].Dequeue();
        _recent[stream].Enqueue(packet);
    }

    private ByteRange WithGap(ByteRange bytes)
    {
        var gap = bytes.Offset - _end;
        var size = BitOperations.Log2((ulong)bytes.Length);
        if (_firstPacket is not null && gap >= 0) _gaps[size] = Math.Min(_gaps[size], gap);
        _end = Math.Max(_end, bytes.End);
        return gap is > 0 and <= LongestGap ? new(bytes.Offset - gap, bytes.Length + gap) : bytes;
    }

    private int StreamOf(int index)
    {
        for (var stream = 0; stream < _streams.Length; stream++)
        {
            if (_streams[stream].Index == index) return stream;
        }

        return -1;
    }
}
