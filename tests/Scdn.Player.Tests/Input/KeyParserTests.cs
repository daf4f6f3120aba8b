using System.Text;
using Scdn.Player.Input;

namespace Scdn.Player.Tests.Input;

internal sealed class KeyParserTests
{
    [TestCase("q", KeyName.Character)]
    [TestCase("\u001b[A", KeyName.Up)]
    [TestCase("\u001b[B", KeyName.Down)]
    [TestCase("\u001b[C", KeyName.Right)]
    [TestCase("\u001b[D", KeyName.Left)]
    [TestCase("\u001bOC", KeyName.Right)]
    [TestCase("\u001b[1;2C", KeyName.Right)]
    [TestCase("\u001b[H", KeyName.Home)]
    [TestCase("\u001b[1~", KeyName.Home)]
    [TestCase("\u001b[4~", KeyName.End)]
    [TestCase("\u001b[5~", KeyName.PageUp)]
    [TestCase("\u001b[6~", KeyName.PageDown)]
    [TestCase("\u001b", KeyName.Escape)]
    [TestCase("\r", KeyName.Enter)]
    [TestCase("\u0003", KeyName.Interrupt)]
    [TestCase("\u001a", KeyName.Suspend)]
    [TestCase("\u000c", KeyName.Redraw)]
    public void Knows_a_key(string sent, object name) => Assert.That(Parse(sent).Keys.Select(key => key.Name), Is.EqualTo(new[] { name }));

    [Test]
    public void Knows_several_keys_that_come_at_once() =>
        Assert.That(Parse(" \u001b[C\u001b[Cä").Keys, Is.EqualTo(new[] { Key.Of(' '), new Key(KeyName.Right), new Key(KeyName.Right), Key.Of('ä') }));

    [Test]
    public void Puts_together_what_comes_in_pieces()
    {
        var (parser, keys) = (new KeyParser(), new List<Key>());
        foreach (var piece in (byte[][])[[0x1B, (byte)'['], [(byte)'1', (byte)';'], [(byte)'5', (byte)'D'], [0xC3], [0xA4]]) parser.Parse(piece, keys.Add, _ => { });
        Assert.That(keys, Is.EqualTo(new[] { new Key(KeyName.Left), Key.Of('ä') }));
    }

    [Test]
    public void Tells_answers_from_keys()
    {
        var (keys, answers) = Parse("\u001b_Gi=31;OK\u001b\\\u001b[6;20;10t\u001b[?62;4cq");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers, Is.EqualTo(new[] { "_Gi=31;OK", "6;20;10t", "?62;4c" }));
            Assert.That(keys, Is.EqualTo(new[] { Key.Of('q') }));
        }
    }

    [Test]
    public void Passes_over_what_it_does_not_know_and_goes_on() =>
        Assert.That(Parse("\u0001\u007f\u001b[24~\u001bOP\u00ff😀x").Keys, Is.EqualTo(new[] { Key.Of('ÿ'), Key.Of('x') }));

    [Test]
    public void Does_not_keep_what_never_ends()
    {
        var (parser, keys) = (new KeyParser(), new List<Key>());
        parser.Parse(Encoding.ASCII.GetBytes("\u001b_" + new string('x', 10_000)), keys.Add, _ => { });
        parser.Parse("q"u8, keys.Add, _ => { });
        Assert.That(keys, Is.EqualTo(new[] { Key.Of('q') }));
    }

    private static (List<Key> Keys, List<string> Answers) Parse(string sent)
    {
        var (keys, answers) = (new List<Key>(), new List<string>());
        new KeyParser().Parse(Encoding.UTF8.GetBytes(sent), keys.Add, answers.Add);
        return (keys, answers);
    }
}
