using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Scdn.Media.Decoding;
using Scdn.Player.Playback;
using Scdn.Player.Sound;
using Scdn.Testing;

namespace Scdn.Player.Tests.Sound;

/// <summary>The clock moves only when a test says so; what is to be heard at a time is written when the clock is there.</summary>
[CancelAfter(60_000)]
internal sealed class SoundFeederTests
{
    private static readonly TimeSpan Piece = TimeSpan.FromMilliseconds(20);

    private readonly FakeTime _time = new();
    private PlayClock _clock = null!;
    private Output _output = null!;
    private SoundFeeder _feeder = null!;
    private Source _source = null!;

    [SetUp]
    public void SetUp()
    {
        (_clock, _output, _source) = (new(_time), new(), new());
        _feeder = new(() => _output, _clock);
        _feeder.Play(_source);
    }

    [TearDown]
    public void TearDown() => _feeder.Dispose();

    [Test]
    public async Task Gives_nothing_before_the_clock_is_there()
    {
        _source.Add(0, 1);
        _source.Add(500, 2);
        Start();
        await HeardAsync(1);
        await AdvanceAsync(500);
        await HeardAsync(1, 2);
    }

    [Test]
    public async Task Leaves_out_what_is_late()
    {
        Start();
        await AdvanceAsync(1000);
        for (var piece = 0; piece <= 50; piece++) _source.Add(piece * 20, (short)(piece + 1));
        _feeder.Wake();
        await Eventually.HoldsAsync(() => !_output.Heard.IsEmpty && _source.IsEmpty, "all is taken");
        Assert.That(_output.Heard.First(), Is.EqualTo(51));
    }

    [Test]
    public async Task Gives_again_what_was_not_heard_when_it_was_paused()
    {
        _output.KeepsTime = true;
        for (var piece = 0; piece < 5; piece++) _source.Add(piece * 20, (short)(piece + 1));
        Start();
        await Eventually.HoldsAsync(() => _source.IsEmpty, "all is taken");
        await HeardAsync(1, 2, 3, 4, 5);
        _clock.Stop();
        _feeder.Wake();
        await Eventually.HoldsAsync(() => _output.Drops > 1, "it is silent");
        Start();
        await HeardAsync(1, 2, 3, 4, 5, 1, 2, 3, 4, 5);
    }

    [Test]
    public async Task Forgets_what_was_of_another_place()
    {
        _source.Add(0, 1);
        Start();
        await HeardAsync(1);
        var other = new Source();
        other.Add(0, 7);
        _feeder.Play(other);
        await HeardAsync(1, 7);
        Assert.That(_output.Drops, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task Is_as_loud_as_is_wanted()
    {
        _feeder.Gain = 50;
        _source.Add(0, 1000);
        Start();
        await HeardAsync(500);
    }

    [Test]
    public async Task Puts_silence_before_what_would_be_heard_too_early()
    {
        // Of what is queued some has been heard already, so that the next piece would come a tenth of a second before its picture.
        (_output.KeepsTime, _output.Queued) = (true, TimeSpan.FromMilliseconds(20));
        _source.Add(120, 3);
        Start();
        await HeardAsync(0, 3);
    }

    private void Start()
    {
        _clock.Start();
        _feeder.Wake();
    }

    private async Task AdvanceAsync(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _feeder.Wake();
        await Task.Yield();
    }

    private Task HeardAsync(params short[] pieces) =>
        Eventually.HoldsAsync(() => _output.Heard.ToArray().SequenceEqual(pieces), $"{string.Join(' ', pieces)} is heard");

    /// <summary>Pieces of 20 ms, in which all samples are the same.</summary>
    private sealed class Source : ISoundSource
    {
        private readonly ConcurrentQueue<SoundFrame> _frames = new();

        public bool IsEmpty => _frames.IsEmpty;

        public void Add(int milliseconds, short sample)
        {
            var length = (int)(Piece.TotalSeconds * SoundFrame.Rate) * SoundFrame.BytesEach;
            var owner = MemoryPool<byte>.Shared.Rent(length);
            for (var at = 0; at < length; at += 2) BitConverter.TryWriteBytes(owner.Memory.Span[at..], sample);
            _frames.Enqueue(new(TimeSpan.FromMilliseconds(milliseconds), owner, length));
        }

        public bool TryTakeSound([NotNullWhen(true)] out SoundFrame? sound) => _frames.TryDequeue(out sound);
    }

    /// <summary>What is given to one that keeps time stays queued, for the clock stands still; else it is played at once, as a file does.</summary>
    private sealed class Output : ISoundOutput
    {
        private int _drops;

        /// <summary>The sample of each piece that was written.</summary>
        public ConcurrentQueue<short> Heard { get; } = new();

        public bool KeepsTime { get; set; }

        public TimeSpan Queued { get; set; }

        public int Drops => _drops;

        public TimeSpan Delay => Queued;

        public void Write(ReadOnlySpan<byte> samples)
        {
            Heard.Enqueue(BitConverter.ToInt16(samples));
            if (KeepsTime) Queued += TimeSpan.FromSeconds((double)samples.Length / SoundFrame.BytesEach / SoundFrame.Rate);
        }

        public void Drop()
        {
            Interlocked.Increment(ref _drops);
            // What was queued before the test began is not the feeder's.
            if (!Heard.IsEmpty) Queued = TimeSpan.Zero;
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
