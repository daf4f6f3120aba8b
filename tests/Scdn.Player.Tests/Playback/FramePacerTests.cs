using System.Threading.Channels;
using Scdn.Media;
using Scdn.Media.Decoding;
using Scdn.Player.Playback;
using Scdn.Testing;

namespace Scdn.Player.Tests.Playback;

[CancelAfter(60_000)]
internal sealed class FramePacerTests
{
    private readonly FakeTime _time = new();
    private readonly Channel<DecodedFrame> _frames = Channel.CreateUnbounded<DecodedFrame>();
    private readonly Channel<TimeSpan> _shown = Channel.CreateUnbounded<TimeSpan>();
    private Task _ready = Task.CompletedTask;

    [Test]
    public async Task Takes_frames_when_they_are_due_at_several_times_real_time()
    {
        var pacer = new FramePacer(4, _time);
        Give(0, 1, 2);
        _frames.Writer.Complete();
        var playing = PlayAsync(pacer);
        await ShownAsync(0);

        await PassAsync(0.25);
        await ShownAsync(1);
        await PassAsync(0.25);
        await ShownAsync(2);

        Assert.That(await playing, Is.True);
        Assert.That((pacer.Stalls, pacer.Frames), Is.EqualTo((0, 3)));
    }

    [Test]
    public async Task Counts_a_frame_that_comes_late_as_a_stall_and_moves_what_follows()
    {
        var pacer = new FramePacer(1, _time);
        Give(0);
        var playing = PlayAsync(pacer);
        await ShownAsync(0);

        _time.Advance(TimeSpan.FromSeconds(1.5));
        Give(1, 2);
        _frames.Writer.Complete();
        await ShownAsync(1);
        await PassAsync(1);
        await ShownAsync(2);
        await playing;

        Assert.That(pacer.Stalls, Is.EqualTo(1));
        Assert.That(pacer.StallTime, Is.EqualTo(TimeSpan.FromSeconds(0.5)));
        Assert.That(pacer.StalledAt, Is.EqualTo(new[] { TimeSpan.Zero }));
    }

    [Test]
    public async Task Begins_to_move_when_enough_is_there_and_counts_from_then_on()
    {
        var ready = new TaskCompletionSource();
        _ready = ready.Task;
        var pacer = new FramePacer(1, _time);
        Give(0, 1);
        _frames.Writer.Complete();
        var asked = _time.GetTimestamp();
        var playing = PlayAsync(pacer);
        _time.Advance(TimeSpan.FromSeconds(3));
        ready.SetResult();
        await ShownAsync(0);
        await PassAsync(1);
        await playing;

        Assert.That(_time.GetElapsedTime(asked, pacer.BegunAt!.Value), Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(_time.GetElapsedTime(asked, pacer.FirstFrameAt!.Value), Is.LessThan(TimeSpan.FromSeconds(3)));
        Assert.That(pacer.Stalls, Is.Zero);
    }

    [Test]
    public async Task Does_not_count_a_wait_that_nobody_sees()
    {
        var pacer = new FramePacer(1, _time);
        Give(0);
        var playing = PlayAsync(pacer);
        await ShownAsync(0);

        _time.Advance(TimeSpan.FromSeconds(1) + FramePacer.SmallestStall);
        Give(1);
        _frames.Writer.Complete();
        await playing;

        Assert.That(pacer.Stalls, Is.Zero);
    }

    [Test]
    public async Task Stops_when_as_much_was_played_as_was_asked_for()
    {
        var pacer = new FramePacer(1, _time);
        Give(100, 100.5, 101, 102);
        var playing = PlayAsync(pacer, TimeSpan.FromSeconds(1));
        await ShownAsync(100);
        await PassAsync(0.5);

        Assert.That(await playing, Is.False);
        Assert.That((pacer.StartedAt, pacer.Position), Is.EqualTo((TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(100.5))));
    }

    [Test]
    public async Task Knows_that_there_was_no_frame_at_all()
    {
        var pacer = new FramePacer(1, _time);
        _frames.Writer.Complete();

        Assert.That(await PlayAsync(pacer), Is.True);
        Assert.That(pacer.FirstFrameAt, Is.Null);
    }

    private Task<bool> PlayAsync(FramePacer pacer, TimeSpan? limit = null) =>
        pacer.RunAsync(_frames.Reader.ReadAllAsync(), _ => _ready, limit, position => _shown.Writer.TryWrite(position), CancellationToken.None);

    private void Give(params double[] seconds)
    {
        foreach (var second in seconds) _frames.Writer.TryWrite(new(0, MediaKind.Video, TimeSpan.FromSeconds(second), TimeSpan.Zero, ""));
    }

    private async Task ShownAsync(double seconds) => Assert.That(await _shown.Reader.ReadAsync(), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    // The next frame is due after exactly this, and not a millisecond before.
    private async Task PassAsync(double seconds)
    {
        await _time.UntilArmedAsync();
        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.That((_time.Armed, _shown.Reader.Count), Is.EqualTo((1, 0)));
        _time.Advance(TimeSpan.FromMilliseconds(1));
    }
}
