using Scdn.Format;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;
using Scdn.Media.Verifying;

namespace Scdn.Media.Indexing;

/// <summary>
/// Makes the index of a file out of its key frames, and tries it: whether a demuxer finds its way with it, or players have to open views, is not known of a container but seen.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
internal sealed class SeekIndexer(FFmpegTools tools)
{
    // With few key frames each is tried, for a container's own index may lack some of them; a longer film shows its habits sooner.
    private const int AllTried = 12;
    private const int MostTrials = 6;

    // Where between a key frame and the next: an index by the second is right here and wrong there.
    private static readonly double[] Phases = [0.3, 0.8, 0.15, 0.6, 0.95];

    // What a container says about a packet is short; more would be found by no trial in good time.
    private const long LongestTrailer = 8;

    /// <summary>The index of a file in which <paramref name="trace"/> has found the head, and <paramref name="index"/> the key frames.</summary>
    public async Task<SeekIndex> IndexAsync(string path, MediaInfo info, HeadTrace trace, FileIndex index, CancellationToken cancellationToken)
    {
        if (index.Frames.IsEmpty) return SeekIndex.None with { Note = Notes(trace, "there is no index, for the container does not say where its packets are") };
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        using var verifier = new PlayVerifier(tools, file, trace.Head);
        var trials = Trials(index);
        foreach (var candidate in Candidates(index))
        {
            if (!await verifier.SeekAllAsync(info, candidate, trials, cancellationToken)) continue;
            return candidate with { Note = Notes(trace, candidate.View is null ? null : "players that can't open views search the file for the place they seek to, or read it from its start") };
        }

        return index.ForDemuxers() with { Note = Notes(trace, "a seek reads more than the index names") };
    }

    /// <summary>Behind key frames from the middle on and all over the file.</summary>
    private static TimeSpan[] Trials(FileIndex index)
    {
        var count = index.Frames.Length <= AllTried ? index.Frames.Length : MostTrials;
        return [.. Enumerable.Range(0, count).Select(trial => Behind((trial + (count / 2)) % count * index.Frames.Length / count, Phases[trial % Phases.Length]))];

        TimeSpan Behind(int frame, double phase)
        {
            var time = index.Frames[frame].Key.Time;
            return frame + 1 < index.Frames.Length ? time + ((index.Frames[frame + 1].Key.Time - time) * phase) : time;
        }
    }

    private static IEnumerable<SeekIndex> Candidates(FileIndex index)
    {
        yield return index.ForDemuxers();
        if (index.ForDemuxersThatReadThrough() is { } through) yield return through;
        yield return index.ForViews();
        for (var trailer = 0L; trailer <= Math.Min(index.Gap, LongestTrailer); trailer++) yield return index.ForViews(trailer);
        yield return index.ForDemuxersThatStepBack();
    }

    private static string? Notes(HeadTrace trace, string? aboutSeeks)
    {
        var notes = new[] { trace.OpeningStopped is { } stopped ? $"the head is only its beginning, for {stopped}" : null, aboutSeeks };
        return notes.Any(note => note is not null) ? string.Join("; ", notes.Where(note => note is not null)) : null;
    }
}
