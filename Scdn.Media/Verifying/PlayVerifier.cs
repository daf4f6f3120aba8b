using Scdn.Format;
using Scdn.Media.Probing;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;

namespace Scdn.Media.Verifying;

/// <summary>Proves that a content starts from its head alone: FFmpeg opens it and decodes the first frame of every stream while all other bytes are missing.</summary>
/// <param name="tools">Where FFmpeg is.</param>
public sealed class StartVerifier(FFmpegTools tools)
{
    private readonly MediaProbe _probe = new(tools);

    /// <summary>Tries it. That it can't start is a result; <see cref="MediaException"/> is thrown when FFmpeg itself fails, and what <paramref name="original"/> throws.</summary>
    /// <param name="original">The content: seekable, and used by nobody else meanwhile.</param>
    /// <param name="head">Its head, in any order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StartProof> VerifyAsync(Stream original, IReadOnlyList<ByteRange> head, CancellationToken cancellationToken)
    {
        await using var server = new HeadServer(original, head);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(server.Failed, cancellationToken);
        var headBytes = Ranges.Union(head).Sum(run => run.Length);
        var (streams, frames) = (0, 0);
        try
        {
            if (await _probe.ReadAsync(server.Url, original.Length, PageServer.Reading, stop.Token) is not { } info) return new(0, 0, server.Missing, headBytes);
            streams = info.Playable.Count();
            await ToolProcess.RunAsync(tools.FFmpegPath, HeadTracer.Arguments(info, null, server.Url), server.Url, line => frames += line.StartsWith('#') ? 0 : 1, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A byte was missing, which the server took down.
        }

        return new(streams, frames, server.Missing, headBytes);
    }
}

/// <summary>What a content's head is worth.</summary>
/// <param name="Streams">Streams that can be seen or heard; 0 when it could not even be opened.</param>
/// <param name="Frames">How many of them gave their first frame.</param>
/// <param name="Missing">The first byte of the original that was needed besides; null when none was.</param>
/// <param name="HeadBytes">Bytes of the head.</param>
public sealed record StartProof(int Streams, int Frames, long? Missing, long HeadBytes)
{
    /// <summary>Whether the head was all that was needed.</summary>
    public bool Holds => Streams > 0 && Frames == Streams && Missing is null;
}
