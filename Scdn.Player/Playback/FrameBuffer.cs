using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Scdn.Media.Decoding;

namespace Scdn.Player.Playback;

/// <summary>
/// Lets the decoder run a little ahead of the picture, as players do: a busy moment of the machine is not a stall. Bounded in play time, so that what is decoded
/// ahead stays within what may be fetched ahead.
/// </summary>
/// <param name="least">How much of play has to be here before it begins; no more than <paramref name="most"/>, beyond which nothing comes before something is taken.</param>
/// <param name="most">How much of play may be decoded ahead.</param>
internal sealed class FrameBuffer(TimeSpan least, TimeSpan most)
{
    private readonly Channel<DecodedFrame> _frames = Channel.CreateUnbounded<DecodedFrame>();
    private readonly Lock _gate = new();
    private readonly TimeSpan _least = least < most ? least : most;
    private readonly TaskCompletionSource _ready = NewSignal();
    private TimeSpan? _first;
    private TimeSpan? _taken;
    private TaskCompletionSource _moved = NewSignal();

    /// <summary>The frames, as they come; while they are taken, at most so much play more is asked of the decoder. To be read once.</summary>
    public async IAsyncEnumerable<DecodedFrame> AheadAsync(IAsyncEnumerable<DecodedFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var filling = FillAsync(frames, stopping.Token);
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(cancellationToken))
            {
                Take(frame.Time);
                yield return frame;
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await filling;
        }
    }

    /// <summary>Waits until enough is here to begin, or all there is.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FillAsync(IAsyncEnumerable<DecodedFrame> frames, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in frames.WithCancellation(cancellationToken))
            {
                _frames.Writer.TryWrite(frame);
                _first ??= frame.Time;
                if (frame.Time - _first >= _least) _ready.TrySetResult();
                while (IsFarAhead(frame.Time, out var moved)) await moved.WaitAsync(cancellationToken);
            }

            _frames.Writer.Complete();
        }
        catch (Exception error)
        {
            // Whoever takes the frames is told, in its turn.
            _frames.Writer.TryComplete(error);
        }
        finally
        {
            _ready.TrySetResult();
        }
    }

    // When all were taken, nothing is ahead: whoever waits for a frame is never kept waiting by this.
    private bool IsFarAhead(TimeSpan read, out Task moved)
    {
        lock (_gate)
        {
            _taken ??= read;
            moved = _moved.Task;
            return read - _taken > most;
        }
    }

    private void Take(TimeSpan time)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            if (_taken is { } taken && time <= taken) return;
            _taken = time;
            moved = _moved;
            _moved = NewSignal();
        }

        moved.TrySetResult();
    }
}
