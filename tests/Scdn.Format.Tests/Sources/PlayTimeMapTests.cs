namespace Scdn.Format.Tests.Sources;

internal sealed class PlayTimeMapTests
{
    [TestCase(0, 0)]
    [TestCase(5, 100)]
    [TestCase(10, 200)]
    [TestCase(15, 600)]
    [TestCase(20, 1000)]
    [TestCase(90, 1000)]
    public void Follows_the_key_frames(double seconds, long offset)
    {
        var map = new PlayTimeMap(Manifest(20, new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(10), 200)));

        Assert.That(map.OffsetAt(TimeSpan.FromSeconds(seconds)), Is.EqualTo(offset));
    }

    [Test]
    public void Takes_the_mean_rate_without_key_frames()
    {
        Assert.That(new PlayTimeMap(Manifest(20)).OffsetAt(TimeSpan.FromSeconds(5)), Is.EqualTo(250));
    }

    [Test]
    public void Says_the_whole_when_nothing_is_known()
    {
        Assert.That(new PlayTimeMap(Manifest(0)).OffsetAt(TimeSpan.FromSeconds(5)), Is.EqualTo(1000));
    }

    [Test]
    public void Goes_on_at_the_last_rate_when_only_key_frames_are_known()
    {
        var map = new PlayTimeMap(Manifest(0, new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(10), 200)));

        Assert.That(map.OffsetAt(TimeSpan.FromSeconds(20)), Is.EqualTo(400));
    }

    [Test]
    public void Seeks_to_the_key_frame_before()
    {
        var map = new PlayTimeMap(Manifest(20, new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(10), 200)));

        Assert.That(map.SeekRange(TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(1)), Is.EqualTo(new ByteRange(200, 400)));
    }

    [Test]
    public void Seeks_to_all_that_the_key_frame_needs()
    {
        var map = new PlayTimeMap(Manifest(20, new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(10), 200, [new(190, 700)])));

        Assert.That(map.SeekRange(TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(1)), Is.EqualTo(new ByteRange(190, 700)));
    }

    private static Manifest Manifest(double seconds, params KeyFrame[] frames) => new()
    {
        Title = "Film",
        MediaType = "video/mp4",
        Container = "mov",
        Length = 1000,
        Sha256 = [],
        Parts = [],
        Duration = TimeSpan.FromSeconds(seconds),
        KeyFrames = [.. frames],
    };
}
