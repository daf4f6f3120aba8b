using System.Collections.Concurrent;

namespace Scdn.Format.Tests;

/// <summary>A folder of parts that counts what is read of it, and lets a test do something at each read.</summary>
internal sealed class CountingParts(string folder, Action<int>? atRead = null) : IPartReader, IDisposable
{
    private readonly PartFolder _parts = new(folder);
    private readonly ConcurrentQueue<(PartId Part, long Offset, int Length)> _reads = new();
    private int _count;

    /// <summary>Bytes of segments that were read; lists of hashes are not counted.</summary>
    public long SegmentBytes(Header header) => _reads.Where(read => header.TryGetPart(read.Part, out var part) && read.Offset < part.Layout.BodyLength).Sum(read => (long)read.Length);

    public async ValueTask ReadAsync(PartId part, long storedOffset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        atRead?.Invoke(Interlocked.Increment(ref _count));
        await _parts.ReadAsync(part, storedOffset, buffer, cancellationToken);
        _reads.Enqueue((part, storedOffset, buffer.Length));
    }

    public void Dispose() => _parts.Dispose();
}
