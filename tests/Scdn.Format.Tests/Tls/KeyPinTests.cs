using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Testing;

namespace Scdn.Format.Tests.Tls;

internal sealed class KeyPinTests
{
    [Test]
    public void Is_the_hash_of_the_public_key_and_the_same_for_every_certificate_of_the_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var first = TestCertificates.Make(key: key, until: 10);
        using var second = TestCertificates.Make(key: key, until: 20);
        Assert.That(KeyPin.Of(first).ToString(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))));
        Assert.That(KeyPin.Of(second), Is.EqualTo(KeyPin.Of(first)));
    }

    [Test]
    public void Comes_back_from_its_text()
    {
        using var certificate = TestCertificates.Make();
        var pin = KeyPin.Of(certificate);
        Assert.That(KeyPin.TryParse(pin.ToString(), out var parsed));
        Assert.That(parsed, Is.EqualTo(pin));
    }

    [Test]
    public void Pins_come_back_from_their_text_and_from_json_with_and_without_a_successor()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var pins in new[] { new KeyPins(KeyPin.Of(key)), new KeyPins(KeyPin.Of(key), KeyPin.Of(next)) })
        {
            Assert.That(KeyPins.TryParse(pins.ToString(), out var parsed));
            Assert.That((parsed, JsonSerializer.Deserialize<KeyPins>(JsonSerializer.Serialize(pins))), Is.EqualTo((pins, pins)));
        }
    }

    [TestCase(",")]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,")]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,0123")]
    public void Pins_are_one_or_two_and_nothing_else(string text)
    {
        Assert.That(KeyPins.TryParse(text, out _), Is.False);
        Assert.That(() => JsonSerializer.Deserialize<KeyPins>($"\"{text}\""), Throws.InstanceOf<JsonException>());
    }

    [TestCase("")]
    [TestCase("0123456789abcdef")]
    [TestCase("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0")]
    [TestCase("g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Takes_nothing_but_64_digits(string text)
    {
        Assert.That(KeyPin.TryParse(text, out _), Is.False);
        Assert.That(() => JsonSerializer.Deserialize<KeyPins>($"\"{text}\""), Throws.InstanceOf<JsonException>());
    }
}
