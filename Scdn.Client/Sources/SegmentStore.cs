using System.Buffers;
using System.Collections.Immutable;
using Scdn.Client.Storing;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Gives out the plain bytes of segments: those that came with the header, those of the store, or those of parts that are kept for good in a folder, which are only read. Which ones are here, the
/// scheduler knows. Thread-safe.
/// </summary>
internal sealed class SegmentStore(SegmentMap map, SegmentChecker checker, Header header, ImmutableArray<byte> inlineHead, PartStore? store, string? keptIn)
{
    private const int CachedSegments = 32;
    private readonly PlainCache _recent = new(CachedSegments);

    /// <summary>Segments whose plain bytes came with the header: the first head parts, whole.</summary>
    public int InlineCount { get; } = map.InlineCount(inlineHead.Length);

    /// <summary>Keeps a checked segment. False when it was here already.</summary>
    public async Task<bool> AddAsync(int segment, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var part = map.Part(map.PartOf(segment));
        var isNew = await store!.AddAsync(header.Content, part.Id, part.Layout, map.WithinPart(segment), stored, cancellationToken);
        _recent.Add(segment, plain.Span);
        return isNew;
    }

    /// <summary>Keeps a part's list of hashes.</summary>
    public Task AddHashListAsync(ManifestPart part, ReadOnlyMemory<byte> list, CancellationToken cancellationToken) =>
        store!.AddHashListAsync(header.Content, part.Id, part.Layout, list, cancellationToken);

    /// <summary>Learns from the part's file what its clear segments are checked by. False when that is not here.</summary>
    public async Task<bool> TryRecallAsync(ManifestPart part, CancellationToken cancellationToken)
    {
        if (checker.IsReady(part)) return true;
        var list = new byte[part.Layout.HashList.Length];
        var isHere = keptIn is null
            ? await store!.TryReadHashListAsync(part.Id, part.Layout, list, cancellationToken)
            : await PartFiles.TryReadAsync(keptIn, part.Id, part.Layout.HashList.Offset, list, cancellationToken);
        return isHere && checker.TryLearn(part, list);
    }

    /// <summary>Fills the output with plain bytes of a segment. False when it is not here after all: then the store was told.</summary>
    public async ValueTask<bool> TryReadAsync(int segment, int offset, Memory<byte> output, CancellationToken cancellationToken)
    {
        if (segment < InlineCount)
        {
            inlineHead.AsSpan().Slice(InlineOffset(segment) + offset, output.Length).CopyTo(output.Span);
            return true;
        }

        if (_recent.TryRead(segment, offset, output.Span)) return true;
        var part = map.Part(map.PartOf(segment));
        var within = map.WithinPart(segment);
        var (storedPlace, plainLength) = (part.Layout.StoredSegment(within), (int)part.Layout.PlainSegment(within).Length);
        var stored = ArrayPool<byte>.Shared.Rent((int)storedPlace.Length);
        var plain = ArrayPool<byte>.Shared.Rent(PartLayout.SegmentSize);
        try
        {
            var bytes = stored.AsMemory(0, (int)storedPlace.Length);
            if (!await TryReadStoredAsync(part, storedPlace.Offset, bytes, cancellationToken)) return NotHere(part, segment: null);
            if (!checker.TryOpen(segment, bytes.Span, plain.AsSpan(0, plainLength))) return NotHere(part, within);
            _recent.Add(segment, plain.AsSpan(0, plainLength));
            plain.AsSpan(offset, output.Length).CopyTo(output.Span);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private async ValueTask<bool> TryReadStoredAsync(ManifestPart part, long offset, Memory<byte> output, CancellationToken cancellationToken) =>
        await TryRecallAsync(part, cancellationToken)
        && (keptIn is null
            ? await store!.TryReadAsync(part.Id, offset, output, cancellationToken)
            : await PartFiles.TryReadAsync(keptIn, part.Id, offset, output, cancellationToken));

    private bool NotHere(ManifestPart part, int? segment)
    {
        if (keptIn is not null) throw KeptParts.Damaged(part.Id, keptIn);
        store!.Forget(part.Id, segment);
        return false;
    }

    private int InlineOffset(int segment)
    {
        var part = map.PartOf(segment);
        var offset = 0L;
        for (var before = 0; before < part; before++) offset += map.Part(before).Length;
        return (int)offset + ((segment - map.FirstSegment(part)) * PartLayout.SegmentSize);
    }
}
