using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>The header's public section.</summary>
internal sealed record PublicSection(
    ContentId Content,
    int Version,
    ImmutableArray<byte> Salt,
    ImmutableArray<byte> Commitment,
    ImmutableArray<PublicPart> Parts)
{
    /// <summary>Whether the manifest is sealed: then there is a commitment to the key.</summary>
    public bool IsSealed => !Commitment.IsEmpty;

    public static PublicSection Read(ReadOnlySpan<byte> payload)
    {
        const string where = "the public section";
        var reader = new ByteReader(payload);
        var content = new ContentId(reader.Uuid(where));
        var version = reader.U32(where);
        if (version is 0 or > int.MaxValue) throw HeaderException.Damaged("the content's version is not a number from 1 on");
        var salt = reader.Bytes(KeyDerivation.SaltSize, where).ToImmutableArray();
        var commitment = reader.U8(where) switch
        {
            0 => ImmutableArray<byte>.Empty,
            1 => reader.Bytes(KeyDerivation.CommitmentSize, where).ToImmutableArray(),
            _ => throw HeaderException.Damaged("it says neither that it is sealed nor that it is clear"),
        };
        var parts = ReadParts(ref reader, where);
        reader.End(where);
        return new(content, (int)version, salt, commitment, parts);
    }

    public void Write(ByteWriter writer)
    {
        writer.Uuid(Content.Value);
        writer.U32((uint)Version);
        writer.Bytes(Salt.AsSpan());
        writer.U8(IsSealed ? (byte)1 : (byte)0);
        writer.Bytes(Commitment.AsSpan());
        writer.U32((uint)Parts.Length);
        foreach (var part in Parts)
        {
            writer.Uuid(part.Id.Value);
            writer.U8(part.Encrypted ? (byte)1 : (byte)0);
            writer.Length(part.StoredLength);
            writer.Bytes(part.Root.AsSpan());
        }
    }

    /// <summary>The order of parts: by the UUID's bytes, as the file has them.</summary>
    public static int Compare(PartId left, PartId right)
    {
        Span<byte> leftBytes = stackalloc byte[16];
        Span<byte> rightBytes = stackalloc byte[16];
        left.Value.TryWriteBytes(leftBytes, bigEndian: true, out _);
        right.Value.TryWriteBytes(rightBytes, bigEndian: true, out _);
        return leftBytes.SequenceCompareTo(rightBytes);
    }

    private static ImmutableArray<PublicPart> ReadParts(ref ByteReader reader, string where)
    {
        var count = reader.Count(reader.U32(where), HeaderFormat.PublicPartSize, "parts");
        var parts = ImmutableArray.CreateBuilder<PublicPart>(count);
        for (var index = 0; index < count; index++)
        {
            var part = ReadPart(ref reader, where);
            if (index > 0 && Compare(parts[^1].Id, part.Id) >= 0) throw HeaderException.Damaged("its parts are not sorted, or one is named twice");
            parts.Add(part);
        }

        return parts.MoveToImmutable();
    }

    private static PublicPart ReadPart(ref ByteReader reader, string where)
    {
        var id = new PartId(reader.Uuid(where));
        var flags = reader.U8(where);
        if (flags > 1) throw HeaderException.Damaged($"part {id} has unknown flags");
        var storedLength = reader.Length(where);
        if (!PartLayout.TryFromStoredLength(storedLength, flags == 1, out _)) throw HeaderException.Damaged($"no part has {storedLength} bytes, as {id} is said to");
        return new(id, storedLength, flags == 1, reader.Bytes(PartLayout.HashSize, where).ToImmutableArray());
    }
}
