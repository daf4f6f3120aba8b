namespace Scdn.Format;

/// <summary>Segments of one part, one after the other, with what everybody may know of the part: enough to fetch and to check them.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="StoredLength">Bytes of its file.</param>
/// <param name="Encrypted">Whether its segments are sealed.</param>
/// <param name="Root">The SHA-256 of its hash list.</param>
/// <param name="First">The first segment within the part.</param>
/// <param name="Count">How many there are, at least 1.</param>
public sealed record PlayStartRun(PartId Part, long StoredLength, bool Encrypted, byte[] Root, int First, int Count);

/// <summary>
/// What a player fetches before it shows the first picture of a content that it plays from the beginning: the head's segments that did not come with the header, and those of the first second. Told to who has not begun a play yet, it gives
/// away the names of these parts, that they are the first, and nothing else.
/// </summary>
/// <param name="Runs">The segments, in the order in which they are needed; empty when the header brings all of it along.</param>
public sealed record PlayStart(IReadOnlyList<PlayStartRun> Runs)
{
    /// <summary>Stored bytes that it has at most, 2 MiB: of a longer head the end is left out.</summary>
    public const long MostBytes = 2 * EnoughBytes;

    /// <summary>Beyond so many only the head goes on, and the first segment after it: fragmented MP4 has all of its first fragment in the head.</summary>
    private const long EnoughBytes = 1024 * 1024;

    /// <summary>Finds it. Of a content that is not protected it is never all that the header does not bring along.</summary>
    /// <param name="header">The header.</param>
    /// <param name="manifest">What it says, opened.</param>
    public static PlayStart Of(Header header, Manifest manifest)
    {
        var map = new SegmentMap(manifest.Parts);
        var inline = map.InlineCount(manifest.InlineHead.Length);
        List<int> segments = [.. Enumerable.Range(inline, map.HeadCount - inline).Concat(map.SegmentsOf(new PlayTimeMap(manifest).FirstRange(TimeSpan.Zero)).Where(segment => segment >= map.HeadCount))];
        var bytes = 0L;
        segments = [.. segments.TakeWhile((segment, place) => (bytes += map.StoredLength(segment)) <= (place <= map.HeadCount - inline ? MostBytes : EnoughBytes))];
        if (!header.IsSealed && segments.Count == map.Count - inline) segments = segments[..^1];
        return new(RunsOf(header, map, segments));
    }

    /// <summary>Where in the files of parts all that lies which is asked for to have it: the segments, and the parts' hash lists.</summary>
    public IReadOnlyList<StoredRange> StoredRanges() => [.. Runs.SelectMany(RangesOf)];

    private static IEnumerable<StoredRange> RangesOf(PlayStartRun run)
    {
        if (!PartLayout.TryFromStoredLength(run.StoredLength, run.Encrypted, out var layout)) yield break;
        var from = layout.StoredSegment(run.First).Offset;
        yield return new(run.Part, from, layout.StoredSegment(run.First + run.Count - 1).End - from);
        yield return new(run.Part, layout.HashList.Offset, layout.HashList.Length);
    }

    private static List<PlayStartRun> RunsOf(Header header, SegmentMap map, List<int> segments)
    {
        var runs = new List<PlayStartRun>();
        for (var at = 0; at < segments.Count;)
        {
            var part = map.PartOf(segments[at]);
            var count = 1;
            while (at + count < segments.Count && segments[at + count] == segments[at] + count && map.PartOf(segments[at + count]) == part) count++;
            var known = header.TryGetPart(map.Part(part).Id, out var found) ? found : throw new ArgumentException("The manifest is another header's.", nameof(map));
            runs.Add(new(known.Id, known.StoredLength, known.Encrypted, [.. known.Root], map.WithinPart(segments[at]), count));
            at += count;
        }

        return runs;
    }
}

/// <summary>Bytes of a part's file.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Offset">The first of them.</param>
/// <param name="Length">How many.</param>
public sealed record StoredRange(PartId Part, long Offset, long Length)
{
    /// <summary>Whether a range of a part's file lies inside; an empty one of the same part always does.</summary>
    public bool Covers(PartId part, ByteRange range) => part == Part && (range.Length == 0 || (range.Offset >= Offset && range.End <= Offset + Length));
}
