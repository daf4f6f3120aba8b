using Scdn.Testing;

namespace Scdn.Format.Tests;

public sealed class HeaderTests
{
    private static readonly byte[] Root = new byte[32];

    [Test]
    public void Refuses_every_change_of_a_single_byte()
    {
        for (var index = 0; index < Golden.Header.Length; index++)
        {
            foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
            {
                var changed = Golden.Header.ToArray();
                changed[index] ^= change;
                Assert.That(() => Header.Parse(changed), Throws.TypeOf<HeaderException>().With.Message.StartsWith("The header cannot be detected: "), $"byte {index} ^ {change}");
            }
        }
    }

    [Test]
    public void Refuses_every_truncation()
    {
        for (var length = 0; length < Golden.Header.Length; length++)
        {
            var fault = Assert.Throws<HeaderException>(() => Header.Parse(Golden.Header.AsMemory(0, length)));
            Assert.That(fault!.Reason, Is.EqualTo(length == 0 ? HeaderFault.NotAHeader : HeaderFault.Truncated), $"{length} bytes");
        }
    }

    [Test]
    public void Refuses_bytes_after_the_signature([Values(1, 8, 9)] int extra) =>
        Assert.That(() => Header.Parse((byte[])[.. Golden.Header, .. new byte[extra]]), Throws.TypeOf<HeaderException>());

    [TestCase("This is a text.\r\n")]
    [TestCase("\u0089PNG\r\n\u001a\n")]
    [TestCase("ENP")]
    public void Refuses_what_is_not_a_header(string text)
    {
        var fault = Assert.Throws<HeaderException>(() => Header.Parse(System.Text.Encoding.Latin1.GetBytes(text)));

        Assert.That(fault!.Reason, Is.EqualTo(HeaderFault.NotAHeader));
        Assert.That(fault.Message, Is.EqualTo("The header cannot be detected: the file is not a header."));
    }

    [Test]
    public void Refuses_a_header_whose_line_ends_were_converted()
    {
        byte[] converted = [.. Golden.Header[..4], 0x0A, .. Golden.Header[6..]];

        Assert.That(() => Header.Parse(converted), Throws.TypeOf<HeaderException>().With.Property(nameof(HeaderException.Reason)).EqualTo(HeaderFault.NotAHeader));
    }

    [TestCase((ushort)0)]
    [TestCase((ushort)2)]
    [TestCase(ushort.MaxValue)]
    public void Refuses_an_unknown_version_and_names_it(ushort version)
    {
        var fault = Assert.Throws<HeaderException>(() => Header.Parse(new RawHeader(version).Signed()));

        Assert.That(fault!.Reason, Is.EqualTo(HeaderFault.UnknownVersion));
        Assert.That(fault.Message, Does.Contain($"version {version}"));
    }

    [Test]
    public void Refuses_a_file_that_is_larger_than_any_header() =>
        Assert.That(() => Header.Parse(new byte[Header.MaxSize + 1]), Throws.TypeOf<HeaderException>().With.Message.Contains($"{Header.MaxSize}"));

    [Test]
    public void Says_that_the_key_is_the_wrong_one()
    {
        using var wrong = ContentKey.Generate();

        var fault = Assert.Throws<HeaderException>(() => Header.Parse(Golden.Header).Open(wrong));

        Assert.That(fault!.Reason, Is.EqualTo(HeaderFault.WrongKey));
        Assert.That(fault.Message, Does.StartWith("The content key is the wrong one"));
    }

    [Test]
    public void Says_that_a_key_is_needed() =>
        Assert.That(() => Header.Parse(Golden.Header).Open(null), Throws.TypeOf<HeaderException>().With.Property(nameof(HeaderException.Reason)).EqualTo(HeaderFault.KeyNeeded));

    [Test]
    public void Skips_an_unknown_section_that_is_not_critical()
    {
        var header = Header.Parse(Empty().Section(100, writer => writer.U8(7), flags: 0).Signed());

        Assert.That(header.Open(null).Title, Is.EqualTo("t"));
    }

    [Test]
    public void Refuses_an_unknown_section_that_is_critical() =>
        Refused(Empty().Section(100, writer => writer.U8(7)), HeaderFault.UnknownVersion, "section 100");

    [Test]
    public void Refuses_unknown_flags_of_a_section() => Refused(Empty().Section(100, _ => { }, flags: 2), HeaderFault.Damaged, "unknown flags");

    [Test]
    public void Refuses_a_known_section_that_is_not_critical() =>
        Refused(new RawHeader().Section(SectionType.Public, WritePublic(), flags: 0), HeaderFault.Damaged, "not marked as critical");

    [Test]
    public void Refuses_a_section_that_stands_there_twice() => Refused(Empty().Section(SectionType.Clear, WriteManifest), HeaderFault.Damaged, "out of order");

    [Test]
    public void Refuses_sections_in_another_order() =>
        Refused(new RawHeader().Section(SectionType.Clear, WriteManifest).Section(SectionType.Public, WritePublic()), HeaderFault.Damaged, "out of order");

    [Test]
    public void Refuses_a_header_without_a_public_section() => Refused(new RawHeader().Section(SectionType.Clear, WriteManifest), HeaderFault.Damaged, "no public section");

    [Test]
    public void Refuses_a_header_without_a_manifest() => Refused(new RawHeader().Section(SectionType.Public, WritePublic()), HeaderFault.Damaged, "its manifest is missing");

