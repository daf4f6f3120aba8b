using System.Collections.Immutable;
using System.Text;

namespace Scdn.Format;

/// <summary>A manifest as the bytes of a sealed or clear section (SPEC.md, "Manifest"). Rules over the whole are in <see cref="ManifestRules"/>.</summary>
internal static class ManifestCodec
{
    private const byte HeadFlag = 1;
    private const byte EncryptedFlag = 2;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Write(Manifest manifest, ImmutableArray<PublicPart> publicParts)
    {
        var writer = new ByteWriter();
        writer.Section(ManifestSectionType.Original, Payload(original =>
        {
            original.Length(manifest.Length);
            original.Bytes(manifest.Sha256.AsSpan());
            original.Length(manifest.Duration.Ticks);
        }));
        writer.Section(ManifestSectionType.Title, StrictUtf8.GetBytes(manifest.Title));
        writer.Section(ManifestSectionType.MediaType, StrictUtf8.GetBytes(manifest.MediaType));
        writer.Section(ManifestSectionType.Container, StrictUtf8.GetBytes(manifest.Container));
        writer.Section(ManifestSectionType.Parts, Payload(parts => WriteParts(parts, manifest.Parts, publicParts)));
        if (!manifest.KeyFrames.IsEmpty) writer.Section(ManifestSectionType.KeyFrames, Payload(frames => WriteKeyFrames(frames, manifest.KeyFrames)));
        if (!manifest.InlineHead.IsEmpty) writer.Section(ManifestSectionType.InlineHead, manifest.InlineHead.AsSpan());
        if (manifest.View is { } view) writer.Section(ManifestSectionType.View, Payload(section => section.Varint(view.Lead)));
        if (manifest.Note is { } note) writer.Section(ManifestSectionType.Note, StrictUtf8.GetBytes(note));
        return writer.Written.ToArray();
    }

    public static Manifest Read(ReadOnlySpan<byte> bytes, ImmutableArray<PublicPart> publicParts)
    {
        var sections = Section.ReadAll(bytes, 0, ManifestSectionType.IsKnown, HeaderFault.Damaged, "the manifest");
        var original = new ByteReader(Required(bytes, sections, ManifestSectionType.Original));
        var manifest = new Manifest
        {
            Length = original.Length("the original's length"),
            Sha256 = original.Bytes(PartLayout.HashSize, "the original's hash").ToImmutableArray(),
            Duration = TimeSpan.FromTicks(original.Length("the playing time")),
            Title = Text(Required(bytes, sections, ManifestSectionType.Title)),
            MediaType = Text(Required(bytes, sections, ManifestSectionType.MediaType)),
            Container = Text(Required(bytes, sections, ManifestSectionType.Container)),
            Parts = ReadParts(Required(bytes, sections, ManifestSectionType.Parts), publicParts),
            KeyFrames = sections.TryGetValue(ManifestSectionType.KeyFrames, out var frames) ? ReadKeyFrames(frames.Payload(bytes)) : [],
            InlineHead = sections.TryGetValue(ManifestSectionType.InlineHead, out var head) ? NotEmpty(head.Payload(bytes)).ToImmutableArray() : [],
            View = sections.TryGetValue(ManifestSectionType.View, out var view) ? ReadView(view.Payload(bytes)) : null,
            Note = sections.TryGetValue(ManifestSectionType.Note, out var note) ? Text(note.Payload(bytes)) : null,
        };
        original.End("the original's description");
        return manifest;
    }

