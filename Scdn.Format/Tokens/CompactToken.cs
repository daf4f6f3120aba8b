using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format;

/// <summary>A signed token in its compact form (RFC 7515 §7.1), split and decoded, its header read; nothing verified yet.</summary>
internal sealed record CompactToken(JoseHeader Header, byte[] Payload, byte[] SigningInput, byte[] Signature)
{
    /// <summary>Larger ones are refused before anything is decoded.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Algorithm = "ES256";
    private const int SignatureSize = 64;

    public static string Sign(ECDsa key, JoseHeader header, ReadOnlySpan<byte> payload)
    {
        RequireP256(key);
        var headerJson = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(header with { Algorithm = Algorithm }, JoseJson.Default.JoseHeader);
        var input = $"{Base64Url.EncodeToString(headerJson)}.{Base64Url.EncodeToString(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Accepts ES256 of the given type only; no algorithm is ever taken from the token.</summary>
    public static bool TryParse(string? token, string type, [NotNullWhen(true)] out CompactToken? parsed)
    {
        parsed = null;
        if (token is null || token.Length > MaxLength) return false;
        var fields = token.Split('.');
        if (fields.Length != 3
            || !StrictBase64Url.TryDecode(fields[0], out var headerJson)
            || !StrictBase64Url.TryDecode(fields[1], out var payload)
            || !StrictBase64Url.TryDecode(fields[2], SignatureSize, out var signature)
            || !JoseJson.TryParse(headerJson, JoseJson.Default.JoseHeader, out var header)) return false;
        if (header.Algorithm != Algorithm || header.Type != type || header.Critical is not null) return false;
        parsed = new(header, payload, Encoding.ASCII.GetBytes(token, 0, fields[0].Length + 1 + fields[1].Length), signature);
        return true;
    }

    public bool IsSignedBy(ECDsa key) =>
        key.KeySize == 256 && key.VerifyData(SigningInput, Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static void RequireP256(ECDsa key)
    {
        if (key.KeySize != 256) throw new ArgumentException($"ES256 signs with a key on P-256, not one of {key.KeySize} bits.", nameof(key));
    }
}
