using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Format.Tests.Tls;

internal sealed class JoinTokenTests
{
    private static readonly KeyPin Pin = KeyPin.Of(TestCertificates.Make());

    [Test]
    public void Comes_back_with_the_pins_it_was_printed_with()
    {
        var other = KeyPin.Of(TestCertificates.Make());
        Assert.That(JoinToken.TryParse(new JoinToken("scdnjoin_a-b_c", [Pin, other]).ToString(), out var token));
        Assert.That((token!.Secret, token.Pins.SequenceEqual([Pin, other])), Is.EqualTo(("scdnjoin_a-b_c", true)));
    }

    [Test]
    public void Is_its_secret_alone_where_there_are_no_pins()
    {
        Assert.That(JoinToken.TryParse("scdnjoin_abc", out var token));
        Assert.That((token!.Secret, token.Pins.Count, token.ToString()), Is.EqualTo(("scdnjoin_abc", 0, "scdnjoin_abc")));
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("secret.")]
    [TestCase("secret.1234")]
    [TestCase("two words")]
    [TestCase("secret\nsecond")]
    public void Is_nothing_else(string text) => Assert.That(JoinToken.TryParse(text, out _), Is.False);

    [Test]
    public void Half_a_pin_is_none() => Assert.That(JoinToken.TryParse(new JoinToken("secret", [Pin]).ToString()[..^1], out _), Is.False);

    [Test]
    public void A_control_host_without_a_pin_is_written_as_ever_and_read_with_and_without_one()
    {
        var (plain, pinned) = (new ControlAddress(new("http://127.0.0.1:7400")), new ControlAddress(new("https://192.0.2.1:7400"), new KeyPins(Pin, KeyPin.Of(TestCertificates.Make()))));
        Assert.That(JsonSerializer.Serialize(plain), Is.EqualTo("\"http://127.0.0.1:7400\""));
        foreach (var address in new[] { plain, pinned }) Assert.That(JsonSerializer.Deserialize<ControlAddress>(JsonSerializer.Serialize(address)), Is.EqualTo(address));
    }

    [TestCase("7")]
    [TestCase("{}")]
    [TestCase("\"nowhere\"")]
    [TestCase("""{"uri":"https://192.0.2.1","pins":"12"}""")]
    public void What_is_no_address_is_refused(string json) => Assert.That(() => JsonSerializer.Deserialize<ControlAddress>(json), Throws.InstanceOf<JsonException>());
}
