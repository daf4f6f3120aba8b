using System.Runtime.Versioning;
using Scdn.Testing;

namespace Scdn.Format.Tests;

internal sealed class PrivateFileTests
{
    [Test]
    public void Leaves_no_half_of_a_file_on_a_disk_that_is_full()
    {
        using var folder = new TempFolder();
        using var disk = SmallDisk.TryMount(folder["disk"], "size=64k");
        if (disk is null) Assert.Ignore("Only root of Linux can mount a small disk.");

        Assert.That(() => PrivateFile.WriteNew(folder["disk/secret"], new byte[100_000]), Throws.InstanceOf<IOException>().With.Message.Contains("secret"));
        Assert.That(Directory.EnumerateFileSystemEntries(disk!.Path), Is.Empty);
    }

    [Test]
    public void Keeps_the_file_that_was_there()
    {
        using var folder = new TempFolder();
        var path = folder.Write("secret", "mine");

        Assert.That(() => PrivateFile.WriteNew(path, [1]), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("mine"));
    }

    [Test]
    public void Writes_whole_what_is_new_and_never_over_a_file()
    {
        using var folder = new TempFolder();

        PrivateFile.WriteWhole(folder["a"], "mine"u8);

        Assert.That(() => PrivateFile.WriteWhole(folder["a"], "other"u8), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(folder["a"]), Is.EqualTo("mine"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { folder["a"] }));
    }

    [Test]
    public void Lets_one_of_several_that_write_at_once_have_the_name()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 100; round++)
        {
            var (path, written) = (folder[$"{round}"], new List<byte>());
            using var start = new Barrier(4);
            var writers = Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    PrivateFile.WriteWhole(path, [(byte)number]);
                    lock (written) written.Add((byte)number);
                }
                catch (IOException)
                {
                    // Another one had it.
                }
            })).ToList();
            writers.ForEach(writer => writer.Start());
            writers.ForEach(writer => writer.Join());

            Assert.That(written, Is.EqualTo(File.ReadAllBytes(path)));
        }

        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(100));
    }

    [Test]
    public void Replaces_a_file_among_writers_and_leaves_nothing_where_it_can_t()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["taken"]);
        folder.Write("a", "old");

        PrivateFile.ReplaceAmongWriters(folder["a"], "new"u8);

        Assert.That(() => PrivateFile.ReplaceAmongWriters(folder["taken"], "new"u8), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(File.ReadAllText(folder["a"]), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { folder["a"] }));
    }

    [Test]
    public void Replaces_a_file_also_after_a_writer_that_was_killed()
    {
        using var folder = new TempFolder();
        folder.Write("a", "old");
        folder.Write("a.new", "half of wh");

        PrivateFile.Replace(folder["a"], "new"u8);

        Assert.That(File.ReadAllText(folder["a"]), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { folder["a"] }));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_owner_can_read_what_it_wrote()
    {
        using var folder = new TempFolder();

        PrivateFile.WriteWhole(folder["a"], "new"u8);
        PrivateFile.Replace(folder["b"], "new"u8);

        Assert.That(new[] { folder["a"], folder["b"] }.Select(File.GetUnixFileMode), Has.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
