using System.Security.Cryptography;
using System.Text.Json;

namespace Scdn.Format.Tests;

public sealed class JsonWebKeyTests
{
    [Test]
    public void A_key_comes_back_from_its_json()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JsonWebKey.Of(key, "k1");

        var read = JsonSerializer.Deserialize<JsonWebKey>(JsonSerializer.Serialize(jwk));

        Assert.That(read, Is.EqualTo(jwk));
        Assert.That(read!.TryToSigningKey(out var imported));
        using (imported) Assert.That(PublisherId.Of(imported!), Is.EqualTo(PublisherId.Of(key)));
    }

    [Test]
    public void Its_thumbprint_is_that_of_rfc_9449() =>
        Assert.That(
            new JsonWebKey("EC", "P-256", "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA", "ignored").Thumbprint(),
            Is.EqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));

    [TestCase("RSA", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    [TestCase("EC", "P-384", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    [TestCase("EC", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    [TestCase("EC", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    [TestCase("EC", "P-256", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")]
    public void Refuses_what_is_no_point_on_p256(string keyType, string curve, string x, string y)
    {
        Assert.That(new JsonWebKey(keyType, curve, x, y).TryToSigningKey(out _), Is.False);
        Assert.That(new JsonWebKey(keyType, curve, x, y).TryToAgreementKey(out _), Is.False);
    }

    [Test]
    public void Is_made_of_no_other_curve()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.That(() => JsonWebKey.Of(key), Throws.ArgumentException);
    }
}
