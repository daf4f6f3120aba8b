using System.Buffers;
using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Keeps checked segments as they were received, sealed, in one sparse file a part, and gives out their plain bytes; or those of parts that are kept for good, which are only read. Which ones are here, the scheduler
/// knows. Thread-safe.
/// </summary>
internal sealed class SegmentStore(SegmentMap map, SegmentChecker checker, ImmutableArray<byte> inlineHead, string folder, bool isKept)
{
    private const int CachedSegments = 32;
    private readonly PlainCache _recent = new(CachedSegments);

    /// <summary>Segments whose plain bytes came with the header: the first head parts, whole.</summary>
    public int InlineCount { get; } = CountInline(map, inlineHead.Length);

    /// <summary>Keeps a checked segment.</summary>
    public async Task AddAsync(int segment, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var part = map.PartOf(segment);
        using var file = Open(part);
        await RandomAccess.WriteAsync(file, stored, StoredOffset(part, segment), cancellationToken);
        _recent.Add(segment, plain.Span);
    }

    /// <summary>Fills the output with plain bytes of a segment that is here.</summary>
    public async ValueTask ReadAsync(int segment, int offset, Memory<byte> output, CancellationToken cancellationToken)
    {
        if (segment < InlineCount)
        {
            inlineHead.AsSpan().Slice(InlineOffset(segment) + offset, output.Length).CopyTo(output.Span);
            return;
        }

        if (_recent.TryRead(segment, offset, output.Span)) return;
        var length = map.StoredLength(segment);
        var part = map.PartOf(segment);
        var stored = ArrayPool<byte>.Shared.Rent(length);
        var plain = ArrayPool<byte>.Shared.Rent(PartLayout.SegmentSize);
        try
        {
            await ReadStoredAsync(part, segment, stored.AsMemory(0, length), cancellationToken);
            var plainLength = (int)map.Part(part).Layout.PlainSegment(segment - map.FirstSegment(part)).Length;
            if (!checker.TryOpen(segment, stored.AsSpan(0, length), plain.AsSpan(0, plainLength)))
                throw isKept ? KeptParts.Damaged(map.Part(part).Id, folder) : new NetworkException($"The temporary file of part {map.Part(part).Id} in {folder} was changed by somebody else: play again.");
            _recent.Add(segment, plain.AsSpan(0, plainLength));
            plain.AsSpan(offset, output.Length).CopyTo(output.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static int CountInline(SegmentMap map, int inlineLength)
    {
        var segment = 0;
        for (var covered = 0L; segment < map.HeadCount;)
        {
            var part = map.Part(map.PartOf(segment));
            covered += part.Length;
            if (covered > inlineLength) break;
            segment += part.Layout.SegmentCount;
        }

        return segment;
    }

    private async Task ReadStoredAsync(int part, int segment, Memory<byte> output, CancellationToken cancellationToken)
    {
        try
        {
            using var file = Open(part);
            await ReadExactlyAsync(file, output, StoredOffset(part, segment), cancellationToken);
        }
        catch (IOException) when (isKept)
        {
            throw KeptParts.Damaged(map.Part(part).Id, folder);
        }
    }

    private static async Task ReadExactlyAsync(SafeFileHandle file, Memory<byte> output, long offset, CancellationToken cancellationToken)
    {
        while (output.Length > 0)
        {
            var read = await RandomAccess.ReadAsync(file, output, offset, cancellationToken);
            if (read == 0) throw new EndOfStreamException("A temporary file is shorter than what was written to it.");
            (output, offset) = (output[read..], offset + read);
        }
    }

    private SafeFileHandle Open(int part) => File.OpenHandle(
        Path.Combine(folder, map.Part(part).Id.ToString()), isKept ? FileMode.Open : FileMode.OpenOrCreate, isKept ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private long StoredOffset(int part, int segment) => map.Part(part).Layout.StoredSegment(segment - map.FirstSegment(part)).Offset;

    private int InlineOffset(int segment)
    {
        var part = map.PartOf(segment);
        var offset = 0L;
        for (var before = 0; before < part; before++) offset += map.Part(before).Length;
        return (int)offset + ((segment - map.FirstSegment(part)) * PartLayout.SegmentSize);
    }
}
