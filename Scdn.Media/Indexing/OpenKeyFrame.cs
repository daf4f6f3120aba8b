using System.Collections.Immutable;
using Scdn.Format;

namespace Scdn.Media.Indexing;

/// <summary>A key frame while the packets go by that a demuxer would read after a seek to it, until every stream has given a picture or a sound.</summary>
/// <param name="time">When it is shown, from the content's start.</param>
/// <param name="offset">Where its packet starts.</param>
/// <param name="previousEnd">Where the packet before it ends.</param>
/// <param name="quotas">For each stream how many packets give the first picture or sound.</param>
internal sealed class OpenKeyFrame(TimeSpan time, long offset, long previousEnd, ImmutableArray<int> quotas)
{
    /// <summary>Ranges nearer to each other than this are one: a request costs more.</summary>
    private const long JoinGap = 64 * 1024;

    /// <summary>A stream that is silent for so long is not waited for, once there is enough of the main stream.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private const long MostBytes = 16 << 20;

    // A demuxer that is shown a view has never seen the file: it analyses it as it would from the start, and a little beyond, for it counts from the first packet of each stream.
    private static readonly TimeSpan AnalysedTime = PlayerProbeOptions.AnalyzeDuration + TimeSpan.FromMilliseconds(300);
    // It wants many packets of each: to be sure that it is in step (FLAC), or how many pictures are held back (H.264).
    private const int AnalysedPackets = 24;
    private static readonly long AnalysedBytes = PlayerProbeOptions.ProbeSizeBytes + (128 * 1024);

    private readonly RangeSet _ranges = new(JoinGap);
    private readonly int[] _missing = [.. quotas];
    private readonly int[] _missingBehind = [.. quotas.Select(_ => AnalysedPackets)];
    private long _viewEnd;
    private long? _lastWanted;
    private bool _hasAll;
    private bool _isViewed;

    public TimeSpan Time => time;

    public bool IsComplete => _hasAll && _isViewed;

    /// <summary>Bytes that are read although they belong to a packet of before.</summary>
    public void AddEarlier(ByteRange bytes) => _ranges.Add(bytes);

    /// <summary>A packet goes by.</summary>
    /// <param name="stream">The place of its stream's quota.</param>
    /// <param name="at">When it is shown; null when nobody knows, or it is not of the main stream.</param>
    /// <param name="packet">Where it starts.</param>
    /// <param name="bytes">What is read to have it.</param>
    public void Add(int stream, TimeSpan? at, long packet, ByteRange bytes)
    {
        if (packet >= offset && !_isViewed) AddToView(stream, at, packet, bytes);
        if (_hasAll) return;
        _ranges.Add(bytes);
        _missing[stream]--;
        _hasAll = _missing.All(missing => missing <= 0) || _ranges.Length > MostBytes || (at - time > LongestWait && _missing[stream] <= 0);
    }

    /// <summary>Another key frame of the main stream that has no entry of its own: a seek may begin there just as well.</summary>
    public void Extend()
    {
        quotas.CopyTo(_missing);
        _hasAll = false;
    }

    /// <summary>The result, in a file of <paramref name="length"/> bytes.</summary>
    public IndexedFrame ToFrame(long length) =>
        new(new(time, offset, _ranges.ToImmutable()), previousEnd, Math.Min(length, _isViewed ? _viewEnd : offset + MostBytes));

    private void AddToView(int stream, TimeSpan? at, long packet, ByteRange bytes)
    {
        _viewEnd = Math.Max(_viewEnd, bytes.End);
        // Where several packets share a page, only the next page shows where the last one that was wanted ends.
        _isViewed = packet > _lastWanted || bytes.End - offset > MostBytes || (at - time > LongestWait && _missingBehind[stream] <= 0);
        if (_lastWanted is not null) return;
        _missingBehind[stream]--;
        var analysed = at - time > AnalysedTime || bytes.End - offset > AnalysedBytes;
        if (analysed && _missingBehind.All(missing => missing <= 0)) _lastWanted = packet;
    }
}
