using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>Seals and opens the manifest: AES-256-GCM under a key that the header's fresh salt makes its own, so one fixed nonce is used once.</summary>
internal static class HeaderCipher
{
    /// <param name="preceding">Every byte of the file before the sealed section's payload: they are bound to it.</param>
    /// <param name="output">As many bytes as <paramref name="plain"/>, and the tag.</param>
    public static void Seal(ContentKey key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> preceding, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        using var aes = Create(key, salt);
        aes.Encrypt(Nonce, plain, output[..plain.Length], output[plain.Length..], preceding);
    }

    public static bool TryOpen(ContentKey key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> preceding, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        using var aes = Create(key, salt);
        try
        {
            aes.Decrypt(Nonce, stored[..plain.Length], stored[plain.Length..], plain, preceding);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> Nonce => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static AesGcm Create(ContentKey key, ReadOnlySpan<byte> salt)
    {
        Span<byte> headerKey = stackalloc byte[KeyDerivation.KeySize];
        KeyDerivation.HeaderKey(key, salt, headerKey);
        var aes = new AesGcm(headerKey, PartLayout.TagSize);
        CryptographicOperations.ZeroMemory(headerKey);
        return aes;
    }
}
