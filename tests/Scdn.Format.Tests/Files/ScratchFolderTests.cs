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

    [Test]
    public void Goes_on_with_what_was_kept()
    {
        using (var kept = Keep("mine"))
        {
            using var meanwhile = ScratchFolder.Open(_root.Path, "work-", IsMine);
            Assert.That(meanwhile.Path, Is.Not.EqualTo(kept.Path), "it is still in use");
        }

        using (var folder = ScratchFolder.Open(_root.Path, "work-", IsMine)) Assert.That(IsMine(folder.Path));
        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }

    [Test]
    public async Task Those_that_look_at_the_same_time_each_go_on_with_their_own()
    {
        string[] names = ["a", "b", "c", "d"];
        foreach (var name in names)
        {
            using var kept = Keep(name);
        }

        for (var round = 0; round < 50; round++)
        {
            using var together = new Barrier(names.Length);
            var opened = await Task.WhenAll(names.Select(name => Task.Run(() =>
            {
                together.SignalAndWait();
                return ScratchFolder.Open(_root.Path, "work-", path => Holds(path, name));
            })));
            Assert.That(opened.Zip(names, (folder, name) => Holds(folder.Path, name)), Is.All.True);
            foreach (var folder in opened)
            {
                folder.Keep();
                folder.Dispose();
            }
        }
    }

    [TestCase(6, true)]
    [TestCase(8, false)]
    public void Removes_what_nobody_wants_once_it_is_a_week_old(int days, bool stays)
    {
        var path = "";
        using (var kept = Keep("theirs")) path = kept.Path;
        var then = DateTime.UtcNow - TimeSpan.FromDays(days);
        foreach (var file in Directory.GetFiles(path)) File.SetLastWriteTimeUtc(file, then);
        Directory.SetLastWriteTimeUtc(path, then);

        using var folder = ScratchFolder.Open(_root.Path, "work-", IsMine);

        Assert.That(folder.Path, Is.Not.EqualTo(path));
        Assert.That((Directory.Exists(path), File.Exists(path + ".lock")), Is.EqualTo((stays, stays)));
    }

    [Test, UnsupportedOSPlatform("windows"), Platform(Exclude = "Win")]
    public void Does_not_go_on_where_a_link_leads()
    {
        Directory.CreateDirectory(_root["elsewhere"]);
        _root.Write("elsewhere/mine", []);
        Directory.CreateSymbolicLink(_root["work-link"], _root["elsewhere"]);
        _root.Write("work-link.lock", []);

        using (var folder = ScratchFolder.Open(_root.Path, "work-", IsMine)) Assert.That(folder.Path, Is.Not.EqualTo(_root["work-link"]));

        Assert.That(File.Exists(_root["elsewhere/mine"]));
    }

    [Test, UnsupportedOSPlatform("windows"), Platform(Exclude = "Win")]
    public void Lets_nobody_else_in()
    {
        using var folder = ScratchFolder.Create(_root.Path, "work-");

        Assert.That(File.GetUnixFileMode(folder.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    private static bool IsMine(string path) => Holds(path, "mine");

    private static bool Holds(string path, string file) => File.Exists(Path.Combine(path, file));

    private ScratchFolder Keep(string file)
    {
        var folder = ScratchFolder.Open(_root.Path, "work-", IsMine);
        File.WriteAllBytes(Path.Combine(folder.Path, file), []);
        folder.Keep();
        return folder;
    }
}
