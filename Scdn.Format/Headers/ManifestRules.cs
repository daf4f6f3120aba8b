using System.Collections.Immutable;
using System.Text;

namespace Scdn.Format;

/// <summary>What must hold between a manifest, the original it describes and the public list of parts. The writer and the reader ask the same.</summary>
internal static class ManifestRules
{
    /// <summary>The first rule that is broken, as the end of a sentence; null when all hold.</summary>
    public static string? FirstFault(Manifest manifest, ImmutableArray<PublicPart> publicParts) =>
        Texts(manifest) ?? Counts(manifest) ?? PartsAgree(manifest, publicParts) ?? DataInOrder(manifest) ?? Tiles(manifest) ?? InlineHead(manifest) ?? KeyFrames(manifest) ?? View(manifest);

    /// <summary>Whether a title or a note can be shown anywhere: short, and no control characters, which could drive a terminal.</summary>
    public static bool IsText(string text) => Encoding.UTF8.GetByteCount(text) is > 0 and <= HeaderFormat.MaxTextBytes && !text.Any(char.IsControl);

    /// <summary>Whether this can be a media type or a container: short, printable ASCII without spaces.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= HeaderFormat.MaxNameBytes && text.All(letter => letter is > ' ' and <= '~');

    private static string? Texts(Manifest manifest)
    {
        if (!IsText(manifest.Title)) return "its title is empty, too long, or has control characters";
        if (manifest.Note is { } note && !IsText(note)) return "its note is empty, too long, or has control characters";
        if (!IsName(manifest.MediaType)) return "its media type is not a media type";
        if (!IsName(manifest.Container)) return "its container has no proper name";
        if (manifest.Length < 0) return "the original has less than no bytes";
        if (manifest.Sha256.Length != PartLayout.HashSize) return "the original's hash has not 32 bytes";
        return manifest.Duration < TimeSpan.Zero ? "its playing time is negative" : null;
    }

    private static string? Counts(Manifest manifest)
    {
        if (manifest.Parts.Length > HeaderFormat.MaxItems) return $"it has more than {HeaderFormat.MaxItems} parts";
        if (manifest.Parts.Sum(part => (long)part.Extents.Length) > HeaderFormat.MaxItems) return $"it has more than {HeaderFormat.MaxItems} extents";
        if (manifest.KeyFrames.Length > HeaderFormat.MaxKeyFrames) return $"it has more than {HeaderFormat.MaxKeyFrames} key frames";
        return manifest.KeyFrames.Sum(frame => frame.Ranges.Length) > HeaderFormat.MaxKeyFrames ? $"its key frames have more than {HeaderFormat.MaxKeyFrames} ranges" : null;
    }

    private static string? PartsAgree(Manifest manifest, ImmutableArray<PublicPart> publicParts)
    {
        if (manifest.Parts.Length != publicParts.Length) return "its two lists of parts are not equally long";
        var byId = publicParts.ToDictionary(part => part.Id);
        var previous = PartKind.Head;
        foreach (var part in manifest.Parts)
        {
            if (!byId.Remove(part.Id, out var published)) return $"part {part.Id} is named twice, or not in public";
            if (part.Kind < previous) return $"head part {part.Id} stands after a data part";
            previous = part.Kind;
            if (part.Encrypted != published.Encrypted) return $"part {part.Id} is said to be encrypted and not";
            if (part.Length is < 1 or > PartLayout.MaxPlainLength || part.Layout.StoredLength != published.StoredLength)
                return $"part {part.Id} has another length in public than its extents make";
        }

        return null;
    }

    /// <summary>What follows the head can be hashed, played and written from front to back.</summary>
    private static string? DataInOrder(Manifest manifest)
    {
        long end = 0;
        foreach (var part in manifest.Parts.Where(part => part.Kind == PartKind.Data))
        {
            foreach (var extent in part.Extents)
            {
                if (extent.Offset < end) return $"data part {part.Id} is not in the original's order";
                end = extent.End;
            }
        }

        return null;
    }

    private static string? Tiles(Manifest manifest)
    {
        var extents = manifest.Parts.SelectMany(part => part.Extents).ToArray();
        Array.Sort(extents, (left, right) => left.Offset.CompareTo(right.Offset));
        long end = 0;
        foreach (var extent in extents)
        {
            if (extent.Length < 1) return $"an extent at byte {extent.Offset} of the original is empty";
            if (extent.Offset > end) return $"no part carries byte {end} of the original";
            if (extent.Offset < end) return $"two parts carry byte {extent.Offset} of the original";
            if (extent.Length > manifest.Length - end) return "its parts carry more than the original";
            end = extent.End;
        }

        return end == manifest.Length ? null : $"no part carries byte {end} of the original";
    }

    private static string? InlineHead(Manifest manifest)
    {
        long length = 0;
        foreach (var part in manifest.Parts.TakeWhile(part => part.Kind == PartKind.Head && length < manifest.InlineHead.Length)) length += part.Length;
        return length == manifest.InlineHead.Length ? null : "the head it brings along is not made of whole head parts";
    }

    private static string? KeyFrames(Manifest manifest)
    {
        var previous = TimeSpan.Zero;
        foreach (var frame in manifest.KeyFrames)
        {
            if (frame.Time < previous) return "its key frames are out of order";
            if (frame.Offset < 0 || frame.Offset >= manifest.Length) return "a key frame lies outside the original";
            if (frame.Ranges.Any(range => range.Offset < 0 || range.Length < 1 || range.Length > manifest.Length - range.Offset)) return "what a key frame needs lies outside the original";
            previous = frame.Time;
        }

        return null;
    }

    private static string? View(Manifest manifest)
    {
        if (manifest.View is null) return null;
        if (manifest.KeyFrames.IsEmpty) return "it is seen by views, but has no key frame where one could begin";
        return manifest.View.Lead < 0 || manifest.View.Lead > manifest.Length ? "its views begin with more than the original" : null;
    }
}
