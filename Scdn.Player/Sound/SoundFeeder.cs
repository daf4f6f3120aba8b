using System.Buffers;
using System.Buffers.Binary;
using Scdn.Media.Decoding;
using Scdn.Player.Playback;

namespace Scdn.Player.Sound;

/// <summary>
/// Gives sound to its output so that it is heard when the clock is there, with its picture: what is early waits, or comes after silence; what is late is left out. On a thread of its own: outputs wait.
/// </summary>
internal sealed class SoundFeeder : IDisposable
{
    /// <summary>No more is given to an output that takes whatever comes.</summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromMilliseconds(200);

    /// <summary>No output takes longer to take a little sound.</summary>
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(1);

    /// <summary>A difference that nobody notices: it is left as it is. Outputs know their delay by the period only.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(15);

    /// <summary>Such a difference is no inexactness of the output: it is put right at once.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(60);

    /// <summary>How much of each new difference goes into their mean.</summary>
    private const double Share = 0.05;

    private readonly Func<ISoundOutput?> _open;
    private readonly PlayClock _clock;
    private readonly ManualResetEventSlim _wake = new();
    private readonly Queue<SoundFrame> _given = new();
    private readonly Stack<SoundFrame> _again = new();
    private readonly Thread _thread;
    private volatile ISoundOutput? _output;
    private volatile ISoundSource? _source;
    private volatile bool _stop;
    private volatile bool _isNew;
    private volatile int _gain = 100;
    private bool _stands = true;
    private TimeSpan _meanOff;

    /// <param name="open">Opens the output, which may take its time; null where there is none.</param>
    /// <param name="clock">What goes by.</param>
    public SoundFeeder(Func<ISoundOutput?> open, PlayClock clock)
    {
        (_open, _clock) = (open, clock);
        _thread = new(Run) { IsBackground = true, Name = "sound" };
        _thread.Start();
    }

    /// <summary>Whether there is something that makes it heard.</summary>
    public bool IsHeard => _output is not null;

    /// <summary>How loud it is, in percent; 0 for nothing.</summary>
    public int Gain
    {
        set => _gain = value;
    }

    /// <summary>From where sound is taken from now on; what was not heard yet is forgotten.</summary>
    public void Play(ISoundSource? source)
    {
        _source = source;
        _isNew = true;
        _wake.Set();
    }

    /// <summary>The clock began to move, or stands.</summary>
    public void Wake() => _wake.Set();

    public void Dispose()
    {
        _stop = true;
        _wake.Set();
        // An output that does not open is not waited for.
        if (!_thread.Join(MostWait)) return;
        Forget();
        _wake.Dispose();
        _output?.Dispose();
    }

    private bool IsInterrupted => _stop || _isNew || !_clock.Runs;

    private void Run()
    {
        if (_open() is not { } output) return;
        _output = output;
        while (!_stop)
        {
            if (_isNew)
            {
                _isNew = false;
                output.Drop();
                Forget();
            }

            if (!_clock.Runs)
            {
                Stand(output);
                _wake.Wait();
                _wake.Reset();
                continue;
            }

            _stands = false;
            if (_again.TryPop(out var sound) || _source is { } source && source.TryTakeSound(out sound)) Give(output, sound);
            else Wait(TimeSpan.FromMilliseconds(5));
        }
    }

    // What was given and not heard is given again when the clock moves.
    private void Stand(ISoundOutput output)
    {
        if (_stands) return;
        _stands = true;
        output.Drop();
        foreach (var sound in _given.Reverse())
        {
            if (sound.Time + LengthOf(sound) > _clock.Position) _again.Push(sound);
            else sound.Dispose();
        }

        _given.Clear();
    }

    private void Give(ISoundOutput output, SoundFrame sound)
    {
        var samples = sound.Samples.Span;
        while (!IsInterrupted)
        {
            var delay = output.Delay;
            if (_clock.Until(sound.Time) is not { } due) continue;
            var off = due - delay;
            if (delay > MostAhead) Wait(delay - MostAhead);
            else if (delay <= TimeSpan.Zero && off > TimeSpan.Zero) Wait(off);
            else
            {
                if (Correction(off, delay) is var wrong && wrong < TimeSpan.Zero) samples = samples[Math.Min(samples.Length, BytesOf(-wrong))..];
                else if (wrong > TimeSpan.Zero) output.Write(new byte[BytesOf(wrong)]);
                if (!samples.IsEmpty) Amplify(output, samples);
                break;
            }
        }

        Keep(sound);
    }

    private void Keep(SoundFrame sound)
    {
        _given.Enqueue(sound);
        // Of more than this an output has nothing any more.
        while (_given.Peek().Time < sound.Time - (TimeSpan.FromSeconds(1) * _clock.Speed)) _given.Dequeue().Dispose();
    }

    // How much silence is to come before it; below zero: how much of it is to be left out.
    private TimeSpan Correction(TimeSpan off, TimeSpan delay)
    {
        // It is empty: what it is given is heard now.
        if (delay <= TimeSpan.Zero)
        {
            _meanOff = TimeSpan.Zero;
            return off < -Tolerance ? off : TimeSpan.Zero;
        }

        _meanOff += (off - _meanOff) * Share;
        if (off.Duration() < Jump && _meanOff.Duration() < Tolerance) return TimeSpan.Zero;
        var wrong = off.Duration() < Jump ? _meanOff : off;
        _meanOff = TimeSpan.Zero;
        return wrong < Jump * 4 ? wrong : Jump * 4;
    }

    private void Amplify(ISoundOutput output, ReadOnlySpan<byte> samples)
    {
        var gain = _gain;
        if (gain == 100)
        {
            output.Write(samples);
            return;
        }

        var changed = ArrayPool<byte>.Shared.Rent(samples.Length);
        for (var at = 0; at + 1 < samples.Length; at += 2)
        {
            var sample = BinaryPrimitives.ReadInt16LittleEndian(samples[at..]) * gain / 100;
            BinaryPrimitives.WriteInt16LittleEndian(changed.AsSpan(at), (short)Math.Clamp(sample, short.MinValue, short.MaxValue));
        }

        output.Write(changed.AsSpan(0, samples.Length));
        ArrayPool<byte>.Shared.Return(changed);
    }

    private void Wait(TimeSpan most)
    {
        _wake.Wait(most);
        _wake.Reset();
    }

    private void Forget()
    {
        while (_given.TryDequeue(out var given)) given.Dispose();
        while (_again.TryPop(out var again)) again.Dispose();
        _meanOff = TimeSpan.Zero;
    }

    private TimeSpan LengthOf(SoundFrame sound) => TimeSpan.FromSeconds((double)sound.Length / SoundFrame.BytesEach / SoundFrame.Rate) * _clock.Speed;

    private static int BytesOf(TimeSpan time) => (int)(time.TotalSeconds * SoundFrame.Rate) * SoundFrame.BytesEach;
}
