using System.Runtime.Versioning;
using Scdn.Testing;

namespace Scdn.Format.Tests;

internal sealed class ScratchFolderTests
{
    private TempFolder _root = null!;

    [SetUp]
    public void MakeRoot() => _root = new();

    [TearDown]
    public void RemoveRoot() => _root.Dispose();

    [Test]
    public void Removes_what_a_killed_process_left()
    {
        Directory.CreateDirectory(_root["work-dead"]);
        _root.Write("work-dead/part", [1, 2, 3]);
        _root.Write("work-dead.lock", []);

        using var folder = ScratchFolder.Create(_root.Path, "work-");

        Assert.That(Directory.Exists(_root["work-dead"]), Is.False);
        Assert.That(File.Exists(_root["work-dead.lock"]), Is.False);
    }

    [Test]
    public void Leaves_other_folders_alone()
    {
        _root.Write("other.lock", []);
        Directory.CreateDirectory(_root["other"]);

        using var folder = ScratchFolder.Create(_root.Path, "work-");

        Assert.That(Directory.Exists(_root["other"]) && File.Exists(_root["other.lock"]));
    }

    [Test]
    public void Leaves_the_folder_of_a_living_process_alone()
    {
        using var living = ScratchFolder.Create(_root.Path, "work-");
        File.WriteAllBytes(Path.Combine(living.Path, "part"), [1]);

        using var folder = ScratchFolder.Create(_root.Path, "work-");

        Assert.That(File.Exists(Path.Combine(living.Path, "part")));
    }

    [Test]
    public void Leaves_nothing_when_disposed()
    {
        var folder = ScratchFolder.Create(_root.Path, "work-");
        File.WriteAllBytes(Path.Combine(folder.Path, "part"), [1]);

        folder.Dispose();

        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }

    [Test, UnsupportedOSPlatform("windows"), Platform(Exclude = "Win")]
    public void Lets_nobody_else_in()
    {
        using var folder = ScratchFolder.Create(_root.Path, "work-");

        Assert.That(File.GetUnixFileMode(folder.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }
}
