using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format.Tests;

public sealed class ProofTests
{
    private static readonly Uri Url = new("https://site.example/play?content=1#top");
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);
    private static readonly byte[] Body = "{\"a\":1}"u8.ToArray();

    private ECDsa _key = null!;

    [SetUp]
    public void MakeKey() => _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [TearDown]
    public void DropKey() => _key.Dispose();

    [Test]
    public void Says_who_made_it()
    {
        var check = Check(Make());

        Assert.That(check.Fault, Is.Null);
        Assert.That(check.IsValid);
        Assert.That(check.Thumbprint, Is.EqualTo(JsonWebKey.Of(_key).Thumbprint()));
        Assert.That(check.Key, Is.EqualTo(JsonWebKey.Of(_key)));
        Assert.That(check.Id, Has.Length.EqualTo(22));
    }

    [Test]
    public void Every_proof_has_an_id_of_its_own() => Assert.That(Enumerable.Range(0, 10).Select(_ => Check(Make()).Id), Is.Unique);

    [Test]
    public void Holds_without_a_token_and_a_body() =>
        Assert.That(Proof.Check(Proof.Create(_key, "GET", Url, null, [], Now), "GET", Url, null, [], Now, Tolerance).Fault, Is.Null);

    [Test]
    public void Does_not_look_at_query_and_fragment() =>
        Assert.That(Proof.Check(Make(), "POST", new("https://SITE.example:443/play?other"), "token", Body, Now, Tolerance).Fault, Is.Null);

    [Test]
    public void Counts_for_no_other_method() => Refused(Proof.Check(Make(), "PUT", Url, "token", Body, Now, Tolerance), "method");

    [TestCase("http://site.example/play")]
    [TestCase("https://site.example:8443/play")]
    [TestCase("https://other.example/play")]
    [TestCase("https://site.example/Play")]
    [TestCase("https://site.example/play/")]
    public void Counts_for_no_other_address(string url) => Refused(Proof.Check(Make(), "POST", new(url), "token", Body, Now, Tolerance), "address");

    [TestCase("other")]
    [TestCase("")]
    [TestCase(null)]
    public void Counts_for_no_other_token(string? token) => Refused(Proof.Check(Make(), "POST", Url, token, Body, Now, Tolerance), "token");

    [Test]
    public void Counts_for_no_token_when_made_without_one() =>
        Refused(Proof.Check(Proof.Create(_key, "POST", Url, null, Body, Now), "POST", Url, "token", Body, Now, Tolerance), "token");

    [Test]
    public void Counts_for_no_other_body() => Refused(Proof.Check(Make(), "POST", Url, "token", "{\"a\":2}"u8, Now, Tolerance), "body");

    [TestCase(-31, false)]
    [TestCase(-30, true)]
    [TestCase(30, true)]
    [TestCase(31, false)]
    public void Counts_within_the_tolerance_only(int seconds, bool holds) =>
        Assert.That(Proof.Check(Make(), "POST", Url, "token", Body, Now.AddSeconds(seconds), Tolerance).IsValid, Is.EqualTo(holds));

    [Test]
    public void Refuses_a_key_that_did_not_sign()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var fields = Make().Split('.');
        var stranger = Proof.Create(other, "POST", Url, "token", Body, Now).Split('.');

        Refused(Check($"{stranger[0]}.{fields[1]}.{fields[2]}"), "not signed");
    }

    [TestCase("\"typ\":\"dpop+jwt\"", "\"typ\":\"jwt\"", "not a DPoP proof")]
    [TestCase("\"alg\":\"ES256\"", "\"alg\":\"none\"", "not a DPoP proof")]
    [TestCase("{\"kty\"", "{\"d\":\"AA\",\"kty\"", "no public key")]
    [TestCase("\"P-256\"", "\"P-521\"", "no public key")]
    [TestCase("\"jwk\"", "\"jwx\"", "no public key")]
    public void Refuses_another_header(string old, string replacement, string why)
    {
        var fields = Make().Split('.');
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(fields[0]));
        // A plus sign may be written escaped in JSON.
        header = header.Replace("\\u002B", "+", StringComparison.Ordinal);
        Assert.That(header, Does.Contain(old));
        var input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.Replace(old, replacement, StringComparison.Ordinal)))}.{fields[1]}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        Refused(Check($"{input}.{Base64Url.EncodeToString(signature)}"), why);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("a.b.c")]
    public void Refuses_what_is_not_a_proof(string? proof) => Refused(Check(proof), "not a DPoP proof");

    private static void Refused(ProofCheck check, string why)
    {
        Assert.That(check.IsValid, Is.False);
        Assert.That(check.Fault, Does.Contain(why));
        Assert.That(check.Thumbprint, Is.Null);
    }

    private static ProofCheck Check(string? proof) => Proof.Check(proof, "POST", Url, "token", Body, Now, Tolerance);

    private string Make() => Proof.Create(_key, "POST", Url, "token", Body, Now);
}
