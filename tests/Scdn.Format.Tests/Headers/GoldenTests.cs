using System.Security.Cryptography;
using Scdn.Testing;

namespace Scdn.Format.Tests;

public sealed class GoldenTests
{
    private const int SignatureSectionSize = 8 + 128;

    /// <summary>The header's key, its commitment, and the key of the first data part.</summary>
    private static readonly string[] DerivedKeys =
    [
        "69ecc50b358946b16f819695e430d6ec7b61b5ad3c2b40f6c8f0095d00126328",
        "ea488a95d9f9d5a4d87c00db84b0217fda0860d4bd160b92da4aa9b1d2e07a3a",
        "39a832d534bfff53fabcf886b752828bcdef2ab79c15286a16ff9fe8499b7f5c",
    ];

    [Test]
    public async Task Splitting_writes_the_same_bytes_for_ever()
    {
        using var folder = new TempFolder();
        using var publisher = PublisherKey.ImportPem(Golden.PublisherPem);
        var source = folder.Write("golden.mp4", Golden.Original);

        var split = await new Splitter(publisher, Golden.Options, new Golden.NoRandomness())
            .SplitAsync(source, folder["out"], Golden.Plan, null, CancellationToken.None);

        var written = await File.ReadAllBytesAsync(split.HeaderPath);
        Assert.That(Convert.ToHexStringLower(written[..^SignatureSectionSize]), Is.EqualTo(Convert.ToHexStringLower(Golden.Header[..^SignatureSectionSize])));
        foreach (var (id, sha256) in Golden.Parts)
        {
            var stored = await File.ReadAllBytesAsync(Path.Combine(folder["out"], id));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(stored)), Is.EqualTo(sha256), id);
        }
    }

    [Test]
    public void The_golden_header_says_what_was_written_into_it()
    {
        using var key = Golden.Key();
        using var publisher = PublisherKey.ImportPem(Golden.PublisherPem);
        var header = Header.Parse(Golden.Header);
        var manifest = header.Open(key);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(header.Content, Is.EqualTo(Golden.Content));
            Assert.That(header.Version, Is.EqualTo(Golden.Version));
            Assert.That(header.Publisher, Is.EqualTo(publisher.Id));
            Assert.That(header.IsSealed);
            Assert.That(header.Parts.Select(part => part.Id.ToString()), Is.EqualTo(Golden.Parts.Select(part => part.Id).Order(StringComparer.Ordinal)));
            Assert.That(manifest.Title, Is.EqualTo(Golden.Plan.Title));
            Assert.That(manifest.MediaType, Is.EqualTo(Golden.Plan.MediaType));
            Assert.That(manifest.Container, Is.EqualTo(Golden.Plan.Container));
            Assert.That(manifest.Duration, Is.EqualTo(Golden.Plan.Duration));
            Assert.That(manifest.Length, Is.EqualTo(Golden.Length));
            Assert.That(manifest.Sha256.AsSpan().SequenceEqual(SHA256.HashData(Golden.Original)));
            Assert.That(manifest.KeyFrames, Is.EqualTo(Golden.Index.KeyFrames));
            Assert.That(manifest.View, Is.EqualTo(Golden.Index.View));
            Assert.That(manifest.Note, Is.EqualTo(Golden.Index.Note));
            Assert.That(manifest.InlineHead, Is.EqualTo((byte[])[.. Golden.Original[149_900..149_960], .. Golden.Original[..40]]));
            Assert.That(manifest.Parts.Select(part => (part.Id.ToString(), part.Kind, part.Encrypted, string.Join(' ', part.Extents))), Is.EqualTo(new[]
            {
                (Golden.Parts[0].Id, PartKind.Head, true, $"{new ByteRange(149_900, 60)} {new ByteRange(0, 40)}"),
                (Golden.Parts[1].Id, PartKind.Data, true, $"{new ByteRange(40, 100_000)}"),
                (Golden.Parts[2].Id, PartKind.Data, false, $"{new ByteRange(100_040, 49_860)} {new ByteRange(149_960, 40)}"),
            }));
        }
    }

    [Test]
    public void The_specification_shows_these_very_bytes()
    {
        var text = string.Concat(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "SPEC.md")).Where(letter => !char.IsWhiteSpace(letter)));

        Assert.That(text, Does.Contain($"```{Convert.ToHexStringLower(Golden.Header)}```"));
        foreach (var (id, sha256) in Golden.Parts) Assert.That(text, Does.Contain(id).And.Contain(sha256));
        foreach (var key in DerivedKeys) Assert.That(text, Does.Contain(key));
    }

    [Test]
    public void The_derived_keys_are_those_of_the_specification()
    {
        using var key = Golden.Key();
        var salt = new Golden.NoRandomness().NewHeaderSalt();
        var derived = new byte[3][];
        for (var index = 0; index < derived.Length; index++) derived[index] = new byte[32];
        KeyDerivation.HeaderKey(key, salt, derived[0]);
        KeyDerivation.Commitment(key, salt, derived[1]);
        KeyDerivation.PartKey(key, new PartId(Guid.Parse(Golden.Parts[1].Id)), derived[2]);

        Assert.That(derived.Select(Convert.ToHexStringLower), Is.EqualTo(DerivedKeys));
    }
}
