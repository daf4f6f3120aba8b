using System.Collections.Concurrent;
using System.Net.Sockets;
using Scdn.Media.Decoding;
using Scdn.Player.Sound;

namespace Scdn.Player.Playback;

/// <summary>
/// What a decoder gives out from one place of the content on, as far ahead of the clock as is good: pictures, sound and subtitles, each to be taken when it is due. Disposing ends the decoder, and
/// lets go what was not taken. Thread-safe.
/// </summary>
internal sealed class Reel : ISoundSource, IAsyncDisposable
{
    /// <summary>So far ahead of the clock is decoded: what a busy machine is bridged with.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    /// <summary>And so far for want of one of the two.</summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(3);

    /// <summary>Where one of picture and sound is behind, it is looked again so soon.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);

    private readonly FilmDecode _decode;
    private readonly PlayClock _clock;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<PictureFrame> _pictures = new();
    private readonly ConcurrentQueue<SoundFrame> _sound = new();
    private readonly ConcurrentQueue<Cue> _cues = new();
    private readonly Task _filling;
    private readonly Task _reading;
    private long _reached = long.MinValue;
    private bool _hasSound;
    private volatile TaskCompletionSource _moved = NewSignal();

    /// <param name="decode">Disposed of with this.</param>
    /// <param name="clock">What goes by.</param>
    /// <param name="time">The clock that it waits by.</param>
    public Reel(FilmDecode decode, PlayClock clock, TimeProvider time)
    {
        (_decode, _clock, _time) = (decode, clock, time);
        _filling = Task.Run(FillAsync, CancellationToken.None);
        _reading = Task.Run(ReadCuesAsync, CancellationToken.None);
    }

    /// <summary>When all was decoded: how that ended.</summary>
    public DecodeEnd? End { get; private set; }

    /// <summary>Why it broke off; null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether nothing more will come.</summary>
    public bool IsOver => _filling.IsCompleted;

    /// <summary>The time of the last thing that came; null before.</summary>
    public TimeSpan? Reached => Interlocked.Read(ref _reached) is var ticks and > long.MinValue ? TimeSpan.FromTicks(ticks) : null;

    public bool HasPictures { get; private set; }

    /// <summary>How loud the sound is that came.</summary>
    public SoundLevels Levels { get; } = new();

    /// <summary>The time of the picture that comes next; null when none is here.</summary>
    public TimeSpan? NextPicture => _pictures.TryPeek(out var picture) ? picture.Time : null;

    public bool HasSound => !_sound.IsEmpty;

    /// <summary>The time of the sound that comes next; null when none is here.</summary>
    public TimeSpan? NextSound => _sound.TryPeek(out var sound) ? sound.Time : null;

    /// <summary>Takes the picture that comes next, to be disposed of.</summary>
    public bool TryTakePicture([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PictureFrame? picture) => Taken(_pictures.TryDequeue(out picture));

    /// <inheritdoc/>
    public bool TryTakeSound([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SoundFrame? sound) => Taken(_sound.TryDequeue(out sound));

    /// <summary>The subtitle that is shown at a time; null for none. Those before it are gone then.</summary>
    public Cue? CueAt(TimeSpan time)
    {
        while (_cues.TryPeek(out var cue) && cue.Time <= time)
        {
            if (cue.End > time) return cue;
            _cues.TryDequeue(out _);
        }

        return null;
    }

    /// <summary>Ends when something came or was taken.</summary>
    public Task MovedAsync() => _moved.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _decode.DisposeAsync();
        await Task.WhenAll(_filling, _reading);
        while (_pictures.TryDequeue(out var picture)) picture.Dispose();
        while (_sound.TryDequeue(out var sound)) sound.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool Taken(bool isTaken)
    {
        if (isTaken) Signal();
        return isTaken;
    }

    private void Signal() => Interlocked.Exchange(ref _moved, NewSignal()).TrySetResult();

    private async Task FillAsync()
    {
        try
        {
            await foreach (var frame in _decode.ReadFramesAsync(_stop.Token))
            {
                Interlocked.Exchange(ref _reached, frame.Time.Ticks);
                Keep(frame);
                Signal();
                while (IsFarAhead()) await WaitAsync();
            }

            End = await _decode.WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody wants the rest.
        }
        catch (Exception fault)
        {
            Failure = fault;
        }

        Signal();
    }

    private void Keep(FilmFrame frame)
    {
        switch (frame)
        {
            case PictureFrame picture:
                HasPictures = true;
                _pictures.Enqueue(picture);
                break;
            case SoundFrame sound:
                _hasSound = true;
                Levels.Add(sound);
                _sound.Enqueue(sound);
                break;
        }
    }

    // Where one of picture and sound is wanting, more is read for a while; then it has ended, or never comes.
    private bool IsFarAhead()
    {
        var ahead = Reached - _clock.Position;
        if (!(ahead > Ahead * _clock.Speed)) return false;
        return (!_pictures.IsEmpty || !HasPictures) && (!_sound.IsEmpty || !_hasSound) || ahead > MostAhead * _clock.Speed;
    }

    private async Task WaitAsync()
    {
        // Read before: what moves meanwhile is not missed.
        var moved = _moved.Task;
        if (!IsFarAhead()) return;
        var until = _clock.Until(Reached!.Value - (Ahead * _clock.Speed));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(moved, until is { } left ? Task.Delay(left > Soon ? left : Soon, _time, enough.Token) : Task.Delay(Timeout.Infinite, enough.Token));
        await enough.CancelAsync();
        _stop.Token.ThrowIfCancellationRequested();
    }

    private async Task ReadCuesAsync()
    {
        try
        {
            await foreach (var cue in _decode.ReadCuesAsync(_stop.Token)) _cues.Enqueue(cue);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The film goes on without.
        }
    }
}
