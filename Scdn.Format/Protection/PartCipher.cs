using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>
/// Seals and opens the segments of one part: AES-256-GCM under the part's own key, the segment's number and whether it is the last in
/// the nonce (the STREAM construction), so segments can't be dropped, repeated, exchanged or cut off. Safe for use by several threads at once.
/// </summary>
public sealed class PartCipher : IDisposable
{
    // An AesGcm serves one thread at a time: each caller takes one for the moment.
    private readonly ConcurrentBag<AesGcm> _idle = [];
    private readonly byte[] _key = new byte[KeyDerivation.KeySize];
    private volatile bool _disposed;

    /// <summary>Derives the part's key.</summary>
    public PartCipher(ContentKey key, PartId part) => KeyDerivation.PartKey(key, part, _key);

    /// <summary>Seals a segment once. A part's id must never be used for other bytes.</summary>
    /// <param name="segment">Its number, from 0.</param>
    /// <param name="last">Whether it is the part's last.</param>
    /// <param name="plain">1 to <see cref="PartLayout.SegmentSize"/> bytes.</param>
    /// <param name="stored">As many bytes and <see cref="PartLayout.TagSize"/> more.</param>
    public void Seal(int segment, bool last, ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        Span<byte> nonce = stackalloc byte[KeyDerivation.NonceSize];
        WriteNonce(nonce, segment, last);
        var aes = Take();
        aes.Encrypt(nonce, plain, stored[..plain.Length], stored[plain.Length..]);
        _idle.Add(aes);
    }

    /// <summary>Opens a stored segment; false, and zeros, when it is not what was sealed at this place.</summary>
    public bool TryOpen(int segment, bool last, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (stored.Length != plain.Length + PartLayout.TagSize) return false;
        Span<byte> nonce = stackalloc byte[KeyDerivation.NonceSize];
        WriteNonce(nonce, segment, last);
        var aes = Take();
        try
        {
            aes.Decrypt(nonce, stored[..plain.Length], stored[plain.Length..], plain);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            _idle.Add(aes);
        }
    }

    /// <summary>Lets the key go.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
        while (_idle.TryTake(out var aes)) aes.Dispose();
    }

    private AesGcm Take()
    {
        // Otherwise a late caller would seal under the overwritten key.
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _idle.TryTake(out var aes) ? aes : new AesGcm(_key, PartLayout.TagSize);
    }

    private static void WriteNonce(Span<byte> nonce, int segment, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt32BigEndian(nonce[7..11], segment);
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