    [Test]
    public void Refuses_a_header_with_a_sealed_and_a_clear_manifest() =>
        Refused(
            new RawHeader().Section(SectionType.Public, WritePublic()).Section(SectionType.Sealed, _ => { }).Section(SectionType.Clear, WriteManifest),
            HeaderFault.Damaged,
            "there twice");

    [Test]
    public void Refuses_a_sealed_manifest_without_a_commitment() =>
        Refused(new RawHeader().Section(SectionType.Public, WritePublic()).Section(SectionType.Sealed, WriteManifest), HeaderFault.Damaged, "not sealed as it says");

    [Test]
    public void Refuses_encrypted_parts_under_no_key() =>
        Refused(Empty(new PublicPart(PartId.New(), 49, true, [.. Root])), HeaderFault.Damaged, "no content key");

    [Test]
    public void Refuses_parts_that_are_not_sorted() => Refused(Empty(Part("b"), Part("a")), HeaderFault.Damaged, "not sorted");

    [Test]
    public void Refuses_a_part_that_is_named_twice() => Refused(Empty(Part("a"), Part("a")), HeaderFault.Damaged, "named twice");

    [TestCase(0)]
    [TestCase(32)]
    [TestCase(65536 + 32 + 1)]
    [TestCase(long.MaxValue)]
    public void Refuses_a_length_that_no_part_can_have(long storedLength) =>
        Refused(Empty(new PublicPart(PartId.New(), storedLength, false, [.. Root])), HeaderFault.Damaged, $"no part has {storedLength} bytes");

    [Test]
    public void Refuses_to_make_room_for_parts_that_are_not_there() =>
        Refused(
            new RawHeader().Section(SectionType.Public, writer =>
            {
                writer.Bytes(new byte[16]);
                writer.U32(1);
                writer.Bytes(new byte[32]);
                writer.U8(0);
                writer.U32(uint.MaxValue);
            }),
            HeaderFault.Damaged,
            "4294967295 parts");

    [Test]
    public void Refuses_bytes_too_many_in_a_section() =>
        Refused(
            new RawHeader().Section(SectionType.Public, writer =>
            {
                WritePublic()(writer);
                writer.U8(0);
            }).Section(SectionType.Clear, WriteManifest),
            HeaderFault.Damaged,
            "1 bytes too many");

    [Test]
    public void Refuses_a_version_of_the_content_below_one() =>
        Refused(new RawHeader().Section(SectionType.Public, writer => writer.Bytes(new byte[57])), HeaderFault.Damaged, "version");

    [Test]
    public void Refuses_a_publisher_who_did_not_sign()
    {
        using var other = PublisherKey.Generate();
        var forged = Golden.Header.ToArray();
        other.ExportPublic().CopyTo(forged.AsSpan(forged.Length - 128));

        Assert.That(() => Header.Parse(forged), Throws.TypeOf<HeaderException>().With.Property(nameof(HeaderException.Reason)).EqualTo(HeaderFault.BadSignature));
    }

    [Test]
    public void Refuses_a_public_key_that_is_no_point_of_the_curve()
    {
        var forged = Golden.Header.ToArray();
        forged.AsSpan(forged.Length - 128, 64).Fill(1);

        Assert.That(() => Header.Parse(forged), Throws.TypeOf<HeaderException>().With.Property(nameof(HeaderException.Reason)).EqualTo(HeaderFault.BadSignature));
    }

    [Test]
    public void Finds_its_parts_by_name_and_no_others()
    {
        var header = Header.Parse(Golden.Header);

        Assert.That(header.Parts.All(part => header.TryGetPart(part.Id, out var found) && found == part));
        Assert.That(header.TryGetPart(PartId.New(), out _), Is.False);
    }

    [Test]
    public void Keeps_its_own_copy_of_the_bytes()
    {
        using var key = Golden.Key();
        var bytes = Golden.Header.ToArray();
        var header = Header.Parse(bytes);
        Array.Clear(bytes);

        Assert.That(header.Open(key).Length, Is.EqualTo(Golden.Length));
    }

    [Test]
    public async Task Reads_a_file()
    {
        using var folder = new TempFolder();

        var header = await Header.ReadAsync(folder.Write("a.enp", Golden.Header), CancellationToken.None);

        Assert.That(header.File.Span.SequenceEqual(Golden.Header));
        Assert.That(header.Hash.AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(Golden.Header)));
    }

    [Test]
    public async Task Refuses_a_file_too_large_before_it_is_read()
    {
        using var folder = new TempFolder();
        using (var sparse = File.Create(folder["large.enp"])) sparse.SetLength(1L << 40);

        await Assert.ThrowsAsync<HeaderException>(() => Header.ReadAsync(folder["large.enp"], CancellationToken.None));
    }

    private static PublicPart Part(string digit) => new(new(Guid.Parse(new string(digit[0], 32))), 33, false, [.. Root]);

    private static Action<ByteWriter> WritePublic(params PublicPart[] parts) =>
        new PublicSection(ContentId.New(), 1, [.. new byte[32]], [], [.. parts]).Write;

    private static void WriteManifest(ByteWriter writer) => writer.Bytes(ManifestCodec.Write(ManifestRulesTests.Empty, []));

    private static RawHeader Empty(params PublicPart[] parts) =>
        new RawHeader().Section(SectionType.Public, WritePublic(parts)).Section(SectionType.Clear, WriteManifest);

    private static void Refused(RawHeader header, HeaderFault reason, string why)
    {
        var fault = Assert.Throws<HeaderException>(() => Header.Parse(header.Signed()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault!.Reason, Is.EqualTo(reason));
            Assert.That(fault.Message, Does.Contain(why));
        }
    }
}
