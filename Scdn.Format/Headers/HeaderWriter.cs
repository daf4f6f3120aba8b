using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>Makes header files.</summary>
public static class HeaderWriter
{
    /// <summary>The bytes of a signed header.</summary>
    /// <param name="content">The content.</param>
    /// <param name="version">The content's version, from 1.</param>
    /// <param name="manifest">What is sealed; must agree with <paramref name="parts"/> and tile the original.</param>
    /// <param name="parts">The parts as stored, in any order.</param>
    /// <param name="key">Seals the manifest; null leaves it open, which needs all parts to be clear.</param>
    /// <param name="publisher">Signs.</param>
    /// <exception cref="ArgumentException">The manifest breaks a rule of the format, or the header would be larger than it may be.</exception>
    public static byte[] Write(ContentId content, int version, Manifest manifest, IReadOnlyList<PublicPart> parts, ContentKey? key, PublisherKey publisher) =>
        Write(content, version, manifest, parts, key, publisher, RandomNumberGenerator.GetBytes(KeyDerivation.SaltSize));

    internal static byte[] Write(
        ContentId content, int version, Manifest manifest, IReadOnlyList<PublicPart> parts, ContentKey? key, PublisherKey publisher, byte[] salt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var sorted = parts.ToImmutableArray().Sort((left, right) => PublicSection.Compare(left.Id, right.Id));
        Check(manifest, sorted, key);
        var writer = new ByteWriter();
        writer.Bytes(HeaderFormat.Magic);
        writer.U16(HeaderFormat.Version);
        WritePublic(writer, new(content, version, [.. salt], key is null ? [] : Commitment(key, salt), sorted));
        WriteManifest(writer, ManifestCodec.Write(manifest, sorted), key, salt);
        writer.Section(SectionType.Signature, HeaderSignature.Payload(writer.Written, publisher));
        if (writer.Written.Length > HeaderFormat.MaxFileSize)
            throw new ArgumentException($"The header would have {writer.Written.Length} bytes, more than {HeaderFormat.MaxFileSize}: use larger parts.", nameof(manifest));
        return writer.Written.ToArray();
    }

    private static void Check(Manifest manifest, ImmutableArray<PublicPart> parts, ContentKey? key)
    {
        for (var index = 1; index < parts.Length; index++)
        {
            if (parts[index].Id == parts[index - 1].Id) throw new ArgumentException($"Part {parts[index].Id} is there twice.", nameof(parts));
        }

        if (key is null && parts.Any(part => part.Encrypted)) throw new ArgumentException("Encrypted parts need a content key.", nameof(key));
        if (ManifestRules.FirstFault(manifest, parts) is { } fault) throw new ArgumentException($"The manifest can't be written: {fault}.", nameof(manifest));
    }

    private static ImmutableArray<byte> Commitment(ContentKey key, ReadOnlySpan<byte> salt)
    {
        Span<byte> commitment = stackalloc byte[KeyDerivation.CommitmentSize];
        KeyDerivation.Commitment(key, salt, commitment);
        return [.. commitment];
    }

    private static void WritePublic(ByteWriter writer, PublicSection section)
    {
        var payload = new ByteWriter();
        section.Write(payload);
        writer.Section(SectionType.Public, payload.Written);
    }

    private static void WriteManifest(ByteWriter writer, byte[] manifest, ContentKey? key, ReadOnlySpan<byte> salt)
    {
        if (key is null)
        {
            writer.Section(SectionType.Clear, manifest);
            return;
        }

        var stored = new byte[manifest.Length + PartLayout.TagSize];
        writer.SectionHead(SectionType.Sealed, stored.Length);
        HeaderCipher.Seal(key, salt, writer.Written, manifest, stored);
        writer.Bytes(stored);
    }
}
