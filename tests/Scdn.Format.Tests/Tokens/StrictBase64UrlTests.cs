namespace Scdn.Format.Tests;

public sealed class StrictBase64UrlTests
{
    [TestCase("", 0)]
    [TestCase("AA", 1)]
    [TestCase("AAA", 2)]
    [TestCase("-_-_", 3)]
    public void Decodes_the_one_form(string text, int length) => Assert.That(StrictBase64Url.TryDecode(text, length, out _));

    [TestCase("A")]
    [TestCase("AB")]
    [TestCase("AAB")]
    [TestCase("AA==")]
    [TestCase("AA=")]
    [TestCase("A A")]
    [TestCase("AA\n")]
    [TestCase("+/+/")]
    public void Refuses_every_other_spelling(string text) => Assert.That(StrictBase64Url.TryDecode(text, out _), Is.False);
}
