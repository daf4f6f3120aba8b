using Scdn.Format;
using Scdn.Player.Sessions;
using Scdn.Testing;

namespace Scdn.Player.Tests.Sessions;

internal sealed class LeftPlacesTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);
    private readonly ContentId _content = ContentId.New();
    private TempFolder _folder = null!;

    private string PlacesFile => _folder["state/places.json"];

    private LeftPlaces Places => new(PlacesFile, new FakeTime());

    [SetUp]
    public void SetUp() => _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Are_where_each_was_left()
    {
        Places.Keep(_content, TimeSpan.FromMinutes(3), Duration);
        Places.Keep(ContentId.New(), TimeSpan.FromMinutes(5), Duration);
        Assert.That((Places.Of(_content), Places.Of(ContentId.New())), Is.EqualTo((TimeSpan.FromMinutes(3), (TimeSpan?)null)));
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(PlacesFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [TestCase(5)]
    [TestCase(595)]
    [TestCase(null)]
    public void Are_forgotten_of_what_was_hardly_begun_or_seen_to_its_end(int? seconds)
    {
        Places.Keep(_content, TimeSpan.FromMinutes(3), Duration);
        Places.Keep(_content, seconds is { } left ? TimeSpan.FromSeconds(left) : null, Duration);
        Assert.That(Places.Of(_content), Is.Null);
    }

    [Test]
    public void Write_nothing_where_there_is_nothing_to_keep()
    {
        Places.Keep(_content, TimeSpan.FromSeconds(5), Duration);
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void Of_a_file_that_is_something_else_are_none()
    {
        Directory.CreateDirectory(_folder["state"]);
        _folder.Write("state/places.json", "not a list");
        Assert.That(Places.Of(_content), Is.Null);
        Places.Keep(_content, TimeSpan.FromMinutes(3), Duration);
        Assert.That(Places.Of(_content), Is.EqualTo(TimeSpan.FromMinutes(3)));
    }
}
