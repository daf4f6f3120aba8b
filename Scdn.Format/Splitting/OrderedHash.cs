using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>
/// The SHA-256 of the original out of data batches that come in order. What lies between them, the head, is read from a file of the original.
/// </summary>
internal sealed class OrderedHash(OrderedHash.ReadOriginal read, byte[] gapBuffer) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public delegate void ReadOriginal(Span<byte> buffer, long offset);

    /// <summary>Up to here the original is hashed.</summary>
    public long End { get; private set; }

    public void Append(ImmutableArray<ByteRange> extents, ReadOnlySpan<byte> bytes)
    {
        foreach (var extent in extents)
        {
            AppendGap(extent.Offset);
            _hash.AppendData(bytes[..(int)extent.Length]);
            bytes = bytes[(int)extent.Length..];
            End = extent.End;
        }
    }

    public ImmutableArray<byte> Finish(long length)
    {
        AppendGap(length);
        return ImmutableCollectionsMarshal.AsImmutableArray(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private void AppendGap(long until)
    {
        while (End < until)
        {
            var chunk = gapBuffer.AsSpan(0, (int)Math.Min(gapBuffer.Length, until - End));
            read(chunk, End);
            _hash.AppendData(chunk);
            End += chunk.Length;
        }
    }
}
