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
        Assert.That(map.TimeAt(offset).TotalSeconds, Is.EqualTo(Math.Min(20, seconds)).Within(0.001));
    }

    [TestCase(0, 0)]
    [TestCase(100, 5)]
    [TestCase(200, 10)]
    [TestCase(600, 10 + (10 * 100 / 500.0))]
    [TestCase(1000, 20)]
    public void Says_when_a_byte_is_read(long offset, double seconds)
    {
        var map = new PlayTimeMap(Manifest(20, new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(10), 200, [new(200, 300)])));

        Assert.That(map.TimeAt(offset).TotalSeconds, Is.EqualTo(seconds).Within(1e-6));
    }

    [Test]
    public void Reads_all_of_a_key_frame_to_show_it()
    {
        var map = new PlayTimeMap(Manifest(20, new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(10), 200, [new(200, 300)])));

        Assert.That(map.TimeAt(499), Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Reads_everything_at_once_when_nothing_is_known()
    {
        Assert.That(new PlayTimeMap(Manifest(0)).TimeAt(900), Is.EqualTo(TimeSpan.Zero));
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

        Assert.That(map.SeekRange(TimeSpan.FromSeconds(10), TimeSpan.Zero), Is.EqualTo(new ByteRange(190, 700)));
    }

    [TestCase(40_000, 60_000, 60_000 - 4096)]
    [TestCase(59_000, 60_000, 59_000)]
    [TestCase(60_000, 60_000, 60_000)]
    public void Begins_at_the_key_frame_before_the_sound_that_lies_before_it(long range, long frame, long start)
    {
        var manifest = Manifest(20, new KeyFrame(TimeSpan.FromSeconds(10), frame, [new(range, 30_000)])) with { Length = 1_000_000 };

        Assert.That(new PlayTimeMap(manifest).SeekStart(TimeSpan.FromSeconds(14)), Is.EqualTo(start));
    }

    [TestCase(0, 0)]
    [TestCase(0.5, 310)]
    [TestCase(5, 400)]
    [TestCase(10, 700)]
    [TestCase(15, 850)]
    [TestCase(20, 1000)]
    public void Has_read_all_of_a_key_frame_when_it_is_shown(double seconds, long offset)
    {
        var map = new PlayTimeMap(Manifest(20, new(TimeSpan.Zero, 0, [new(0, 300)]), new(TimeSpan.FromSeconds(10), 500, [new(490, 210)])));

        Assert.That(map.OffsetAt(TimeSpan.FromSeconds(seconds)), Is.EqualTo(offset));
    }

    [Test]
    public void Takes_a_key_frame_to_end_where_the_next_one_begins()
    {
        var map = new PlayTimeMap(Manifest(20, new(TimeSpan.Zero, 0, [new(0, 800)]), new(TimeSpan.FromSeconds(10), 500)));

        Assert.That(map.OffsetAt(TimeSpan.FromSeconds(5)), Is.EqualTo(500));
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
