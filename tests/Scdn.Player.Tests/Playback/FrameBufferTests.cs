using System.Threading.Channels;
using Scdn.Media;
using Scdn.Media.Decoding;
using Scdn.Player.Playback;

namespace Scdn.Player.Tests.Playback;

[CancelAfter(60_000)]
internal sealed class FrameBufferTests
{
    private readonly FrameBuffer _buffer = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    private readonly Channel<double> _read = Channel.CreateUnbounded<double>();

    [Test]
    public async Task Gives_all_frames_in_order()
    {
        var times = await _buffer.AheadAsync(FramesAsync(0, 1, 2, 3, 4, 5), CancellationToken.None).Select(frame => frame.Time.TotalSeconds).ToListAsync();

        Assert.That(times, Is.EqualTo(new double[] { 0, 1, 2, 3, 4, 5 }));
    }

    [Test]
    public async Task Asks_the_decoder_for_no_more_play_than_it_may()
    {
        await using var frames = _buffer.AheadAsync(FramesAsync(0, 1, 2, 3, 4, 5, 6), CancellationToken.None).GetAsyncEnumerator();
        await frames.MoveNextAsync();
        await ReadAsync(0, 1, 2, 3);
        Assert.That(_read.Reader.Count, Is.Zero);

        await frames.MoveNextAsync();

        await ReadAsync(4);
        Assert.That(_read.Reader.Count, Is.Zero);
    }

    [Test]
    public async Task Is_ready_when_enough_is_decoded_although_nothing_was_taken()
    {
        var more = Channel.CreateUnbounded<DecodedFrame>();
        await using var frames = _buffer.AheadAsync(more.Reader.ReadAllAsync(), CancellationToken.None).GetAsyncEnumerator();
        more.Writer.TryWrite(Frame(5));
        await frames.MoveNextAsync();
        var ready = _buffer.ReadyAsync(CancellationToken.None);
        Assert.That(ready.IsCompleted, Is.False);

        more.Writer.TryWrite(Frame(6));

        await ready;
    }

    [Test]
    public async Task Is_ready_when_no_more_may_be_decoded()
    {
        var buffer = new FrameBuffer(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(2));
        await using var frames = buffer.AheadAsync(FramesAsync(0, 1, 2, 3, 4), CancellationToken.None).GetAsyncEnumerator();
        await frames.MoveNextAsync();

        await buffer.ReadyAsync(CancellationToken.None);
    }

    [Test]
    public async Task Is_ready_when_there_is_no_more()
    {
        await using var frames = _buffer.AheadAsync(FramesAsync(0, 0.5), CancellationToken.None).GetAsyncEnumerator();
        await frames.MoveNextAsync();

        await _buffer.ReadyAsync(CancellationToken.None);
    }

    [Test]
    public async Task Never_keeps_waiting_who_has_taken_all()
    {
        var times = new double[] { 0, 10, 5, 20, 19, 40 };

        Assert.That(await _buffer.AheadAsync(FramesAsync(times), CancellationToken.None).CountAsync(), Is.EqualTo(times.Length));
    }

    [Test]
    public void Tells_why_the_decoder_broke_off()
    {
        Assert.That(
            async () => await _buffer.AheadAsync(BrokenAsync(), CancellationToken.None).CountAsync(),
            Throws.InstanceOf<IOException>());
    }

    private static async IAsyncEnumerable<DecodedFrame> BrokenAsync()
    {
        yield return Frame(0);
        await Task.Yield();
        throw new IOException("The pipe broke.");
    }

    private static DecodedFrame Frame(double seconds) => new(0, MediaKind.Video, TimeSpan.FromSeconds(seconds), TimeSpan.Zero, "");

    private async IAsyncEnumerable<DecodedFrame> FramesAsync(params double[] seconds)
    {
        foreach (var second in seconds)
        {
            _read.Writer.TryWrite(second);
            yield return Frame(second);
            await Task.Yield();
        }
    }

    private async Task ReadAsync(params double[] seconds)
    {
        foreach (var second in seconds) Assert.That(await _read.Reader.ReadAsync(), Is.EqualTo(second));
    }
}
