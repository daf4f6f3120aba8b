using Scdn.Client;
using Scdn.Client.Explaining;
using Scdn.Client.Licences;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Media.Decoding;
using Scdn.Media.Tools;
using Scdn.Player.Reserving;

namespace Scdn.Player.Playback;

/// <summary>Plays a content without a screen: fetches it as every player would, decodes every frame, takes each when it is due, and measures.</summary>
public sealed class HeadlessPlayer(FFmpegTools tools, TimeProvider time)
{
    /// <summary>How far the picture moves before the window of read-ahead is moved after it, and progress told.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// So much of the viewer's time is decoded before the picture begins to move, about what players keep in their sound buffer: the first frame may have come with the header, long
    /// before what follows it can be here.
    /// </summary>
    private static readonly TimeSpan BeginWith = TimeSpan.FromMilliseconds(250);

    /// <summary>Plays. A playing that breaks off is a report, too; what prevents it from beginning throws.</summary>
    /// <param name="askToPlay">Asks the site; the time to the first frame counts from here.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told about five times a second of play; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<PlaybackReport> PlayAsync(
        Func<CancellationToken, Task<PlayGrant>> askToPlay, PlaybackOptions options, IProgress<PlaybackProgress>? progress, CancellationToken cancellationToken)
    {
        var log = new PlayLog(time) { Player = "headless" };
        var asked = time.GetTimestamp();
        var asking = askToPlay(cancellationToken);
        // This while the site is asked. What was taken along is asked of nobody, and needs no store.
        await using var early = new EarlyDecode(tools, options.At);
        log.DecoderStarted();
        var fetching = options.Network with { StartAt = options.At, Time = time };
        await using var store = asking.IsCompleted || fetching.Store is not null ? null : PartStore.Open(fetching);
        var grant = await asking;
        var granted = time.GetTimestamp();
        TakeSeek(grant.Limits, options.At);
        await using var network = NetworkManager.Start(grant, fetching with { Store = fetching.Store ?? store, Log = log });
        // It reads from the network, and so ends first.
        await using var reading = early;
        return await PlayAsync(network, early, asked, granted, options, progress, cancellationToken);
    }

    /// <summary>Plays what is being fetched already, as that was told to: of the options those count that are about playing.</summary>
    /// <param name="network">Must live longer.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told about five times a second of play; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<PlaybackReport> PlayAsync(NetworkManager network, PlaybackOptions options, IProgress<PlaybackProgress>? progress, CancellationToken cancellationToken)
    {
        TakeSeek(network.Limits, options.At);
        var asked = time.GetTimestamp();
        await using var early = new EarlyDecode(tools, options.At);
        return await PlayAsync(network, early, asked, asked, options, progress, cancellationToken);
    }

    // Who begins in the middle has sought.
    private static void TakeSeek(PlayLimits? limits, TimeSpan at)
    {
        if (at > TimeSpan.Zero && limits is not null && !limits.TrySeek(out var refusal)) throw new PlayerException(refusal);
    }

    private static string? ErrorOf(FramePacer pacer, DecodeEnd? end, ScdnException? failure)
    {
        if (end is null) return null;
        if (failure is not null) return failure.Message;
        if (!end.IsComplete) return $"The decoder stopped after {pacer.Frames} frames: {end.LastError ?? $"exit code {end.ExitCode}"}.";
        return pacer.Frames == 0 ? $"Not a single frame was decoded: {end.LastError ?? "there is no sound or picture at that place"}." : null;
    }

    // A second of the viewer's time, but never more than half of what may be fetched ahead: the other half is what a lost server is bridged with.
    private static TimeSpan DecodeAhead(PlaybackOptions options)
    {
        var second = TimeSpan.FromSeconds(options.Speed);
        return second < options.Network.ReadAhead / 2 ? second : options.Network.ReadAhead / 2;
    }

    private async Task<PlaybackReport> PlayAsync(
        NetworkManager network, EarlyDecode early, long asked, long granted, PlaybackOptions options, IProgress<PlaybackProgress>? progress, CancellationToken cancellationToken)
    {
        network.LimitReadAhead(network.Times.OffsetAt(options.At + options.Network.ReadAhead));
        options.Fetching?.Invoke(network);
        await using var slow = options.Tell is { } tell ? new SlowLine(network, tell, time) : null;
        var pacer = new FramePacer(options.Speed, time, network.Log);
        TimeSpan? lastStep = null;
        (DateTimeOffset At, long Bytes)? firstFrame = null;
        var decode = await early.OfAsync(network);
        var buffer = new FrameBuffer(BeginWith * options.Speed, DecodeAhead(options));
        var frames = buffer.AheadAsync(decode.ReadFramesAsync(cancellationToken), cancellationToken);
        var toEnd = await pacer.RunAsync(frames, BeginAsync, options.Duration, Follow, cancellationToken);
        var end = toEnd ? await decode.WaitAsync(cancellationToken) : null;
        return Report();

        Task BeginAsync(CancellationToken token)
        {
            firstFrame = (time.GetUtcNow(), network.Statistics.FetchedBytes);
            return buffer.ReadyAsync(token);
        }

        void Follow(TimeSpan position)
        {
            if (lastStep is { } last && position < last + Step) return;
            lastStep = position;
            network.LimitReadAhead(network.Times.OffsetAt(position + options.Network.ReadAhead));
            progress?.Report(new(position, network.Statistics));
        }

        PlaybackReport Report()
        {
            var error = ErrorOf(pacer, end, early.Failure);
            network.Log.Ended(error);
            return new(network, network.Report())
            {
                FirstFrameMs = pacer.FirstFrameAt is { } first ? Milliseconds(asked, first) : null,
                FirstFrameAt = firstFrame?.At,
                FirstFrameBytes = firstFrame?.Bytes,
                BeganMs = pacer.BegunAt is { } begun ? Milliseconds(asked, begun) : null,
                GrantMs = Milliseconds(asked, granted),
                Stalls = pacer.Stalls,
                StallMs = (long)pacer.StallTime.TotalMilliseconds,
                StalledAt = [.. pacer.StalledAt.Select(place => Math.Round(place.TotalSeconds, 3))],
                Frames = pacer.Frames,
                PlayedSeconds = Math.Round((pacer.Position - pacer.StartedAt).TotalSeconds, 3),
                PlayedToEnd = end is { IsComplete: true } && error is null,
                DecodeErrors = end?.Errors ?? [],
                Error = error,
            };
        }
    }

    private long Milliseconds(long from, long to) => (long)Math.Round(time.GetElapsedTime(from, to).TotalMilliseconds);
}
