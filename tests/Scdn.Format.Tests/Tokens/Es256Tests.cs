using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format.Tests;

public sealed class Es256Tests
{
    private const string Type = "test+jwt";
    private static readonly TestClaims Claims = new("somebody", 1);

    private ECDsa _key = null!;

    [SetUp]
    public void MakeKey() => _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [TearDown]
    public void DropKey() => _key.Dispose();

    [Test]
    public void Claims_come_back_whether_or_not_they_have_expired()
    {
        var token = Es256.Sign(_key, "k1", Type, Claims, TestJson.Default.TestClaims);

        Assert.That(Verify(token, out var claims));
        Assert.That(claims, Is.EqualTo(Claims));
    }

    [Test]
    public void Verifies_the_example_of_rfc_7515_appendix_a3()
    {
        // The RFC's own token has no kid and no typ, so only its signature and encoding can be held against ours.
        var key = new JsonWebKey("EC", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        const string input = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        var signature = Base64Url.DecodeFromChars("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
        Assert.That(key.TryToSigningKey(out var imported));
        using (imported)
        {
            Assert.That(new CompactToken(new JoseHeader(), [], Encoding.ASCII.GetBytes(input), signature).IsSignedBy(imported!));
        }
    }

    [Test]
    public void Refuses_every_change_of_a_single_letter()
    {
        var token = Es256.Sign(_key, "k1", Type, Claims, TestJson.Default.TestClaims);
        for (var index = 0; index < token.Length; index++)
        {
            foreach (var letter in "Aw.")
            {
                if (token[index] == letter) continue;
                var changed = string.Concat(token.AsSpan(0, index), [letter], token.AsSpan(index + 1));
                if (Verify(changed, out _)) Assert.Fail($"The change of letter {index} to {letter} was not seen.");
            }
        }
    }

    [TestCase("""{"alg":"none","typ":"test+jwt","kid":"k1"}""")]
    [TestCase("""{"alg":"HS256","typ":"test+jwt","kid":"k1"}""")]
    [TestCase("""{"alg":"es256","typ":"test+jwt","kid":"k1"}""")]
    [TestCase("""{"typ":"test+jwt","kid":"k1"}""")]
    [TestCase("""{"alg":"ES256","typ":"other+jwt","kid":"k1"}""")]
    [TestCase("""{"alg":"ES256","kid":"k1"}""")]
    [TestCase("""{"alg":"ES256","typ":"test+jwt"}""")]
    [TestCase("""{"alg":"ES256","typ":"test+jwt","kid":"k2"}""")]
    [TestCase("""{"alg":"ES256","typ":"test+jwt","kid":"k1","crit":["exp"]}""")]
    [TestCase("""{"alg":"ES256","typ":"test+jwt","kid":"k1","crit":[]}""")]
    [TestCase("""{"alg":"ES256","typ":"test+jwt","kid":"k1","kid":"k1"}""")]
    [TestCase("""{"alg":"ES256","typ":"test+jwt","kid":"k1"} """ + "x")]
    [TestCase("""{"alg":"ES256","typ":"test+jwt","kid":1}""")]
    [TestCase("[]")]
    [TestCase("null")]
    public void Refuses_a_signed_token_with_another_header(string header) => Assert.That(Verify(SignRaw(header, """{"Subject":"a","Expires":1}"""), out _), Is.False);

    [Test]
    public void Ignores_members_of_the_header_that_nobody_insists_on() =>
        Assert.That(Verify(SignRaw("""{"alg":"ES256","typ":"test+jwt","kid":"k1","x-new":[1,2]}""", """{"Subject":"a","Expires":1}"""), out _));

    [Test]
    public void Refuses_a_token_without_a_signature()
    {
        var token = Es256.Sign(_key, "k1", Type, Claims, TestJson.Default.TestClaims);

        Assert.That(Verify(token[..(token.LastIndexOf('.') + 1)], out _), Is.False);
        Assert.That(Verify(token[..token.LastIndexOf('.')], out _), Is.False);
    }

    [TestCase("=")]
    [TestCase(" ")]
    [TestCase("\n")]
    [TestCase(".")]
    public void Refuses_anything_after_the_token(string more) =>
        Assert.That(Verify(Es256.Sign(_key, "k1", Type, Claims, TestJson.Default.TestClaims) + more, out _), Is.False);

    [Test]
    public void Refuses_a_signature_in_der()
    {
        var input = $"{Encode("""{"alg":"ES256","typ":"test+jwt","kid":"k1"}""")}.{Encode("""{"Subject":"a","Expires":1}""")}";
        var der = _key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        Assert.That(Verify($"{input}.{Base64Url.EncodeToString(der)}", out _), Is.False);
    }

    [Test]
    public void Refuses_a_signature_of_another_key()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(Verify(Es256.Sign(other, "k1", Type, Claims, TestJson.Default.TestClaims), out _), Is.False);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("...")]
    [TestCase("a.b.c")]
    public void Refuses_what_is_not_a_token(string? token) => Assert.That(Verify(token, out _), Is.False);

    [Test]
    public void Refuses_a_token_that_is_absurdly_long() =>
        Assert.That(Verify(Es256.Sign(_key, "k1", Type, new TestClaims(new string('x', 20_000), 1), TestJson.Default.TestClaims), out _), Is.False);

    [Test]
    public void Signs_with_no_other_curve()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.That(() => Es256.Sign(other, "k1", Type, Claims, TestJson.Default.TestClaims), Throws.ArgumentException);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private string SignRaw(string header, string claims)
    {
        var input = $"{Encode(header)}.{Encode(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    private bool Verify(string? token, out TestClaims? claims) =>
        Es256.TryVerify(token, Type, keyId => keyId == "k1" ? _key : null, TestJson.Default.TestClaims, out claims);
}
