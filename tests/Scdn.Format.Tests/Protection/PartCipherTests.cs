using System.Security.Cryptography;

namespace Scdn.Format.Tests;

public sealed class PartCipherTests
{
    private static readonly PartId Part = new(Guid.Parse("90000000-0000-4000-8000-000000000001"));

    [Test]
    public void Seals_as_the_specification_says()
    {
        using var key = Golden.Key();
        using var cipher = new PartCipher(key, Part);
        var stored = new byte[5 + PartLayout.TagSize];
        cipher.Seal(0x01020304, last: true, "hello"u8, stored);

        var partKey = new byte[32];
        KeyDerivation.PartKey(key, Part, partKey);
        using var aes = new AesGcm(partKey, PartLayout.TagSize);
        var plain = new byte[5];
        aes.Decrypt([0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 1], stored.AsSpan(0, 5), stored.AsSpan(5), plain);

        Assert.That(plain, Is.EqualTo("hello"u8.ToArray()));
    }

    [TestCase(1, false)]
    [TestCase(0, true)]
    public void Refuses_a_segment_at_another_place(int segment, bool last)
    {
        using var key = Golden.Key();
        using var cipher = new PartCipher(key, Part);
        var stored = new byte[100 + PartLayout.TagSize];
        cipher.Seal(0, last: false, new byte[100], stored);

        Assert.That(cipher.TryOpen(0, last: false, stored, new byte[100]));
        Assert.That(cipher.TryOpen(segment, last, stored, new byte[100]), Is.False);
    }

    [Test]
    public void Refuses_a_segment_of_another_part()
    {
        using var key = Golden.Key();
        using var cipher = new PartCipher(key, Part);
        using var other = new PartCipher(key, PartId.New());
        var stored = new byte[100 + PartLayout.TagSize];
        cipher.Seal(0, last: true, new byte[100], stored);

        Assert.That(other.TryOpen(0, last: true, stored, new byte[100]), Is.False);
    }

    [Test]
    public void Refuses_every_change([Range(0, 20)] int index)
    {
        using var key = Golden.Key();
        using var cipher = new PartCipher(key, Part);
        var stored = new byte[5 + PartLayout.TagSize];
        cipher.Seal(0, last: true, "hello"u8, stored);
        stored[index] ^= 1;

        Assert.That(cipher.TryOpen(0, last: true, stored, new byte[5]), Is.False);
    }

    [Test]
    public void Seals_for_several_threads_at_once()
    {
        using var key = Golden.Key();
        using var cipher = new PartCipher(key, Part);
        var plain = SplitFixture.RandomBytes(PartLayout.SegmentSize);

        Parallel.For(0, 500, segment =>
        {
            var stored = new byte[plain.Length + PartLayout.TagSize];
            var opened = new byte[plain.Length];
            cipher.Seal(segment, last: false, plain, stored);
            if (!cipher.TryOpen(segment, last: false, stored, opened) || !opened.AsSpan().SequenceEqual(plain)) Assert.Fail($"Segment {segment} did not come back.");
        });
    }

    [Test]
    public void Does_nothing_once_its_key_is_gone()
    {
        using var key = Golden.Key();
        var cipher = new PartCipher(key, Part);
        cipher.Dispose();

        Assert.That(() => cipher.Seal(0, last: true, new byte[1], new byte[17]), Throws.InstanceOf<ObjectDisposedException>());
    }
}
