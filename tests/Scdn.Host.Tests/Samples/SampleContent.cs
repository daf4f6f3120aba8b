using System.Collections.Immutable;
using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Host.Parts;

namespace Scdn.Host.Tests.Samples;

/// <summary>A content of a few clear parts with random bytes, made without a splitter.</summary>
internal sealed class SampleContent
{
    private static readonly PublisherKey Publisher = PublisherKey.Generate();

    public SampleContent(ContentId id, int version, params int[] partLengths)
    {
        var extents = ImmutableArray.CreateBuilder<ManifestPart>();
        List<PublicPart> parts = [];
        List<byte> original = [];
        foreach (var length in partLengths)
        {
            var part = PartId.New();
            var plain = RandomNumberGenerator.GetBytes(length);
            var stored = Store(plain, out var root);
            Stored.Add(part, stored);
            parts.Add(new(part, stored.Length, Encrypted: false, root));
            extents.Add(new(part, PartKind.Data, Encrypted: false, [new ByteRange(original.Count, length)]));
            original.AddRange(plain);
        }

        var manifest = new Manifest
        {
            Title = "Sample",
            MediaType = "video/mp4",
            Container = "binary",
            Length = original.Count,
            Sha256 = [.. SHA256.HashData(original.ToArray())],
            Parts = extents.ToImmutable(),
        };
        Header = Header.Parse(HeaderWriter.Write(id, version, manifest, parts, key: null, Publisher));
    }

    public Header Header { get; }

    public ContentId Id => Header.Content;

    /// <summary>Each part's file.</summary>
    public Dictionary<PartId, byte[]> Stored { get; } = [];

    public static SampleContent Of(params int[] partLengths) => new(ContentId.New(), 1, partLengths);

    /// <summary>Puts it into service.</summary>
    public async Task<ServedContent> PublishAsync(PartStore store)
    {
        var incoming = store.Receive(Id);
        foreach (var (part, bytes) in Stored) Assert.That(await incoming.TryWriteAsync(part, new MemoryStream(bytes), bytes.Length, default));
        return incoming.TakeIntoService(Header);
    }

    private static byte[] Store(byte[] plain, out ImmutableArray<byte> root)
    {
        var layout = new PartLayout(plain.Length, Encrypted: false);
        var stored = new byte[layout.StoredLength];
        plain.CopyTo(stored, 0);
        var hashList = stored.AsSpan((int)layout.HashList.Offset);
        for (var index = 0; index < layout.SegmentCount; index++)
        {
            var segment = layout.StoredSegment(index);
            SegmentHashes.HashSegment(stored.AsSpan((int)segment.Offset, (int)segment.Length), hashList.Slice(index * PartLayout.HashSize, PartLayout.HashSize));
        }

        root = SegmentHashes.Root(hashList);
        return stored;
    }
}
