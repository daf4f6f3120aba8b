using Scdn.Format;
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
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(server.Failed, cancellationToken);
        MediaInfo? info = null;
        var frames = 0;
        try
        {
            info = await new MediaProbe(tools).ReadAsync(server.Url, server.Length, PageServer.Reading, stop.Token);
            if (info is not null) frames = await DecodeAsync(server, info, null, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A byte was missing, which the server took down.
        }

        _original.ThrowIfFailed();
        return new(TimeSpan.Zero, info, frames, server.Missing, Ranges.Union(head).Sum(run => run.Length));
    }

    /// <summary>Seeks with the head and what the index names for that time alone; in the way that the index says.</summary>
    /// <param name="info">What the content is, as <see cref="StartAsync"/> found it.</param>
    /// <param name="index">Its index, key frames sorted by time.</param>
    /// <param name="time">From the content's start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PlayProof> SeekAsync(MediaInfo info, SeekIndex index, TimeSpan time, CancellationToken cancellationToken)
    {
        var frames = index.At(time).ToArray();
        if (frames.Length == 0) return new(time, info, 0, 0, 0);
        // A view begins at one key frame; a demuxer that seeks may begin at each that is near.
        if (index.View is not null) frames = [frames[^1]];
        var held = frames.SelectMany(frame => frame.Ranges).ToList();
        (SeekView, long)? view = index.View is { } opened ? (opened, frames[0].Offset) : null;
        await using var server = new LimitedServer(_original, [.. head, .. held], view);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(server.Failed, cancellationToken);
        var decoded = 0;
        try
        {
            decoded = await DecodeAsync(server, info, view is null ? time : null, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // As above.
        }

        _original.ThrowIfFailed();
        return new(time, info, decoded, server.Missing, Ranges.Without(Ranges.Union(held), head).Sum(range => range.Length));
    }

    /// <inheritdoc/>
    public void Dispose() => _original.Dispose();

    private async Task<int> DecodeAsync(LimitedServer server, MediaInfo info, TimeSpan? seek, CancellationToken cancellationToken)
    {
        var frames = 0;
        await ToolProcess.RunAsync(tools.FFmpegPath, HeadTracer.Arguments(info, seek, server.Url), server.Url, line => frames += line.StartsWith('#') ? 0 : 1, cancellationToken);
        return frames;
    }
}
