using Scdn.Testing;

namespace Scdn.Format.Tests;

public sealed class DurableFolderTests
{
    [Test]
    public void Moves_a_file_to_its_name()
    {
        using var folder = new TempFolder();
        var from = folder.Write("a", "x");

        DurableFolder.MoveIn(from, folder["b"]);

        Assert.That(File.ReadAllText(folder["b"]), Is.EqualTo("x"));
        Assert.That(File.Exists(from), Is.False);
    }

    [Test]
    public void Never_overwrites()
    {
        using var folder = new TempFolder();
        var from = folder.Write("a", "x");
        folder.Write("b", "mine");

        Assert.That(() => DurableFolder.MoveIn(from, folder["b"]), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(folder["b"]), Is.EqualTo("mine"));
        Assert.That(File.Exists(from));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void Says_which_folder_is_not_there()
    {
        using var folder = new TempFolder();

        Assert.That(() => DurableFolder.Flush(folder["nowhere"]), Throws.InstanceOf<IOException>().With.Message.Contains(folder["nowhere"]));
    }
}
