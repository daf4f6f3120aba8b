using Scdn.Grains.FolderFiles;

namespace Scdn.Grains.Tests.FolderFiles;

internal sealed class FolderFileStateTests
{
    [TestCase("first", "films/a film.mp4")]
    [TestCase("second", null)]
    public void Is_of_the_host_that_watches_its_folder_alone(string host, string? path)
    {
        var found = FolderFileState.PathOf(FolderFileState.IdOf("first", "films/a film.mp4"), host, out var old);

        Assert.That((found, old), Is.EqualTo((path, false)));
    }

    [Test]
    public void Is_known_as_one_of_the_time_when_there_was_one_folder_only()
    {
        var found = FolderFileState.PathOf("films/a film.mp4", "first", out var old);

        Assert.That((found, old), Is.EqualTo(("films/a film.mp4", true)));
    }

    [Test]
    public void Is_not_taken_for_one_of_a_host_whose_name_begins_likewise() =>
        Assert.That(FolderFileState.PathOf(FolderFileState.IdOf("first-2", "film.mp4"), "first", out _), Is.Null);
}
