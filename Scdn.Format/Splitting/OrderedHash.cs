using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>
/// The SHA-256 of the original out of data batches that come in order. What lies between them, the head, is read from the original.
/// </summary>
internal sealed class OrderedHash(OrderedHash.ReadOriginal read, byte[] gapBuffer) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public delegate ValueTask ReadOriginal(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>Up to here the original is hashed.</summary>
    public long End { get; private set; }

    public async ValueTask AppendAsync(ImmutableArray<ByteRange> extents, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        foreach (var extent in extents)
        {
            await AppendGapAsync(extent.Offset, cancellationToken);
            _hash.AppendData(bytes.Span[..(int)extent.Length]);
            bytes = bytes[(int)extent.Length..];
            End = extent.End;
        }
    }

    public async ValueTask<ImmutableArray<byte>> FinishAsync(long length, CancellationToken cancellationToken)
    {
        await AppendGapAsync(length, cancellationToken);
        return ImmutableCollectionsMarshal.AsImmutableArray(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private async ValueTask AppendGapAsync(long until, CancellationToken cancellationToken)
    {
        while (End < until)
        {
            var chunk = gapBuffer.AsMemory(0, (int)Math.Min(gapBuffer.Length, until - End));
            await read(chunk, End, cancellationToken);
            _hash.AppendData(chunk.Span);
            End += chunk.Length;
        }
    }
}
