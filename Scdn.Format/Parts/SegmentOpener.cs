namespace Scdn.Format;

/// <summary>Turns stored segments of one part into bytes of the original: checks them against the header first, then unseals. Thread-safe.</summary>
public sealed class SegmentOpener : IDisposable
{
    private readonly PartVerifier _verifier;
    private readonly PartCipher? _cipher;

    private SegmentOpener(PartVerifier verifier, PartCipher? cipher) => (_verifier, _cipher) = (verifier, cipher);

    /// <summary>The part.</summary>
    public PublicPart Part => _verifier.Part;

    /// <summary>Fetches and checks the part's hash list.</summary>
    /// <param name="part">The part, as its header names it.</param>
    /// <param name="key">The content key; needed when the part is encrypted.</param>
    /// <param name="reader">Where stored bytes come from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PartException">The part is missing, too short, or its list of hashes is not the published one.</exception>
    /// <exception cref="HeaderException">The part is encrypted and there is no key.</exception>
    public static async ValueTask<SegmentOpener> OpenAsync(PublicPart part, ContentKey? key, IPartReader reader, CancellationToken cancellationToken)
    {
        if (part.Encrypted && key is null) throw new HeaderException(HeaderFault.KeyNeeded, $"Part {part.Id} is encrypted: the content key is needed.");
        var place = part.Layout.HashList;
        var hashList = new byte[place.Length];
        await reader.ReadAsync(part.Id, place.Offset, hashList, cancellationToken);
        return PartVerifier.TryCreate(part, hashList, out var verifier)
            ? new(verifier, part.Encrypted ? new PartCipher(key!, part.Id) : null)
            : throw new PartException(part.Id, PartDefect.HashList(part));
    }

    /// <summary>Opens one segment.</summary>
    /// <param name="segment">Its number, from 0.</param>
    /// <param name="stored">Its stored bytes, all of them.</param>
    /// <param name="plain">Room for its plain bytes, exactly.</param>
    /// <exception cref="PartException">The bytes are not those that were published.</exception>
    public void Open(int segment, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        Check(segment, stored);
        Unseal(segment, stored, plain);
    }

    /// <summary>Opens one segment for somebody who checks the hash of the whole afterwards: the tag alone says whether an encrypted one is right, which halves the hashing.</summary>
    /// <inheritdoc cref="Open"/>
    public void OpenUnhashed(int segment, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (_cipher is null) Check(segment, stored);
        Unseal(segment, stored, plain);
    }

    /// <summary>Lets the part's key go.</summary>
    public void Dispose() => _cipher?.Dispose();

    private void Check(int segment, ReadOnlySpan<byte> stored)
    {
        if (!_verifier.IsIntact(segment, stored)) throw new PartException(Part.Id, PartDefect.CorruptSegment(Part, segment));
    }

    private void Unseal(int segment, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (_cipher is null) stored.CopyTo(plain);
        else if (!_cipher.TryOpen(segment, _verifier.Layout.IsLast(segment), stored, plain)) throw new PartException(Part.Id, PartDefect.CorruptSegment(Part, segment));
    }
}
