using Scdn.Cli.Output;

namespace Scdn.Cli.Tests.Output;

internal sealed class PrintableTests
{
    [Test]
    public void Lets_no_control_character_through_to_a_terminal() =>
        Assert.That(Printable.Line("a\u001b]0;owned\u0007b\nc\u009bd"), Is.EqualTo("a\uFFFD]0;owned\uFFFDb c\uFFFDd"));

    [Test]
    public void Lets_nothing_through_that_reorders_what_follows() => Assert.That(Printable.Line("film\u202E4pm.exe\u2067a\u2028b"), Is.EqualTo("film\uFFFD4pm.exe\uFFFDa b"));

    [Test]
    public void Leaves_letters_of_any_language_alone() => Assert.That(Printable.Line("Blåbær – 映画 🎬"), Is.EqualTo("Blåbær – 映画 🎬"));
}
