namespace Scdn.Format.Tests;

/// <summary>Headers put together from the sections of two that are in order, and signed again, as a publisher who is trusted might be made to.</summary>
internal sealed class SplicedHeaderTests
{
    private readonly PublisherKey _publisher = PublisherKey.Generate();
    private readonly ContentKey _key = Golden.Key();
    private readonly ContentKey _otherKey = ContentKey.Generate();
    private readonly ContentId _content = ContentId.New();
    private readonly PublicPart _part = new(PartId.New(), 33 + PartLayout.TagSize, true, [.. new byte[32]]);

    [OneTimeTearDown]
    public void LetKeysGo()
    {
        _publisher.Dispose();
        _key.Dispose();
        _otherKey.Dispose();
    }

    [Test]
    public void Opens_what_was_put_together_from_one_header()
    {
        var whole = Make(1, _key);
        Assert.That(Splice(whole, whole).Open(_key).Title, Is.EqualTo("Version 1"));
    }

    [Test]
    public void Refuses_the_sealed_section_of_another_version_under_the_same_key([Values] bool sameSalt)
    {
        var (older, newer) = (Make(1, _key, 7), Make(2, _key, sameSalt ? (byte)7 : (byte)8));
        Refused(Splice(newer, older));
        Refused(Splice(older, newer));
    }

    [Test]
    public void Refuses_the_sealed_section_of_another_content([Values] bool sameKey)
    {
        var other = Make(1, sameKey ? _key : _otherKey, content: ContentId.New());
        Refused(Splice(Make(1, _key), other));
    }

    [Test]
    public void Refuses_another_list_of_parts_before_a_sealed_section()
    {
        var other = _part with { Root = [.. Enumerable.Repeat((byte)1, 32)] };
        Refused(Splice(Make(1, _key, 7, part: other), Make(1, _key, 7)));
    }

    [Test]
    public void Refuses_the_signature_of_another_header()
    {
        var (older, newer) = (Make(1, _key).File.ToArray(), Make(2, _key).File.ToArray());
        older.AsSpan(older.Length - 128).CopyTo(newer.AsSpan(newer.Length - 128));
        Assert.That(() => Header.Parse(newer), Throws.TypeOf<HeaderException>().With.Property(nameof(HeaderException.Reason)).EqualTo(HeaderFault.BadSignature));
    }

    [Test]
    public void A_header_that_somebody_else_signed_names_somebody_else()
    {
        using var stranger = PublisherKey.Generate();
        var header = Make(1, _key);
        var forged = Header.Parse(new RawHeader().Bytes(Raw(header, SectionType.Public)).Bytes(Raw(header, SectionType.Sealed)).Signed(stranger));
        Assert.That((forged.Publisher, header.Publisher), Is.EqualTo((stranger.Id, _publisher.Id)));
    }

    private Header Make(int version, ContentKey key, byte salt = 1, ContentId? content = null, PublicPart? part = null)
    {
        var manifest = ManifestRulesTests.Empty with { Title = $"Version {version}", Length = 1, Parts = [new(_part.Id, PartKind.Data, true, [new(0, 1)])] };
        return Header.Parse(HeaderWriter.Write(content ?? _content, version, manifest, [part ?? _part], key, _publisher, [.. Enumerable.Repeat(salt, 32)]));
    }

    private Header Splice(Header open, Header sealedOne) =>
        Header.Parse(new RawHeader().Bytes(Raw(open, SectionType.Public)).Bytes(Raw(sealedOne, SectionType.Sealed)).Signed(_publisher));

    private static byte[] Raw(Header header, ushort type)
    {
        var section = Section.ReadAll(header.File.Span, HeaderFormat.PreambleSize, SectionType.IsKnown, HeaderFault.Truncated, "the header")[type];
        return header.File.Span[section.Start..(section.PayloadStart + section.Length)].ToArray();
    }

    private void Refused(Header spliced) =>
        Assert.That(() => spliced.Open(_key), Throws.TypeOf<HeaderException>().With.Message.Contains("not what its publisher sealed"));
}
