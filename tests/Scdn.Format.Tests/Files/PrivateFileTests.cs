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
}
