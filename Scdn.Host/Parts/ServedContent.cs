using Scdn.Format;

namespace Scdn.Host.Parts;

/// <summary>A content that is in service: its header and where its files are. Immutable; the store swaps it whole.</summary>
internal sealed class ServedContent
{
    public ServedContent(Header header, string folder)
    {
        Header = header;
        Folder = folder;
        HeaderFile = new(Path.Combine(folder, PartStoreLayout.HeaderName), header.File.Length, header.Hash.AsSpan());
    }

    public Header Header { get; }

    public ContentId Content => Header.Content;

    public int Version => Header.Version;

    public string Folder { get; }

    /// <summary>The header as a file to be answered.</summary>
    public ServedFile HeaderFile { get; }
}

/// <summary>A part that is in service.</summary>
internal sealed class ServedPart(ServedContent content, PublicPart part)
{
    public ServedContent Content { get; } = content;

    public PublicPart Part { get; } = part;

    public ServedFile File { get; } = new(Path.Combine(content.Folder, part.Id.ToString()), part.StoredLength, part.Root.AsSpan());
}

/// <summary>A file whose bytes never change: what an answer is made of.</summary>
internal sealed class ServedFile(string path, long length, ReadOnlySpan<byte> hash)
{
    public string Path { get; } = path;

    public long Length { get; } = length;

    /// <summary>A strong entity tag (RFC 9110, 8.8.3), quotes included: the hash of what is served, so it is the same on every server.</summary>
    public string EntityTag { get; } = $"\"{Convert.ToHexStringLower(hash)}\"";
}
