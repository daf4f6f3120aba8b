namespace Scdn.Format.Tests.Sources;

internal sealed class SeekIndexTests
{
    private static readonly SeekIndex Index = SeekIndex.None with { KeyFrames = [new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(2), 20), new(TimeSpan.FromSeconds(4), 40)] };

    [TestCase(0, "0")]
    [TestCase(1, "0")]
    [TestCase(3, "20")]
    [TestCase(3.9, "20 40")]
    [TestCase(4, "20 40")]
    [TestCase(4.1, "20 40")]
    [TestCase(9, "40")]
    public void Names_the_key_frames_that_a_seek_may_begin_at(double seconds, string offsets) =>
        Assert.That(string.Join(' ', Index.At(TimeSpan.FromSeconds(seconds)).ToArray().Select(frame => frame.Offset)), Is.EqualTo(offsets));

    [Test]
    public void Names_none_without_an_index()
    {
        Assert.That(SeekIndex.None.At(TimeSpan.FromSeconds(1)).IsEmpty);
        Assert.That(SeekIndex.None.Before(TimeSpan.FromSeconds(1)), Is.Null);
    }

    [TestCase(-1, 0)]
    [TestCase(1.99, 0)]
    [TestCase(2, 20)]
    public void Finds_the_last_key_frame_before_a_time(double seconds, long offset) => Assert.That(Index.Before(TimeSpan.FromSeconds(seconds))!.Value.Offset, Is.EqualTo(offset));
}
