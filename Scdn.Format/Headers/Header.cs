using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>
/// A header file whose structure and signature hold (SPEC.md). What it says in public can be used at once; the rest is behind <see cref="Open"/>.
/// Whether its <see cref="Publisher"/> is trusted is the caller's question.
/// </summary>
public sealed class Header
{
    /// <summary>The extension of header files.</summary>
    public const string Extension = ".enp";

    /// <summary>Bytes that a header file may have at most: 64 MiB, about half a million parts.</summary>
    public const int MaxSize = HeaderFormat.MaxFileSize;

    private readonly PublicSection _public;
    private readonly Section _manifest;

    private Header(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        CheckPreamble(bytes);
        var sections = Section.ReadAll(bytes, HeaderFormat.PreambleSize, SectionType.IsKnown, HeaderFault.Truncated, "the header");
        if (!sections.TryGetValue(SectionType.Signature, out var signature)) throw HeaderException.Undetected(HeaderFault.Truncated, "it ends before its signature");
        Publisher = HeaderSignature.Verify(bytes[..signature.Start], signature.Payload(bytes));
        if (!sections.TryGetValue(SectionType.Public, out var open)) throw HeaderException.Damaged("it has no public section");
        _public = PublicSection.Read(open.Payload(bytes));
        if (!_public.IsSealed && _public.Parts.Any(part => part.Encrypted)) throw HeaderException.Damaged("it has encrypted parts and no content key");
        _manifest = ManifestOf(sections, _public.IsSealed);
        File = file;
        Hash = ImmutableCollectionsMarshal.AsImmutableArray(SHA256.HashData(bytes));
    }

    /// <summary>The whole file.</summary>
    public ReadOnlyMemory<byte> File { get; }

    /// <summary>The SHA-256 of the whole file, 32 bytes: names exactly this header.</summary>
    public ImmutableArray<byte> Hash { get; }

    /// <summary>The content.</summary>
    public ContentId Content => _public.Content;

    /// <summary>The content's version, from 1.</summary>
    public int Version => _public.Version;

    /// <summary>All parts, sorted by the bytes of their UUID.</summary>
    public ImmutableArray<PublicPart> Parts => _public.Parts;

    /// <summary>Whether <see cref="Open"/> needs the content key.</summary>
    public bool IsSealed => _public.IsSealed;

    /// <summary>Who signed.</summary>
    public PublisherId Publisher { get; }

    /// <summary>Reads a header from the bytes of its file, which are copied.</summary>
    /// <exception cref="HeaderException">It is no header, damaged, of an unknown version, or not signed by its publisher.</exception>
    public static Header Parse(ReadOnlyMemory<byte> file)
    {
        CheckSize(file.Length);
        return new(file.ToArray());
    }

    /// <summary>Reads a header file.</summary>
    /// <exception cref="HeaderException">As <see cref="Parse"/>.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static async Task<Header> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (FileKind.IsPipe(path)) throw HeaderException.Undetected(HeaderFault.NotAHeader, $"{path} is not a file that can be read from any place: copy it into one");
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        await using (stream)
        {
            CheckSize(stream.Length);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return new(bytes);
        }
    }

    /// <summary>Finds a part by its name.</summary>
    public bool TryGetPart(PartId id, [NotNullWhen(true)] out PublicPart? part)
    {
        var (low, high) = (0, Parts.Length - 1);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var order = PublicSection.Compare(Parts[middle].Id, id);
            if (order == 0)
            {
                part = Parts[middle];
                return true;
            }

            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        part = null;
        return false;
    }

    /// <summary>Whether a content key is the one this header was sealed with; true for any key when it is not sealed.</summary>
    public bool Accepts(ContentKey key)
    {
        Span<byte> commitment = stackalloc byte[KeyDerivation.CommitmentSize];
        KeyDerivation.Commitment(key, _public.Salt.AsSpan(), commitment);
        return !IsSealed || CryptographicOperations.FixedTimeEquals(commitment, _public.Commitment.AsSpan());
    }

    /// <summary>Opens what only the content key shows, and checks it: the extents tile the original, the parts are those named in public.</summary>
    /// <param name="key">The content key; not looked at when the header is not sealed.</param>
    /// <exception cref="HeaderException">No key and one is needed, the wrong key, or contents that contradict one another.</exception>
    public Manifest Open(ContentKey? key)
    {
        var manifest = ManifestCodec.Read(IsSealed ? Unseal(key) : _manifest.Payload(File.Span), Parts);
        return ManifestRules.FirstFault(manifest, Parts) is { } fault ? throw HeaderException.Damaged(fault) : manifest;
    }

    private static void CheckSize(long length)
    {
        if (length > HeaderFormat.MaxFileSize)
            throw HeaderException.Undetected(HeaderFault.NotAHeader, $"the file has {length} bytes, more than the {HeaderFormat.MaxFileSize} that a header may have");
    }

    private static void CheckPreamble(ReadOnlySpan<byte> bytes)
    {
        var magic = HeaderFormat.Magic;
        var common = Math.Min(bytes.Length, magic.Length);
        if (common == 0 || !bytes[..common].SequenceEqual(magic[..common])) throw HeaderException.Undetected(HeaderFault.NotAHeader, "the file is not a header");
        if (bytes.Length < HeaderFormat.PreambleSize) throw HeaderException.Undetected(HeaderFault.Truncated, "it ends in the middle of its first bytes");
        var version = BinaryPrimitives.ReadUInt16BigEndian(bytes[magic.Length..]);
        if (version != HeaderFormat.Version)
            throw HeaderException.Undetected(HeaderFault.UnknownVersion, $"it is of version {version}, this program knows version {HeaderFormat.Version}");
    }

    private static Section ManifestOf(Dictionary<ushort, Section> sections, bool isSealed)
    {
        var hasSealed = sections.TryGetValue(SectionType.Sealed, out var sealedSection);
        var hasClear = sections.TryGetValue(SectionType.Clear, out var clearSection);
        if (hasSealed == hasClear || hasSealed != isSealed) throw HeaderException.Damaged("its manifest is missing, there twice, or not sealed as it says");
        if (isSealed && sealedSection.Length < PartLayout.TagSize) throw HeaderException.Damaged("its sealed section is too short");
        return isSealed ? sealedSection : clearSection;
    }

    private byte[] Unseal(ContentKey? key)
    {
        if (key is null) throw new HeaderException(HeaderFault.KeyNeeded, "The header is sealed: its content key is needed to open it.");
        if (!Accepts(key)) throw new HeaderException(HeaderFault.WrongKey, $"The content key is the wrong one: it does not belong to content {Content}, version {Version}.");
        var payload = _manifest.Payload(File.Span);
        var plain = new byte[payload.Length - PartLayout.TagSize];
        return HeaderCipher.TryOpen(key, _public.Salt.AsSpan(), File.Span[.._manifest.PayloadStart], payload, plain)
            ? plain
            : throw HeaderException.Damaged("its sealed section is not what its publisher sealed");
    }
}
