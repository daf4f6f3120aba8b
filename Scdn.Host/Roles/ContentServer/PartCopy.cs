using Microsoft.Win32.SafeHandles;
using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Copies one part: first its hash list, which is checked against the header, then the segments from the first that is not here yet, each checked before
/// it is kept. So whatever is in the partial file is right, and another source goes on where one failed.
/// </summary>
internal sealed class PartCopy(PublicPart part, IncomingContent incoming, PeerClient peers, string ticket)
{
    private readonly PartLayout _layout = part.Layout;
    private byte[]? _hashList;
    private int? _have;

    /// <summary>Goes on with one source. False: it sent something wrong. Throws when it can't be reached or stops.</summary>
    public async Task<bool> CopyFromAsync(CopySource source, CancellationToken cancel)
    {
        if (_hashList is null && !await CopyHashListAsync(source, cancel)) return false;
        if (!PartVerifier.TryCreate(part, _hashList, out var verifier)) return false;

        Directory.CreateDirectory(incoming.Folder);
        using (var file = File.OpenHandle(incoming.PartialPath(part.Id), FileMode.OpenOrCreate, FileAccess.ReadWrite))
        {
            var next = _have ??= await CountIntactAsync(file, verifier, cancel);
            if (next < _layout.SegmentCount && !await CopySegmentsAsync(source, file, verifier, cancel)) return false;
            await RandomAccess.WriteAsync(file, _hashList, _layout.HashList.Offset, cancel);
            RandomAccess.SetLength(file, part.StoredLength);
            RandomAccess.FlushToDisk(file);
        }

        incoming.CompletePartial(part.Id);
        return true;
    }

    private async Task<bool> CopyHashListAsync(CopySource source, CancellationToken cancel)
    {
        var hashList = new byte[_layout.HashList.Length];
        await peers.ReadAsync(source, part.Id, _layout.HashList, ticket, [hashList.Length], Take, cancel);
        if (!PartVerifier.TryCreate(part, hashList, out _)) return false;
        _hashList = hashList;
        return true;

        ValueTask<bool> Take(ReadOnlyMemory<byte> bytes)
        {
            bytes.CopyTo(hashList);
            return new(true);
        }
    }

    private async Task<bool> CopySegmentsAsync(CopySource source, SafeFileHandle file, PartVerifier verifier, CancellationToken cancel)
    {
        var first = _have.GetValueOrDefault();
        var start = _layout.StoredSegment(first).Offset;
        var lengths = Enumerable.Range(first, _layout.SegmentCount - first).Select(segment => (int)_layout.StoredSegment(segment).Length);
        return await peers.ReadAsync(source, part.Id, new(start, _layout.BodyLength - start), ticket, lengths, TakeAsync, cancel);

        async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> stored)
        {
            var segment = _have.GetValueOrDefault();
            if (!verifier.IsIntact(segment, stored.Span)) return false;
            await RandomAccess.WriteAsync(file, stored, _layout.StoredSegment(segment).Offset, cancel);
            _have = segment + 1;
            return true;
        }
    }

    /// <summary>How many segments of an earlier attempt are here and right.</summary>
    private async Task<int> CountIntactAsync(SafeFileHandle file, PartVerifier verifier, CancellationToken cancel)
    {
        var buffer = new byte[_layout.StoredSegmentSize];
        for (var segment = 0; segment < _layout.SegmentCount; segment++)
        {
            var stored = _layout.StoredSegment(segment);
            var memory = buffer.AsMemory(0, (int)stored.Length);
            if (await RandomAccess.ReadAsync(file, memory, stored.Offset, cancel) < memory.Length || !verifier.IsIntact(segment, memory.Span)) return segment;
        }

        return _layout.SegmentCount;
    }
}
