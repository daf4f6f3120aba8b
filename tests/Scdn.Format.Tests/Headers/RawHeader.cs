namespace Scdn.Format.Tests;

/// <summary>Writes headers that are signed properly and yet say what no honest writer would.</summary>
internal sealed class RawHeader
{
    private readonly ByteWriter _writer = new();

    public RawHeader(ushort version = 1)
    {
        _writer.Bytes(HeaderFormat.Magic);
        _writer.U16(version);
    }

    /// <summary>A clear header over one clear part, with this manifest payload.</summary>
    public static Header WithManifest(Action<ByteWriter> manifest, params PublicPart[] parts)
    {
        var raw = new RawHeader();
        raw.Section(SectionType.Public, writer => new PublicSection(ContentId.New(), 1, [.. new byte[32]], [], [.. parts]).Write(writer));
        raw.Section(SectionType.Clear, manifest);
        return Header.Parse(raw.Signed());
    }

    public RawHeader Section(ushort type, Action<ByteWriter> payload, ushort flags = 1)
    {
        var inner = new ByteWriter();
        payload(inner);
        _writer.U16(type);
        _writer.U16(flags);
        _writer.U32((uint)inner.Written.Length);
        _writer.Bytes(inner.Written);
        return this;
    }

    public RawHeader Bytes(ReadOnlySpan<byte> bytes)
    {
        _writer.Bytes(bytes);
        return this;
    }

    public byte[] Signed()
    {
        using var publisher = PublisherKey.Generate();
        return Signed(publisher);
    }

    public byte[] Signed(PublisherKey publisher)
    {
        _writer.Section(SectionType.Signature, HeaderSignature.Payload(_writer.Written, publisher));
        return Unsigned();
    }

    public byte[] Unsigned() => _writer.Written.ToArray();
}
