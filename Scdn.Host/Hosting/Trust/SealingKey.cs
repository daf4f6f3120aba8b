using System.Security.Cryptography;
using System.Text;

namespace Scdn.Host.Hosting.Trust;

/// <summary>
/// One master key. What it sealed says under which key that was, says nothing else without it, and opens only for the purpose and the name it was sealed for: a mark, the key's id, nonce, ciphertext, tag; before keys had ids, nonce, ciphertext,
/// tag alone.
/// </summary>
internal sealed class SealingKey : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 32;

    private const int IdSize = 8;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;
    private readonly byte[] _head;

    public SealingKey(byte[] key)
    {
        _key = key;
        var id = Derive("key id").AsSpan(0, IdSize);
        Id = Convert.ToHexStringLower(id);
        _head = [.. Mark, .. id];
    }

    private static ReadOnlySpan<byte> Mark => "SMK1"u8;

    /// <summary>What it is known by, to anybody: 16 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The key itself.</summary>
    public ReadOnlySpan<byte> Bytes => _key;

    /// <summary>The id of the key that something was sealed under; null: it does not say.</summary>
    public static string? IdOf(ReadOnlySpan<byte> sealedBytes) =>
        sealedBytes.Length > Mark.Length + IdSize && sealedBytes.StartsWith(Mark) ? Convert.ToHexStringLower(sealedBytes.Slice(Mark.Length, IdSize)) : null;

    /// <summary>Encrypts.</summary>
    public byte[] Seal(string purpose, string name, ReadOnlySpan<byte> plain)
    {
        var result = new byte[_head.Length + NonceSize + plain.Length + TagSize];
        _head.CopyTo(result, 0);
        var body = result.AsSpan(_head.Length);
        var nonce = body[..NonceSize];
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher(purpose);
        aes.Encrypt(nonce, plain, body.Slice(NonceSize, plain.Length), body[(NonceSize + plain.Length)..], [.. _head, .. Encoding.UTF8.GetBytes(name)]);
        return result;
    }

    /// <summary>Decrypts what it sealed for the same purpose and name; null: that is not so.</summary>
    public byte[]? TryOpen(string purpose, string name, ReadOnlySpan<byte> sealedBytes)
    {
        var label = Encoding.UTF8.GetBytes(name);
        // Something from before keys had ids may begin like one that says its key, by chance.
        return (sealedBytes.StartsWith(_head) ? TryDecrypt(purpose, sealedBytes[_head.Length..], [.. _head, .. label]) : null) ?? TryDecrypt(purpose, sealedBytes, label);
    }

    /// <summary>Tells whether two secrets are the same to whoever has the key, and nothing to others.</summary>
    public byte[] Fingerprint(string purpose, ReadOnlySpan<byte> secret) => HMACSHA256.HashData(Derive($"{purpose} fingerprint"), secret);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private byte[]? TryDecrypt(string purpose, ReadOnlySpan<byte> body, byte[] label)
    {
        if (body.Length < NonceSize + TagSize) return null;
        var plain = new byte[body.Length - NonceSize - TagSize];
        using var aes = Cipher(purpose);
        try
        {
            aes.Decrypt(body[..NonceSize], body[NonceSize..^TagSize], body[^TagSize..], plain, label);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private AesGcm Cipher(string purpose) => new(Derive(purpose), TagSize);

    private byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Size, info: Encoding.UTF8.GetBytes($"scdn {purpose}"));
}
