using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>A part while its segments are written, by several threads and in any order.</summary>
internal sealed class GrowingPart : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly PartCipher? _cipher;
    private readonly byte[] _hashList;
    private int _segmentsLeft;

    public GrowingPart(int number, ManifestPart part, string path, ContentKey? key)
    {
        (Number, Part) = (number, part);
        Layout = part.Layout;
        _segmentsLeft = Layout.SegmentCount;
        _hashList = new byte[Layout.HashList.Length];
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, preallocationSize: Layout.StoredLength);
        _cipher = part.Encrypted ? new PartCipher(key!, part.Id) : null;
    }

    /// <summary>The part's place in the partition.</summary>
    public int Number { get; }

    public ManifestPart Part { get; }

    public PartLayout Layout { get; }

    /// <summary>Seals, hashes and writes some whole segments.</summary>
    /// <param name="firstSegment">The number of the first.</param>
    /// <param name="plain">Their bytes.</param>
    /// <param name="sealedBytes">Room for them when sealed.</param>
    /// <returns>True for the call that completed the last missing segment: then the part waits for <see cref="Finish"/>.</returns>
    public bool Write(int firstSegment, ReadOnlySpan<byte> plain, Span<byte> sealedBytes)
    {
        var start = Layout.StoredSegment(firstSegment).Offset;
        var stored = _cipher is null ? plain : sealedBytes;
        var (segment, used) = (firstSegment, 0);
        for (var rest = plain; !rest.IsEmpty; segment++)
        {
            var length = Math.Min(rest.Length, PartLayout.SegmentSize);
            var storedLength = (int)Layout.StoredSegment(segment).Length;
            _cipher?.Seal(segment, Layout.IsLast(segment), rest[..length], sealedBytes.Slice(used, storedLength));
            SegmentHashes.HashSegment(stored.Slice(used, storedLength), _hashList.AsSpan(segment * PartLayout.HashSize, PartLayout.HashSize));
            used += storedLength;
            rest = rest[length..];
        }

        FileWriting.Write(_file, stored[..used], start);
        return Interlocked.Add(ref _segmentsLeft, firstSegment - segment) == 0;
    }

    /// <summary>Adds the hash list and has the whole part on disk.</summary>
    public PublicPart Finish()
    {
        RandomAccess.Write(_file, _hashList, Layout.HashList.Offset);
        RandomAccess.FlushToDisk(_file);
        return new(Part.Id, Layout.StoredLength, Part.Encrypted, SegmentHashes.Root(_hashList));
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        _file.Dispose();
    }
}