    private static void WriteParts(ByteWriter writer, ImmutableArray<ManifestPart> parts, ImmutableArray<PublicPart> publicParts)
    {
        var indexes = publicParts.Select((part, index) => (part.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        long end = 0;
        writer.Varint(parts.Length);
        foreach (var part in parts)
        {
            writer.Varint(indexes[part.Id]);
            writer.U8((byte)((part.Kind == PartKind.Head ? HeadFlag : 0) | (part.Encrypted ? EncryptedFlag : 0)));
            writer.Varint(part.Extents.Length);
            foreach (var extent in part.Extents)
            {
                writer.SignedVarint(extent.Offset - end);
                writer.Varint(extent.Length);
                end = extent.End;
            }
        }
    }

    private static ImmutableArray<ManifestPart> ReadParts(ReadOnlySpan<byte> payload, ImmutableArray<PublicPart> publicParts)
    {
        const string what = "the manifest's list of parts";
        var reader = new ByteReader(payload);
        var count = reader.Count(reader.Varint(what), 5, "parts", publicParts.Length);
        var parts = ImmutableArray.CreateBuilder<ManifestPart>(count);
        long end = 0;
        var extentsLeft = HeaderFormat.MaxItems;
        for (var index = 0; index < count; index++)
        {
            var publicIndex = reader.Varint(what);
            if (publicIndex >= publicParts.Length) throw HeaderException.Damaged($"its manifest names a part {publicIndex} of {publicParts.Length}");
            var flags = reader.U8(what);
            if (flags > (HeadFlag | EncryptedFlag)) throw HeaderException.Damaged($"part {publicIndex} has unknown flags in the manifest");
            var extents = ReadRanges(ref reader, ref end, extentsLeft, PartLayout.MaxPlainLength, what);
            extentsLeft -= extents.Length;
            var kind = (flags & HeadFlag) != 0 ? PartKind.Head : PartKind.Data;
            parts.Add(new(publicParts[(int)publicIndex].Id, kind, (flags & EncryptedFlag) != 0, extents));
        }

        reader.End(what);
        return parts.MoveToImmutable();
    }

    /// <summary>A count of ranges, then each as its distance from the <paramref name="end"/> of the one before and its length; <paramref name="maxTotal"/> bytes together at most.</summary>
    private static ImmutableArray<ByteRange> ReadRanges(ref ByteReader reader, ref long end, int most, long maxTotal, string what)
    {
        var count = reader.Count(reader.Varint(what), 2, "ranges", most);
        if (count == 0) return [];
        var ranges = ImmutableArray.CreateBuilder<ByteRange>(count);
        long total = 0;
        for (var index = 0; index < count; index++)
        {
            var delta = reader.SignedVarint(what);
            var length = reader.Varint(what);
            // Neither sum can overflow: both sides are far below 2^63 once these hold.
            if (delta < -end || delta > long.MaxValue - end || length > maxTotal - total || length > long.MaxValue - end - delta)
                throw HeaderException.Damaged($"a range in {what} lies outside of any original");
            ranges.Add(new(end + delta, length));
            end = ranges[^1].End;
            total += length;
        }

        return ranges.MoveToImmutable();
    }

    private static void WriteKeyFrames(ByteWriter writer, ImmutableArray<KeyFrame> frames)
    {
        writer.Varint(frames.Length);
        var previous = default(KeyFrame);
        foreach (var frame in frames)
        {
            writer.Varint(frame.Time.Ticks - previous.Time.Ticks);
            writer.SignedVarint(frame.Offset - previous.Offset);
            writer.Varint(frame.Ranges.Length);
            var end = frame.Offset;
            foreach (var range in frame.Ranges)
            {
                writer.SignedVarint(range.Offset - end);
                writer.Varint(range.Length);
                end = range.End;
            }

            previous = frame;
        }
    }

    private static ImmutableArray<KeyFrame> ReadKeyFrames(ReadOnlySpan<byte> payload)
    {
        const string what = "the list of key frames";
        var reader = new ByteReader(payload);
        var count = reader.Count(reader.Varint(what), 3, "key frames", HeaderFormat.MaxKeyFrames);
        if (count == 0) throw HeaderException.Damaged($"{what} is empty");
        var frames = ImmutableArray.CreateBuilder<KeyFrame>(count);
        long ticks = 0;
        long offset = 0;
        var rangesLeft = HeaderFormat.MaxKeyFrames;
        for (var index = 0; index < count; index++)
        {
            var time = reader.Varint(what);
            var delta = reader.SignedVarint(what);
            if (time > long.MaxValue - ticks || delta < -offset || delta > long.MaxValue - offset) throw HeaderException.Damaged("a key frame lies outside of any original");
            ticks += time;
            offset += delta;
            var end = offset;
            var ranges = ReadRanges(ref reader, ref end, rangesLeft, long.MaxValue, what);
            rangesLeft -= ranges.Length;
            frames.Add(new(TimeSpan.FromTicks(ticks), offset, ranges));
        }

        reader.End(what);
        return frames.MoveToImmutable();
    }

    private static SeekView ReadView(ReadOnlySpan<byte> payload)
    {
        const string what = "the description of views";
        var reader = new ByteReader(payload);
        var view = new SeekView(reader.Varint(what));
        reader.End(what);
        return view;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException fault)
        {
            throw new HeaderException(HeaderFault.Damaged, "The header cannot be detected: a text in it is not UTF-8.", fault);
        }
    }

    private static ReadOnlySpan<byte> Required(ReadOnlySpan<byte> bytes, Dictionary<ushort, Section> sections, ushort type) =>
        sections.TryGetValue(type, out var section) ? section.Payload(bytes) : throw HeaderException.Damaged($"its manifest has no section {type}");

    private static ReadOnlySpan<byte> NotEmpty(ReadOnlySpan<byte> payload) =>
        payload.IsEmpty ? throw HeaderException.Damaged("the head it brings along is empty") : payload;

    private static byte[] Payload(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.Written.ToArray();
    }
}
