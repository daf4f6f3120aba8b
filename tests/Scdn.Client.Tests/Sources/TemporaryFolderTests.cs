using System.Runtime.Versioning;
using Scdn.Client.Sources;
using Scdn.Testing;

namespace Scdn.Client.Tests.Sources;

internal sealed class TemporaryFolderTests
{
    private readonly TempFolder _root = new();

    [TearDown]
    public void RemoveRoot() => _root.Dispose();

    [Test]
    public void Removes_what_a_killed_player_left()
    {
        Directory.CreateDirectory(_root["dead"]);
        _root.Write("dead/part", [1, 2, 3]);
        _root.Write("dead.lock", []);

        using var folder = TemporaryFolder.Create(_root.Path);

        Assert.That(Directory.Exists(_root["dead"]), Is.False);
        Assert.That(File.Exists(_root["dead.lock"]), Is.False);
    }

    [Test]
    public void Leaves_the_folder_of_a_living_player_alone()
    {
        using var living = TemporaryFolder.Create(_root.Path);
        File.WriteAllBytes(Path.Combine(living.Path, "part"), [1]);

        using var folder = TemporaryFolder.Create(_root.Path);

        Assert.That(File.Exists(Path.Combine(living.Path, "part")));
    }

    [Test]
    public void Leaves_nothing_when_disposed()
    {
        var folder = TemporaryFolder.Create(_root.Path);
        File.WriteAllBytes(Path.Combine(folder.Path, "part"), [1]);

        folder.Dispose();

        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }

    [Test, UnsupportedOSPlatform("windows"), Platform(Exclude = "Win")]
    public void Lets_nobody_else_in()
    {
        using var folder = TemporaryFolder.Create(_root.Path);

        Assert.That(File.GetUnixFileMode(folder.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }
}
