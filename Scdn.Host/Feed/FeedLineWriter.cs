using System.IO.Pipelines;
using System.Text.Json;
using Scdn.Format.Wire;

namespace Scdn.Host.Feed;

/// <summary>Writes the lines of one follower, together where they come together, but never so many or so late that it could think that nobody is there any more.</summary>
internal sealed class FeedLineWriter(PipeWriter pipe, TimeProvider time)
{
    /// <summary>A line comes at least as often.</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(2);

    private const int MaxWaitingBytes = 64 * 1024;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private long _written = time.GetTimestamp();
    private long _flushed = time.GetTimestamp();
    private long _waiting;

    /// <summary>How long nothing need be written.</summary>
    public TimeSpan UntilKeepAlive => time.GetElapsedTime(_written) is var quiet && quiet < KeepAliveInterval ? KeepAliveInterval - quiet : TimeSpan.Zero;

    /// <summary>Whether what was written must wait no longer for what may come after it.</summary>
    public bool MustFlush => _waiting >= MaxWaitingBytes || (_waiting > 0 && time.GetElapsedTime(_flushed) >= MaxWait);

    public void Write(FeedLine line)
    {
        using (var json = new Utf8JsonWriter(pipe))
        {
            JsonSerializer.Serialize(json, line, WireJson.Default.FeedLine);
            json.Flush();
            _waiting += json.BytesCommitted + 1;
        }

        pipe.GetSpan(1)[0] = (byte)'\n';
        pipe.Advance(1);
        _written = time.GetTimestamp();
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        // Also when nothing waits: the first time it sends the head of the answer.
        await pipe.FlushAsync(cancel);
        _waiting = 0;
        _flushed = time.GetTimestamp();
    }
}
