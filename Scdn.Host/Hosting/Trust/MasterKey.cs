using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Host.Hosting.Trust;

/// <summary>
/// The key under which content keys and signing keys are encrypted at rest: from the environment, or from a file in the data folder that only its owner
/// can read. What it sealed says nothing without it, and opens only for the purpose and the name it was sealed for.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    /// <summary>The environment's variable that holds it, in base64url; wins over the file.</summary>
    public const string Variable = "SCDN_MASTER_KEY";

    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    public MasterKey(HostSettings settings)
    {
        var path = Path.Combine(settings.DataFolder, "master.key");
        _key = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? Decode(given)
            : SecretFile.ReadOrMake(path, () => RandomNumberGenerator.GetBytes(KeySize));
        if (_key.Length != KeySize) throw new HostStartException($"The master key in {path} has {_key.Length} bytes instead of {KeySize}: put the right file back.");
    }

    /// <summary>Encrypts: nonce, ciphertext, tag.</summary>
    public byte[] Seal(string purpose, string name, ReadOnlySpan<byte> plain)
    {
        var result = new byte[NonceSize + plain.Length + TagSize];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher(purpose);
        aes.Encrypt(nonce, plain, result.AsSpan(NonceSize, plain.Length), result.AsSpan(NonceSize + plain.Length), Encoding.UTF8.GetBytes(name));
        return result;
    }

    /// <summary>Decrypts what was sealed for the same purpose and name.</summary>
    /// <exception cref="CryptographicException">It was sealed under another master key, for something else, or has been changed.</exception>
    public byte[] Open(string purpose, string name, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceSize + TagSize) throw new CryptographicException($"What is kept for {name} is too short to be sealed.");
        var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var aes = Cipher(purpose);
        try
        {
            aes.Decrypt(sealedBytes[..NonceSize], sealedBytes[NonceSize..^TagSize], sealedBytes[^TagSize..], plain, Encoding.UTF8.GetBytes(name));
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new CryptographicException($"What is kept for {name} was sealed under another master key: start with the master key that belongs to this data folder.", mismatch);
        }

        return plain;
    }

    /// <summary>Tells whether two secrets are the same to whoever has the master key, and nothing to others.</summary>
    public byte[] Fingerprint(string purpose, ReadOnlySpan<byte> secret) => HMACSHA256.HashData(Derive($"{purpose} fingerprint"), secret);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static byte[] Decode(string text)
    {
        if (!Base64Url.IsValid(text)) throw new HostStartException($"{Variable} is not base64url: give {KeySize} random bytes in that form.");
        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == KeySize ? bytes : throw new HostStartException($"{Variable} holds {bytes.Length} bytes instead of {KeySize}.");
    }

    private AesGcm Cipher(string purpose) => new(Derive(purpose), TagSize);

    private byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeySize, info: Encoding.UTF8.GetBytes($"scdn {purpose}"));
}
