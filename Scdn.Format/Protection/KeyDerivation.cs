using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>What is derived from a content key: HKDF-SHA256 (RFC 5869) under labels of its own (SPEC.md, "Keys").</summary>
internal static class KeyDerivation
{
    public const int KeySize = 32;
    public const int CommitmentSize = 32;
    public const int SaltSize = 32;
    public const int NonceSize = 12;

    public static void HeaderKey(ContentKey key, ReadOnlySpan<byte> salt, Span<byte> output) => Derive(key, salt, "scdn/1 header"u8, output);

    public static void Commitment(ContentKey key, ReadOnlySpan<byte> salt, Span<byte> output) => Derive(key, salt, "scdn/1 commitment"u8, output);

    public static void PartKey(ContentKey key, PartId part, Span<byte> output)
    {
        Span<byte> salt = stackalloc byte[16];
        part.Value.TryWriteBytes(salt, bigEndian: true, out _);
        Derive(key, salt, "scdn/1 part"u8, output);
    }

    private static void Derive(ContentKey key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes, output, salt, info);
}
