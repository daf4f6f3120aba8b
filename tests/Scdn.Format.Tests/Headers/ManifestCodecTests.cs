namespace Scdn.Format.Tests;

public sealed class ManifestCodecTests
{
    private static readonly PublicPart Part = new(PartId.New(), 33, false, [.. new byte[32]]);

    [TestCase("8001", "another length")]
    [TestCase("8000", "shortest form")]
    [TestCase("ffffffffffffffffff01", "impossibly large")]
    [TestCase("80", "ends in the middle")]
    public void Refuses_a_number_that_is_not_well_formed(string length, string why) =>
        Refused(writer => Parts(writer, "01" + "00" + "00" + "01" + "00" + length), why);

    [TestCase("ffffffff0f" + "00", "4294967295 parts")]
    [TestCase("01" + "01" + "00" + "01" + "0001", "part 1 of 1")]
    [TestCase("01" + "00" + "04" + "01" + "0001", "unknown flags")]
    [TestCase("01" + "00" + "00" + "ffff03" + "0001", "65535 ranges")]
    [TestCase("01" + "00" + "00" + "01" + "0101", "outside of any original")]
    [TestCase("01" + "00" + "00" + "02" + "feffffffffffffff7f" + "01" + "feffffffffffffff7f" + "01", "outside of any original")]
    [TestCase("01" + "00" + "00" + "01" + "00" + "ffffffffffffffff7f", "outside of any original")]
    [TestCase("01" + "00" + "00" + "01" + "0001" + "00", "1 bytes too many")]
    public void Refuses_a_list_of_parts_that_makes_no_sense(string list, string why) => Refused(writer => Parts(writer, list), why);

    [TestCase("00", "is empty")]
    [TestCase("02" + "0000", "2 key frames")]
    [TestCase("01" + "000100", "outside of any original")]
    [TestCase("01" + "00000100", "1 ranges")]
    [TestCase("01" + "00000000", "1 bytes too many")]
    [TestCase("01" + "0000" + "020001", "2 ranges")]
    [TestCase("01" + "0000" + "010101", "outside of any original")]
    [TestCase("01" + "0000" + "0100" + "ffffffffffffffff7f" + "00", "1 bytes too many")]
    public void Refuses_a_list_of_key_frames_that_makes_no_sense(string list, string why) =>
        Refused(writer =>
        {
            Parts(writer, "01" + "00" + "00" + "01" + "0001");
            writer.Section(ManifestSectionType.KeyFrames, Convert.FromHexString(list));
        }, why);

    [Test]
    public void Refuses_a_text_that_is_not_utf8() => Refused(writer => writer.Section(ManifestSectionType.Parts, [0]), "not UTF-8", title: [0xC3]);

    [Test]
    public void Refuses_a_manifest_with_a_section_missing() => Refused(_ => { }, $"no section {ManifestSectionType.Parts}");

    [Test]
    public void Refuses_an_inline_head_of_no_bytes() =>
        Refused(writer =>
        {
            Parts(writer, "01" + "00" + "00" + "01" + "0001");
            writer.Section(ManifestSectionType.InlineHead, []);
        }, "is empty");

    [Test]
    public void Skips_an_unknown_section_that_is_not_critical()
    {
        var header = RawHeader.WithManifest(
            WithTexts(
                writer =>
                {
                    Parts(writer, "01" + "00" + "00" + "01" + "0001");
                    writer.U16(500);
                    writer.U16(0);
                    writer.U32(1);
                    writer.U8(9);
                },
                "t"u8.ToArray()),
            Part);

        Assert.That(header.Open(null).Parts.Single().Id, Is.EqualTo(Part.Id));
    }

    private static void Parts(ByteWriter writer, string list) => writer.Section(ManifestSectionType.Parts, Convert.FromHexString(list));

    private static void Refused(Action<ByteWriter> rest, string why, byte[]? title = null)
    {
        var header = RawHeader.WithManifest(WithTexts(rest, title ?? "t"u8.ToArray()), Part);

        var fault = Assert.Throws<HeaderException>(() => header.Open(null));

        Assert.That(fault!.Reason, Is.EqualTo(HeaderFault.Damaged));
        Assert.That(fault.Message, Does.Contain(why));
    }

    private static Action<ByteWriter> WithTexts(Action<ByteWriter> rest, byte[] title) => writer =>
    {
        writer.SectionHead(ManifestSectionType.Original, 48);
        writer.Length(1);
        writer.Bytes(new byte[32]);
        writer.Length(0);
        writer.Section(ManifestSectionType.Title, title);
        writer.Section(ManifestSectionType.MediaType, "a/b"u8);
        writer.Section(ManifestSectionType.Container, "c"u8);
        rest(writer);
    };
}
