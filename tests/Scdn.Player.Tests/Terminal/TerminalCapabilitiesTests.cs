using Scdn.Player.Screen;
using Scdn.Player.Terminal;

namespace Scdn.Player.Tests.Terminal;

internal sealed class TerminalCapabilitiesTests
{
    [TestCase("xterm-256color", "truecolor", "", ColorDepth.Full)]
    [TestCase("xterm-256color", "", "", ColorDepth.TwoHundredFiftySix)]
    [TestCase("xterm-direct", "", "", ColorDepth.Full)]
    [TestCase("linux", "", "", ColorDepth.Sixteen)]
    [TestCase("vt100", "", "", ColorDepth.None)]
    [TestCase("dumb", "truecolor", "", ColorDepth.None)]
    [TestCase("xterm-256color", "truecolor", "1", ColorDepth.None)]
    [TestCase(null, "", "", ColorDepth.None)]
    public void Has_the_colours_that_its_user_has(string? term, string colorTerm, string noColor, object expected) =>
        Assert.That(Of(("TERM", term), ("COLORTERM", colorTerm), ("NO_COLOR", noColor)).Colors, Is.EqualTo((ColorDepth)expected));

    [TestCase("", "", "de_DE.UTF-8", true)]
    [TestCase("C", "", "de_DE.UTF-8", false)]
    [TestCase("", "en_US.utf8", "C", true)]
    [TestCase("", "", "de_DE.ISO-8859-1", false)]
    [TestCase("", "", "", false)]
    public void Is_written_to_as_its_locale_says(string all, string type, string lang, bool expected) =>
        Assert.That(Of(("LC_ALL", all), ("LC_CTYPE", type), ("LANG", lang)).Unicode, Is.EqualTo(expected));

    [Test]
    public void Shows_pixels_as_it_answers_that_it_can()
    {
        var plain = Of(("TERM", "xterm-256color"));
        Assert.That(plain.With("?62;22c"), Is.EqualTo(plain));
        Assert.That(plain.With("6;18;9t") is { CellWidth: 9, CellHeight: 18, CellShape: 2 });
        Assert.That((plain.SixelColors, plain.With("?1;0;256S").SixelColors, plain.With("?1;3S").SixelColors), Is.EqualTo((16, 256, 16)));
        Assert.That(plain.With("?62;4;22c").Graphics, Is.EqualTo(TerminalGraphics.Sixel));
        Assert.That(plain.With("_Gi=31;OK").With("?62;4c").Graphics, Is.EqualTo(TerminalGraphics.Kitty));
        Assert.That(plain.With("_Gi=31;ENOTSUPPORTED").With("6;x;9t").With("4;4c"), Is.EqualTo(plain));
    }

    [Test]
    public void Shows_pixels_as_its_user_says_whatever_it_answers()
    {
        var given = TerminalCapabilities.Of(_ => "xterm-256color", TerminalGraphics.Blocks);
        Assert.That((given.With("_Gi=31;OK").Graphics, given.With("6;18;9t").CellWidth), Is.EqualTo((TerminalGraphics.Blocks, 9)));
    }

    private static TerminalCapabilities Of(params (string Name, string? Value)[] variables) => TerminalCapabilities.Of(name => Array.Find(variables, variable => variable.Name == name).Value);
}
