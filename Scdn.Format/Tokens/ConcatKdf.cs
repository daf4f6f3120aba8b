using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format;

/// <summary>The key derivation of ECDH-ES (RFC 7518 §4.6.2; NIST SP 800-56A, single step, SHA-256).</summary>
internal static class ConcatKdf
{
    /// <param name="secret">The agreed point's X.</param>
    /// <param name="algorithm">What the key is for, such as <c>A256GCM</c>.</param>
    /// <param name="partyU">The producer's name; may be empty.</param>
    /// <param name="partyV">The recipient's name; may be empty.</param>
    /// <param name="size">Bytes wanted, at most 32: one round of the hash.</param>
    public static byte[] Derive(ReadOnlySpan<byte> secret, string algorithm, ReadOnlySpan<byte> partyU, ReadOnlySpan<byte> partyV, int size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendNumber(hash, 1);
        hash.AppendData(secret);
        AppendCounted(hash, Encoding.ASCII.GetBytes(algorithm));
        AppendCounted(hash, partyU);
        AppendCounted(hash, partyV);
        AppendNumber(hash, size * 8);
        return hash.GetHashAndReset()[..size];
    }

    private static void AppendCounted(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        AppendNumber(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendNumber(IncrementalHash hash, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
