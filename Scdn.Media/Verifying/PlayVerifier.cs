using Scdn.Format;
using Scdn.Media.Decoding;
using Scdn.Media.Probing;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;

namespace Scdn.Media.Verifying;

/// <summary>
/// Proves what a header promises to players: FFmpeg opens the content, or seeks in it, and decodes the first frame of every stream while all bytes but the promised ones are missing.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
/// <param name="original">The content: seekable, and used by nobody else meanwhile.</param>
/// <param name="head">Its head, in any order.</param>
public sealed class PlayVerifier(FFmpegTools tools, Stream original, IReadOnlyList<ByteRange> head) : IDisposable
{
    private readonly SharedStream _original = new(original);

    /// <summary>Opens the content with its head alone. That it can't is a result; <see cref="MediaException"/> is thrown when FFmpeg itself fails, and what the content throws.</summary>
    public async Task<PlayProof> StartAsync(CancellationToken cancellationToken)
    {
        await using var server = new LimitedServer(_original, head);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(server.Starved, cancellationToken);
        MediaInfo? info = null;
        try
        {
            info = await new MediaProbe(tools).ReadAsync(server.Url, server.Length, PageServer.Reading, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Without that byte it can't be opened; the server took it down.
        }

        var frames = info is null || server.Missing is not null ? 0 : await DecodeAsync(info, [(server, null)], cancellationToken);
        _original.ThrowIfFailed();
        return Proof(TimeSpan.Zero, info, frames, server, Ranges.Union(head));
    }

    /// <summary>Seeks with the head and what the index names for that time alone; in the way that the index says.</summary>
    /// <param name="info">What the content is, as <see cref="StartAsync"/> found it.</param>
    /// <param name="index">Its index, key frames sorted by time.</param>
    /// <param name="time">From the content's start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PlayProof> SeekAsync(MediaInfo info, SeekIndex index, TimeSpan time, CancellationToken cancellationToken)
    {
        if (Need(index, time) is not var (held, view)) return new(time, info, 0, 0, 0);
        await using var server = new LimitedServer(_original, [.. head, .. held], view);
        var frames = await DecodeAsync(info, [(server, view is null ? time : null)], cancellationToken);
        _original.ThrowIfFailed();
        return Proof(time, info, frames, server, Ranges.Without(Ranges.Union(held), head));
    }

    /// <summary>Whether each of some seeks needs no more than <see cref="SeekAsync"/> gives it. One run of FFmpeg makes them all.</summary>
    internal async Task<bool> SeekAllAsync(MediaInfo info, SeekIndex index, IReadOnlyList<TimeSpan> times, CancellationToken cancellationToken)
    {
        var servers = new List<(LimitedServer Server, TimeSpan? Seek)>();
        try
        {
            foreach (var time in times)
            {
                if (Need(index, time) is not var (held, view)) return false;
                servers.Add((new(_original, [.. head, .. held], view), view is null ? time : null));
            }

            var frames = await DecodeAsync(info, servers, cancellationToken);
            _original.ThrowIfFailed();
            return frames == info.Playable.Count() * times.Count;
        }
        finally
        {
            foreach (var (server, _) in servers) await server.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _original.Dispose();

    // What is at hand besides the head for a seek; null when the index says nothing about it.
    private static (IReadOnlyList<ByteRange> Held, (SeekView View, long Start)? View)? Need(SeekIndex index, TimeSpan time)
    {
        var frames = index.At(time).ToArray();
        if (frames.Length == 0) return null;
        // A view begins at one key frame; a demuxer that seeks may begin at each that is near.
        if (index.View is not { } view) return ([.. frames.SelectMany(frame => frame.Ranges)], null);
        return (frames[^1].Ranges, (view, frames[^1].Offset));
    }

    private async Task<int> DecodeAsync(MediaInfo info, IReadOnlyList<(LimitedServer Server, TimeSpan? Seek)> servers, CancellationToken cancellationToken) =>
        (await new FirstFrames(tools).DecodeAsync([.. servers.Select(run => new FrameSource(run.Server, info, run.Seek))], cancellationToken)).Frames;

    private static PlayProof Proof(TimeSpan time, MediaInfo? info, int frames, LimitedServer server, IEnumerable<ByteRange> held)
    {
        var proof = new PlayProof(time, info, frames, server.Missing, held.Sum(range => range.Length));
        // What was asked for although all frames came without it was not needed.
        return proof.Holds ? proof with { Missing = null } : proof;
    }
}
