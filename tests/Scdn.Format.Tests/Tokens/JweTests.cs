using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format.Tests;

public sealed class JweTests
{
    private ECDiffieHellman _recipient = null!;

    [SetUp]
    public void MakeKey() => _recipient = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    [TearDown]
    public void DropKey() => _recipient.Dispose();

    [Test]
    public void Derives_the_key_of_rfc_7518_appendix_c()
    {
        byte[] secret =
        [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156,
            251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ];

        var key = ConcatKdf.Derive(secret, "A128GCM", "Alice"u8, "Bob"u8, 16);

        Assert.That(Base64Url.EncodeToString(key), Is.EqualTo("VqqN6vgjbSBcIijNcacQGg"));
    }

    [Test]
    public void Agrees_on_the_secret_of_rfc_7518_appendix_c()
    {
        using var alice = ECDiffieHellman.Create(Private("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo", "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0", "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"));
        Assert.That(new JsonWebKey("EC", "P-256", "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ", "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck").TryToAgreementKey(out var bob));
        using (bob)
        {
            using var bobPublic = bob!.PublicKey;
            Assert.That(alice.DeriveRawSecretAgreement(bobPublic)[..4], Is.EqualTo(new byte[] { 158, 86, 217, 29 }));
        }
    }

    [TestCase(0)]
    [TestCase(32)]
    [TestCase(5000)]
    public void A_secret_comes_back(int length)
    {
        var secret = RandomNumberGenerator.GetBytes(length);

        var token = Jwe.Encrypt(JsonWebKey.Of(_recipient, "k1"), secret);

        Assert.That(Jwe.TryDecrypt(_recipient, token, out var opened));
        Assert.That(opened, Is.EqualTo(secret));
    }

    [Test]
    public void Another_key_opens_nothing()
    {
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(Jwe.TryDecrypt(other, Jwe.Encrypt(JsonWebKey.Of(_recipient), "x"u8), out _), Is.False);
    }

    [Test]
    public void Refuses_every_change_of_a_single_letter()
    {
        var token = Jwe.Encrypt(JsonWebKey.Of(_recipient), "0123456789"u8);
        for (var index = 0; index < token.Length; index++)
        {
            var changed = string.Concat(token.AsSpan(0, index), [token[index] == 'A' ? 'w' : 'A'], token.AsSpan(index + 1));
            if (Jwe.TryDecrypt(_recipient, changed, out _)) Assert.Fail($"The change of letter {index} was not seen.");
        }
    }

    [TestCase("\"ECDH-ES\"", "\"ECDH-ES+A256KW\"")]
    [TestCase("\"A256GCM\"", "\"A128GCM\"")]
    [TestCase("{\"alg\"", "{\"crit\":[\"exp\"],\"alg\"")]
    [TestCase("{\"alg\"", "{\"zip\":\"DEF\",\"alg\"")]
    [TestCase("\"kty\":\"EC\"", "\"d\":\"AA\",\"kty\":\"EC\"")]
    [TestCase("\"P-256\"", "\"P-384\"")]
    public void Refuses_another_header(string old, string replacement)
    {
        var token = Jwe.Encrypt(JsonWebKey.Of(_recipient), "x"u8);
        var end = token.IndexOf('.', StringComparison.Ordinal);
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(0, end)));
        Assert.That(header, Does.Contain(old));

        var changed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.Replace(old, replacement, StringComparison.Ordinal))) + token[end..];

        Assert.That(Jwe.TryDecrypt(_recipient, changed, out _), Is.False);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("....")]
    [TestCase("a.b.c")]
    public void Refuses_what_is_not_a_token(string? token) => Assert.That(Jwe.TryDecrypt(_recipient, token, out _), Is.False);

    private static ECParameters Private(string d, string x, string y) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = Base64Url.DecodeFromChars(d),
        Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
    };
}
