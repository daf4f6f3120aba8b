using System.Collections.Immutable;
using Scdn.Format;

namespace Scdn.Media.Indexing;

/// <summary>Where the packets of a file are.</summary>
/// <param name="Frames">The key frames, sorted by time.</param>
/// <param name="FirstPacket">Where the first packet of a stream that plays starts: what stands before it describes the streams.</param>
/// <param name="Gap">Bytes between what two packets carry, the second about as long as the first of all: what the container says about a packet, before it or behind it.</param>
internal sealed record FileIndex(ImmutableArray<IndexedFrame> Frames, long FirstPacket, long Gap)
{
    private const long MostReadThrough = 8 << 20;

    /// <summary>The index for demuxers that find each key frame by themselves.</summary>
    public SeekIndex ForDemuxers() => new([.. Frames.Select(frame => frame.Key)], null, null);

    /// <summary>The index for demuxers that read what lies between the streams' packets, too; null when that would be much, or nothing lies between them.</summary>
    public SeekIndex? ForDemuxersThatReadThrough()
    {
        var frames = Frames.Select(frame => frame.Key with { Ranges = [Hull(frame.Key.Ranges)] }).ToImmutableArray();
        return frames.Any(frame => frame.Ranges[0].Length > MostReadThrough) || Frames.All(frame => frame.Key.Ranges.Length == 1) ? null : new(frames, null, null);
    }

    /// <summary>The index for demuxers that step back to the key frame before: their own index is coarser, or their streams are not in step.</summary>
    public SeekIndex ForDemuxersThatStepBack() =>
        new([.. Frames.Select((frame, number) => number == 0 ? frame.Key : frame.Key with { Ranges = From(Frames[number - 1].Key.Ranges[0].Offset, frame.Key.Ranges) })], null, null);

    /// <summary>The index for players that open a view at each key frame.</summary>
    public SeekIndex ForViews() => new([.. Frames.Select(frame => frame.Key with { Ranges = [frame.ViewFrom(frame.Key.Offset)] })], new(FirstPacket), null);

    /// <summary>
    /// The same for containers in which a packet begins before its place, with what the container says about it: <paramref name="trailer"/> bytes behind the packet before. The lead ends before what is said about
    /// the first packet.
    /// </summary>
    public SeekIndex ForViews(long trailer) =>
        new([.. Frames.Select(frame => frame.At(frame.PreviousEnd + trailer))], new(Math.Max(0, FirstPacket - Gap + trailer)), null);

    private static ByteRange Hull(ImmutableArray<ByteRange> ranges) => new(ranges[0].Offset, ranges[^1].End - ranges[0].Offset);

    private static ImmutableArray<ByteRange> From(long start, ImmutableArray<ByteRange> ranges) =>
        start < ranges[0].Offset ? [new(start, ranges[0].End - start), .. ranges.Skip(1)] : ranges;
}

/// <summary>A key frame.</summary>
/// <param name="Key">Itself, with the bytes that a demuxer reads that seeks to it.</param>
/// <param name="PreviousEnd">Where the packet before it ends, as far as is known.</param>
/// <param name="ViewEnd">Where a demuxer has all that opens a view there, and analyses it first.</param>
internal readonly record struct IndexedFrame(KeyFrame Key, long PreviousEnd, long ViewEnd)
{
    /// <summary>The same with all that follows, up to <paramref name="end"/>.</summary>
    public IndexedFrame To(long end)
    {
        var start = Key.Ranges.Min(range => range.Offset);
        return this with { Key = Key with { Ranges = [new(start, end - start)] } };
    }

    /// <summary>The bytes that a demuxer reads that opens a view at <paramref name="start"/>.</summary>
    public ByteRange ViewFrom(long start) => new(start, Math.Max(ViewEnd, start + 1) - start);

    /// <summary>A key frame with a view that begins at <paramref name="start"/>, unless that is behind it.</summary>
    public KeyFrame At(long start) => start > Key.Offset ? Key with { Ranges = [ViewFrom(Key.Offset)] } : Key with { Offset = start, Ranges = [ViewFrom(start)] };
}
