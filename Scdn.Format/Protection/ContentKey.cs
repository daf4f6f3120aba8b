using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>The 256-bit secret of one content, from which every part's key and the header's sealing key are derived. Never printed.</summary>
public sealed class ContentKey : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 32;

    private readonly byte[] _bytes;

    /// <summary>Takes a copy of <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public ContentKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"A content key has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    /// <summary>A fresh random key.</summary>
    public static ContentKey Generate() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>The secret itself: for deriving keys and wrapping, not for keeping.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Overwrites the secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>Never the key.</summary>
    public override string ToString() => nameof(ContentKey);
}
