namespace Scdn.Format;

/// <summary>
/// The original as a seekable stream over its parts: what is read is fetched a segment at a time, checked and unsealed. The head that the header
/// brings along is there at once. For one reader at a time, as streams are; asynchronous reads only, since bytes may come from far.
/// </summary>
public sealed class ContentSource : Stream
{
    private const int CachedSegments = 32;
    private const int CachedParts = 32;

    private readonly Header _header;
    private readonly ContentKey? _key;
    private readonly IPartReader _reader;
    private readonly ContentMap _map;
    private readonly long[] _inlineStarts;
    private readonly LeastRecent<(int Part, int Segment), byte[]> _segments = new(CachedSegments);
    private readonly LeastRecent<int, SegmentOpener> _openers = new(CachedParts);
    private readonly byte[] _stored = new byte[PartLayout.SegmentSize + PartLayout.TagSize];
    private long _position;

    /// <summary>Opens the header and maps it; nothing is fetched yet.</summary>
    /// <param name="header">The header.</param>
    /// <param name="key">The content key, which must live as long as the source; null when nothing is protected.</param>
    /// <param name="reader">Where stored bytes come from.</param>
    /// <exception cref="HeaderException">The key is missing or wrong.</exception>
    public ContentSource(Header header, ContentKey? key, IPartReader reader)
    {
        (_header, _key, _reader) = (header, key, reader);
        _map = new(header.Open(key));
        _inlineStarts = InlineStarts(_map.Manifest);
    }

    /// <summary>What the header says.</summary>
    public Manifest Manifest => _map.Manifest;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => Manifest.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <summary>Reads up to the end of one segment.</summary>
    /// <exception cref="PartException">A part is missing, short, or damaged.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.IsEmpty) return 0;
        var piece = _map.Locate(_position);
        var read = TryReadInline(piece, buffer.Span, out var copied) ? copied : await ReadSegmentAsync(piece, buffer, cancellationToken);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    /// <summary>Not supported: read asynchronously.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This source may have to fetch: read it asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <summary>Not supported: the source is read-only.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("The source is read-only.");

    /// <summary>Not supported: the source is read-only.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The source is read-only.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var opener in _openers.Values) opener.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Where each of the head parts that the header brings along starts within its inline head.</summary>
    private static long[] InlineStarts(Manifest manifest)
    {
        var starts = new List<long>();
        long start = 0;
        foreach (var part in manifest.Parts)
        {
            if (start >= manifest.InlineHead.Length) break;
            starts.Add(start);
            start += part.Length;
        }

        return [.. starts];
    }

    private bool TryReadInline(ContentPiece piece, Span<byte> buffer, out int copied)
    {
        copied = 0;
        if (piece.PartIndex >= _inlineStarts.Length) return false;
        copied = (int)Math.Min(buffer.Length, piece.Original.Length);
        Manifest.InlineHead.AsSpan((int)(_inlineStarts[piece.PartIndex] + piece.PartOffset), copied).CopyTo(buffer);
        return true;
    }

    private async ValueTask<int> ReadSegmentAsync(ContentPiece piece, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var segment = PartLayout.SegmentAt(piece.PartOffset);
        var plain = await SegmentAsync(piece.PartIndex, segment, cancellationToken);
        var within = (int)(piece.PartOffset - ((long)segment * PartLayout.SegmentSize));
        var length = (int)Math.Min(Math.Min(buffer.Length, piece.Original.Length), plain.Length - within);
        plain.AsMemory(within, length).CopyTo(buffer);
        return length;
    }

    private async ValueTask<byte[]> SegmentAsync(int part, int segment, CancellationToken cancellationToken)
    {
        if (_segments.TryGet((part, segment), out var cached)) return cached;
        var opener = await OpenerAsync(part, cancellationToken);
        var layout = opener.Part.Layout;
        var place = layout.StoredSegment(segment);
        var stored = _stored.AsMemory(0, (int)place.Length);
        await _reader.ReadAsync(opener.Part.Id, place.Offset, stored, cancellationToken);
        var plain = new byte[layout.PlainSegment(segment).Length];
        opener.Open(segment, stored.Span, plain);
        _segments.TryEvict(out _);
        _segments.Add((part, segment), plain);
        return plain;
    }

    private async ValueTask<SegmentOpener> OpenerAsync(int part, CancellationToken cancellationToken)
    {
        if (_openers.TryGet(part, out var known)) return known;
        _header.TryGetPart(Manifest.Parts[part].Id, out var published);
        var opener = await SegmentOpener.OpenAsync(published!, _key, _reader, cancellationToken);
        if (_openers.TryEvict(out var evicted)) evicted.Dispose();
        _openers.Add(part, opener);
        return opener;
    }
}
