using Scdn.Client.Explaining;
using Scdn.Media.Decoding;

namespace Scdn.Player.Playback;

/// <summary>
/// Takes frames when they are due, at a number of times real time, as a screen would; and notes what a viewer would: when the first one was there, and
/// how often and how long the picture stood because the next one was not. A stall moves all that follows.
/// </summary>
/// <param name="speed">Times real time.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of the first frame, of the beginning, and of each stall; null: nobody asks.</param>
internal sealed class FramePacer(double speed, TimeProvider time, PlayLog? log = null)
{
    /// <summary>A wait for a frame that is due and longer than this is seen: a frame at 25 frames a second.</summary>
    public static readonly TimeSpan SmallestStall = TimeSpan.FromMilliseconds(40);

    private readonly List<TimeSpan> _stalledAt = [];

    /// <summary>When the first frame was there; null before.</summary>
    public long? FirstFrameAt { get; private set; }

    /// <summary>When the picture began to move; null before.</summary>
    public long? BegunAt { get; private set; }

    /// <summary>Frames of all streams that were taken.</summary>
    public long Frames { get; private set; }

    public int Stalls { get; private set; }

    public TimeSpan StallTime { get; private set; }

    /// <summary>Where in the content the picture stood, of the first stalls.</summary>
    public IReadOnlyList<TimeSpan> StalledAt => _stalledAt;

    /// <summary>When the first frame is shown, in the content's time.</summary>
    public TimeSpan StartedAt { get; private set; }

    /// <summary>How far the picture is, in the content's time.</summary>
    public TimeSpan Position { get; private set; }

    /// <summary>
    /// Takes frames until there are none, or <paramref name="limit"/> of play is over. The first one is shown at once; the picture begins to move when <paramref name="ready"/> says so.
    /// Returns whether the end was reached.
    /// </summary>
    public async Task<bool> RunAsync(
        IAsyncEnumerable<DecodedFrame> frames, Func<CancellationToken, Task> ready, TimeSpan? limit, Action<TimeSpan> moved, CancellationToken cancellationToken)
    {
        await using var next = frames.GetAsyncEnumerator(cancellationToken);
        // What the frame at StartedAt is due at; moves with every stall.
        var origin = 0L;
        while (true)
        {
            var asked = time.GetTimestamp();
            if (!await next.MoveNextAsync()) return true;
            var frame = next.Current;
            if (FirstFrameAt is null)
            {
                FirstFrameAt = time.GetTimestamp();
                log?.FirstFrame();
                await ready(cancellationToken);
                BegunAt = origin = time.GetTimestamp();
                log?.Began();
                (StartedAt, Position) = (frame.Time, frame.Time);
            }
            else
            {
                if (limit is { } most && frame.Time - StartedAt >= most) return false;
                origin = await ShowAsync(frame.Time, asked, origin, cancellationToken);
            }

            Frames++;
            if (frame.Time > Position) Position = frame.Time;
            moved(Position);
        }
    }

    private async Task<long> ShowAsync(TimeSpan at, long asked, long origin, CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        var due = origin + Ticks((at - StartedAt) / speed);
        // Only waiting counts: a frame that is late because we were asked late for it is not the source's fault.
        var waited = time.GetElapsedTime(Math.Max(asked, due), arrived);
        if (waited > SmallestStall)
        {
            Stalls++;
            if (_stalledAt.Count < PlaybackReport.MostPlaces) _stalledAt.Add(Position);
            StallTime += waited;
            log?.Stalled(Position, waited);
            origin += Ticks(waited);
        }

        var early = time.GetElapsedTime(arrived, due);
        if (early > TimeSpan.Zero) await Task.Delay(early, time, cancellationToken);
        return origin;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
