namespace Scdn.Format.Tests.Networks;

internal sealed class MirrorAddressTests
{
    private static readonly PartId Part = PartId.From(new("0f8fad5b-d9cb-469f-a165-70867728950e"));

    [TestCase("https://mirror.example", "https://mirror.example/0f8fad5b-d9cb-469f-a165-70867728950e")]
    [TestCase("https://mirror.example:8443/films/parts", "https://mirror.example:8443/films/parts/0f8fad5b-d9cb-469f-a165-70867728950e")]
    [TestCase("http://192.0.2.7/parts/", "http://192.0.2.7/parts/0f8fad5b-d9cb-469f-a165-70867728950e")]
    [TestCase("http://[2001:db8::7]:8080/a%20b", "http://[2001:db8::7]:8080/a%20b/0f8fad5b-d9cb-469f-a165-70867728950e")]
    public void Has_a_part_below_it_by_its_name(string text, string address)
    {
        Assert.That(MirrorAddress.TryParse(text, out var mirror), Is.True);
        Assert.That(MirrorAddress.Of(mirror!, Part).AbsoluteUri, Is.EqualTo(address));
    }

    [Test]
    public void Is_the_same_with_and_without_a_slash_at_its_end()
    {
        Assert.That(MirrorAddress.TryParse("https://mirror.example/parts", out var one) && MirrorAddress.TryParse("https://mirror.example/parts/", out var other) && one == other);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("mirror.example")]
    [TestCase("/srv/parts")]
    [TestCase("file:///srv/parts")]
    [TestCase("ftp://mirror.example/parts")]
    [TestCase("https://")]
    [TestCase("https://ann:secret@mirror.example/parts")]
    [TestCase("https://mirror.example/parts?signature=1")]
    [TestCase("https://mirror.example/parts#top")]
    public void Is_no_other_text(string? text) => Assert.That(MirrorAddress.TryParse(text, out _), Is.False);
}
