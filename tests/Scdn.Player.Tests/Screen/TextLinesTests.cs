using Scdn.Player.Screen;

namespace Scdn.Player.Tests.Screen;

internal sealed class TextLinesTests
{
    [Test]
    public void Cuts_between_words_and_keeps_lines() =>
        Assert.That(TextLines.Wrap("one two three\nfour", 8), Is.EqualTo(new[] { "one two", "three", "four" }));

    [Test]
    public void Cuts_a_word_that_is_too_long_and_says_so() => Assert.That(TextLines.Wrap("a incomprehensibilities", 8), Is.EqualTo(new[] { "a", "incompr…" }));

    [TestCase("中文字", 5, "中文…")]
    [TestCase("中文字", 6, "中文字")]
    [TestCase("abc", 0, "")]
    public void Counts_columns_not_characters(string text, int columns, string expected) => Assert.That(TextLines.Cut(text, columns), Is.EqualTo(expected));
}
