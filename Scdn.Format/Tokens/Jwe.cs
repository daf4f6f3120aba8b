using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Scdn.Format;

/// <summary>
/// A secret wrapped for one recipient: JWE in compact form (RFC 7516), ECDH-ES on P-256 agreed directly (RFC 7518 §4.6) with AES-256-GCM, nothing else.
/// WebCrypto can open it.
/// </summary>
public static class Jwe
{
    private const string Algorithm = "ECDH-ES";
    private const string Encryption = "A256GCM";
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Encrypts for the holder of a private key; every call makes a fresh ephemeral key.</summary>
    /// <param name="recipient">The public key, a point on P-256.</param>
    /// <param name="payload">The secret.</param>
    /// <exception cref="ArgumentException">The recipient's key is no point on P-256.</exception>
    public static string Encrypt(JsonWebKey recipient, ReadOnlySpan<byte> payload)
    {
        if (!recipient.TryToAgreementKey(out var recipientKey)) throw new ArgumentException("The recipient's key is not a point on the curve P-256.", nameof(recipient));
        using var recipientOwned = recipientKey;
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var header = new JoseHeader
        {
            Algorithm = Algorithm,
            Encryption = Encryption,
            KeyId = recipient.KeyId,
            EphemeralKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(ephemeral), JoseJson.Default.JsonWebKey),
        };
        var protectedHeader = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header, JoseJson.Default.JoseHeader));
        var key = AgreedKey(ephemeral, recipientKey, [], []);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var encrypted = new byte[payload.Length];
        var tag = new byte[TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, payload, encrypted, tag, Encoding.ASCII.GetBytes(protectedHeader));
        CryptographicOperations.ZeroMemory(key);
        return $"{protectedHeader}..{Base64Url.EncodeToString(nonce)}.{Base64Url.EncodeToString(encrypted)}.{Base64Url.EncodeToString(tag)}";
    }

    /// <summary>Opens what was encrypted for this key; false for anything else.</summary>
    public static bool TryDecrypt(ECDiffieHellman key, string? token, [NotNullWhen(true)] out byte[]? payload)
    {
        payload = null;
        if (token is null || token.Length > CompactToken.MaxLength) return false;
        var fields = token.Split('.');
        if (fields.Length != 5
            || fields[1].Length != 0
            || !StrictBase64Url.TryDecode(fields[0], out var headerJson)
            || !StrictBase64Url.TryDecode(fields[2], NonceSize, out var nonce)
            || !StrictBase64Url.TryDecode(fields[3], out var encrypted)
            || !StrictBase64Url.TryDecode(fields[4], TagSize, out var tag)
            || !JoseJson.TryParse(headerJson, JoseJson.Default.JoseHeader, out var header)
            || !TryAgree(key, header, out var contentKey)) return false;
        var plain = new byte[encrypted.Length];
        using var aes = new AesGcm(contentKey, TagSize);
        CryptographicOperations.ZeroMemory(contentKey);
        try
        {
            aes.Decrypt(nonce, encrypted, tag, plain, Encoding.ASCII.GetBytes(fields[0]));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        payload = plain;
        return true;
    }

    private static bool TryAgree(ECDiffieHellman key, JoseHeader header, [NotNullWhen(true)] out byte[]? contentKey)
    {
        contentKey = null;
        if (key.KeySize != 256 || header is not { Algorithm: Algorithm, Encryption: Encryption, Critical: null, Compression: null }) return false;
        if (!StrictBase64Url.TryDecode(header.PartyU, out var partyU) || !StrictBase64Url.TryDecode(header.PartyV, out var partyV)) return false;
        if (!JoseJson.TryReadKey(header.EphemeralKey, out var ephemeral) || !ephemeral.TryToAgreementKey(out var ephemeralKey)) return false;
        using (ephemeralKey) contentKey = AgreedKey(key, ephemeralKey, partyU, partyV);
        return true;
    }

    private static byte[] AgreedKey(ECDiffieHellman own, ECDiffieHellman other, ReadOnlySpan<byte> partyU, ReadOnlySpan<byte> partyV)
    {
        using var otherPublic = other.PublicKey;
        var secret = own.DeriveRawSecretAgreement(otherPublic);
        var key = ConcatKdf.Derive(secret, Encryption, partyU, partyV, KeySize);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }
}
