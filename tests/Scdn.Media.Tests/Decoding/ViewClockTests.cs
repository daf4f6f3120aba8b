using Scdn.Media.Decoding;

namespace Scdn.Media.Tests.Decoding;

internal sealed class ViewClockTests
{
    private readonly ViewClock _clock = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));

    [Test]
    public void The_first_frame_of_the_main_stream_is_shown_at_the_key_frames_time()
    {
        var placed = (IEnumerable<DecodedFrame>)[.. Place(1, 5.0, false), .. Place(0, 5.2, true), .. Place(1, 5.9, false), .. Place(0, 6.2, true), .. Place(1, 6.3, false)];

        Assert.That(placed.Select(frame => (frame.Stream, frame.Time.TotalSeconds)), Is.EqualTo(new[] { (0, 61.0), (1, 61.1) }));
    }

    [Test]
    public void Sound_without_its_picture_begins_at_the_key_frames_time()
    {
        _ = Place(1, 5, false).Concat(Place(1, 6.5, false)).ToList();

        Assert.That(_clock.End().Select(frame => frame.Time.TotalSeconds), Is.EqualTo(new[] { 61.5 }));
    }

    private IEnumerable<DecodedFrame> Place(int stream, double seconds, bool isMain) =>
        _clock.Place(new(stream, MediaKind.Audio, TimeSpan.FromSeconds(seconds), TimeSpan.Zero, ""), isMain);
}
