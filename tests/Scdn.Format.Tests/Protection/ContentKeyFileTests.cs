using Scdn.Testing;

namespace Scdn.Format.Tests;

public sealed class ContentKeyFileTests
{
    [Test]
    public void A_key_comes_back_from_its_file()
    {
        using var folder = new TempFolder();
        using var key = ContentKey.Generate();
        var content = ContentId.New();

        ContentKeyFile.Write(folder["a.key"], content, key);
        var (readContent, readKey) = ContentKeyFile.Read(folder["a.key"]);

        using (readKey)
        {
            Assert.That(readContent, Is.EqualTo(content));
            Assert.That(readKey.Bytes.SequenceEqual(key.Bytes));
        }
    }

    [Test]
    [Platform(Exclude = "Win")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Only_its_owner_can_read_it()
    {
        using var folder = new TempFolder();
        using var key = ContentKey.Generate();

        ContentKeyFile.Write(folder["a.key"], ContentId.New(), key);

        Assert.That(File.GetUnixFileMode(folder["a.key"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Never_overwrites()
    {
        using var folder = new TempFolder();
        using var key = ContentKey.Generate();
        folder.Write("a.key", "mine");

        Assert.That(() => ContentKeyFile.Write(folder["a.key"], ContentId.New(), key), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(folder["a.key"]), Is.EqualTo("mine"));
    }

    [TestCase("")]
    [TestCase("hello")]
    [TestCase("scdn-key-2 00112233-4455-4677-8899-aabbccddeeff AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [TestCase("scdn-key-1 00112233-4455-4677-8899 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [TestCase("scdn-key-1 00112233-4455-4677-8899-aabbccddeeff AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg")]
    [TestCase("scdn-key-1 00112233-4455-4677-8899-aabbccddeeff AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 more")]
    public void Refuses_what_is_not_a_key_file_without_saying_what_was_in_it(string text)
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.key", text);

        var fault = Assert.Throws<FormatException>(() => ContentKeyFile.Read(path));

        Assert.That(fault!.Message, Does.Contain(path).And.Not.Contain("AAEC"));
    }
}
