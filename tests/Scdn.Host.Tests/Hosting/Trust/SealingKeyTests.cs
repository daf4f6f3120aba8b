using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Tests.Hosting.Trust;

internal sealed class SealingKeyTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, SealingKey.Size).Select(i => (byte)i)];
    private static readonly byte[] Secret = [1, 2, 3];

    [Test]
    public void Opens_what_it_sealed_for_the_same_purpose_and_name_only()
    {
        using var key = new SealingKey([.. Bytes]);
        var sealedBytes = key.Seal("purpose", "name", Secret);

        Assert.That(key.TryOpen("purpose", "name", sealedBytes), Is.EqualTo(Secret));
        Assert.That(key.TryOpen("other", "name", sealedBytes), Is.Null);
        Assert.That(key.TryOpen("purpose", "other", sealedBytes), Is.Null);
        Assert.That(new SealingKey(new byte[SealingKey.Size]).TryOpen("purpose", "name", sealedBytes), Is.Null);
    }

    [Test]
    public void Says_in_what_it_sealed_under_which_key_that_was_and_nobody_can_say_otherwise()
    {
        using var key = new SealingKey([.. Bytes]);
        var sealedBytes = key.Seal("purpose", "name", Secret);
        Assert.That(SealingKey.IdOf(sealedBytes), Is.EqualTo(key.Id));

        sealedBytes[5] ^= 1;
        Assert.That(key.TryOpen("purpose", "name", sealedBytes), Is.Null);
    }

    [Test]
    public void Opens_what_was_sealed_before_keys_had_ids()
    {
        // As it was done then: nonce, ciphertext, tag; labelled with the name alone.
        var before = new byte[12 + Secret.Length + 16];
        using (var aes = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, 32, info: "scdn purpose"u8.ToArray()), 16))
            aes.Encrypt(before.AsSpan(0, 12), Secret, before.AsSpan(12, Secret.Length), before.AsSpan(12 + Secret.Length), Encoding.UTF8.GetBytes("name"));
        using var key = new SealingKey([.. Bytes]);

        Assert.That(key.TryOpen("purpose", "name", before), Is.EqualTo(Secret));
        Assert.That(SealingKey.IdOf(before), Is.Null);
    }

    [Test]
    public void Is_read_as_itself_or_as_text_one_or_several()
    {
        var (one, other) = (new SealingKey([.. Bytes]), new SealingKey(new byte[SealingKey.Size]));
        string[] ids = [one.Id, other.Id];

        Assert.That(MasterKeySource.ParseFile(Bytes, "file").Select(key => key.Id), Is.EqualTo(ids[..1]));
        Assert.That(MasterKeySource.ParseFile(Encoding.ASCII.GetBytes(MasterKeySource.Line(one) + MasterKeySource.Line(other)), "file").Select(key => key.Id), Is.EqualTo(ids));
        Assert.That(MasterKeySource.ParseText($"{Base64Url.EncodeToString(one.Bytes)},{Base64Url.EncodeToString(other.Bytes)}", "variable").Select(key => key.Id), Is.EqualTo(ids));
    }

    [TestCase("")]
    [TestCase("AAAA")]
    [TestCase("not*base64")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Is_refused_without_being_shown(string text) =>
        Assert.That(() => MasterKeySource.ParseText(text, "FILE"), Throws.TypeOf<HostStartException>().With.Message.Contains("FILE").And.Message.Not.Contains("*base").And.Message.Not.Contains("AAAA"));

    [Test]
    public void Whatever_is_sealed_in_a_grain_is_known_to_be()
    {
        var kinds =
            from type in typeof(IGrainState<>).Assembly.GetTypes()
            where type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IGrainState<>))
            where type.GetProperties().Any(property => property.Name.StartsWith("Sealed", StringComparison.Ordinal))
            select (string)type.GetProperty("Kind")!.GetValue(null)!;

        Assert.That(kinds, Is.EquivalentTo(SealedGrains.Kinds));
    }
}
