using System.Security.Cryptography;
using System.Text.Json;

namespace Scdn.Format.Tests;

public sealed class PublisherKeyTests
{
    [Test]
    public void A_key_comes_back_from_its_pem()
    {
        using var key = PublisherKey.Generate();
        using var read = PublisherKey.ImportPem(key.ExportPem());

        Assert.That(read.Id, Is.EqualTo(key.Id));
    }

    [Test]
    public void An_id_is_the_hash_of_the_public_key_info()
    {
        using var key = PublisherKey.ImportPem(Golden.PublisherPem);
        using var plain = ECDsa.Create();
        plain.ImportFromPem(Golden.PublisherPem);

        Assert.That(key.Id.ToString(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(plain.ExportSubjectPublicKeyInfo()))));
        Assert.That(key.Id.ToString(), Does.StartWith(key.Id.Short));
    }

    [TestCase("no key")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void Refuses_what_is_not_a_private_key(string pem) => Assert.That(() => PublisherKey.ImportPem(pem), Throws.InstanceOf<CryptographicException>());

    [Test]
    public void Refuses_a_key_on_another_curve()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.That(() => PublisherKey.ImportPem(other.ExportPkcs8PrivateKeyPem()), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void Refuses_a_public_key_alone()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(() => PublisherKey.ImportPem(other.ExportSubjectPublicKeyInfoPem()), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void An_id_comes_back_from_its_text_and_its_json()
    {
        using var key = PublisherKey.Generate();

        Assert.That(PublisherId.TryParse(key.Id.ToString(), out var parsed) && parsed == key.Id);
        Assert.That(JsonSerializer.Deserialize<PublisherId>(JsonSerializer.Serialize(key.Id)), Is.EqualTo(key.Id));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("abc")]
    [TestCase("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    [TestCase("g000000000000000000000000000000000000000000000000000000000000000")]
    public void Refuses_what_is_not_an_id(string? text) => Assert.That(PublisherId.TryParse(text, out _), Is.False);
}
