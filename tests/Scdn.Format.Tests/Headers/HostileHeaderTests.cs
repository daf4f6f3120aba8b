namespace Scdn.Format.Tests;

/// <summary>Headers that promise more than they hold, signed properly: refused for little memory, since nothing is allocated on a number's word alone.</summary>
internal sealed class HostileHeaderTests
{
    private const long MostAllocated = 1 << 20;
    private const string OneExtentOf1 = "01" + "00" + "00" + "01" + "0001";

    private static readonly PublicPart Part = new(PartId.New(), 33, false, [.. new byte[32]]);

    public static IEnumerable<TestCaseData> Headers()
    {
        yield return Case("a section of 4 GiB", "promises 4294967295 bytes", new RawHeader().Bytes([0, 1, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF]).Unsigned());
        yield return Case("a section of 64 MiB", "promises 67108864 bytes", new RawHeader().Bytes([0, 1, 0, 1, 4, 0, 0, 0]).Unsigned());
        foreach (var count in new uint[] { 1 << 20, (1 << 20) + 1, int.MaxValue, uint.MaxValue }) yield return Case($"{count} public parts", $"promises {count} parts", PublicParts(count));
        yield return Manifest("2^20 manifest parts", "promises 1048576 parts", Parts("808040" + "00" + "00" + "01" + "0001"));
        yield return Manifest("2^63 - 1 manifest parts", "promises 9223372036854775807 parts", Parts("ffffffffffffffff7f"));
        yield return Manifest("2^20 extents", "promises 1048576 ranges", Parts("01" + "00" + "00" + "808040" + "0001"));
        yield return Manifest("2^20 key frames", "promises 1048576 key frames", Parts(OneExtentOf1), writer => writer.Section(ManifestSectionType.KeyFrames, Convert.FromHexString("808040" + "0000")));
        yield return Manifest("an extent of 2^62 bytes", "outside of any original", Parts("01" + "00" + "00" + "01" + "00" + "808080808080808040"));
        yield return Manifest("an original of 2^63 - 1 bytes", "no part carries byte 1", Parts(OneExtentOf1), length: long.MaxValue);
        yield return Manifest("extents that go back before the start", "outside of any original", Parts("01" + "00" + "00" + "02" + "0001" + "0301"));
        yield return Manifest("one extent twice", "two parts carry byte 0", Parts("01" + "00" + "01" + "02" + "0001" + "0101"), stored: 34);
        yield return Manifest("one part twice", "promises 2 parts", Parts("02" + "00" + "00" + "01" + "0001" + "00" + "00" + "01" + "0101"));
        yield return Manifest("a whole header inside", "outside of any original", Parts("01" + "00" + "00" + "01" + Convert.ToHexString(Golden.Header)));
    }

    [TestCaseSource(nameof(Headers))]
    public void Refuses_for_little_memory(string why, byte[] file)
    {
        Refuse(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Refuse(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.Message, Does.Contain(why));
            Assert.That(allocated, Is.LessThan(MostAllocated));
        }
    }

    [Test]
    public void Skips_sections_inside_sections_without_looking_into_them()
    {
        byte[] nested = [];
        for (var depth = 0; depth < 1000; depth++) nested = Section(100, nested);
        var file = new RawHeader()
            .Section(SectionType.Public, new PublicSection(ContentId.New(), 1, [.. new byte[32]], [], []).Write)
            .Section(SectionType.Clear, writer => writer.Bytes(ManifestCodec.Write(ManifestRulesTests.Empty, [])))
            .Bytes(nested);
        Assert.That(Header.Parse(file.Signed()).Open(null).Parts, Is.Empty);
    }

    private static byte[] Section(ushort type, ReadOnlySpan<byte> payload)
    {
        var writer = new ByteWriter();
        writer.U16(type);
        writer.U16(0);
        writer.U32((uint)payload.Length);
        writer.Bytes(payload);
        return writer.Written.ToArray();
    }

    private static HeaderException Refuse(byte[] file)
    {
        try
        {
            Header.Parse(file).Open(null);
        }
        catch (HeaderException fault)
        {
            return fault;
        }

        throw new AssertionException("It was taken.");
    }

    private static byte[] PublicParts(uint count) => new RawHeader().Section(SectionType.Public, writer =>
    {
        writer.Bytes(new byte[16]);
        writer.U32(1);
        writer.Bytes(new byte[32]);
        writer.U8(0);
        writer.U32(count);
        writer.Bytes(new byte[570]);
    }).Signed();

    private static Action<ByteWriter> Parts(string list) => writer => writer.Section(ManifestSectionType.Parts, Convert.FromHexString(list));

    private static TestCaseData Manifest(string name, string why, Action<ByteWriter> parts, Action<ByteWriter>? more = null, long length = 1, long stored = 33) =>
        Case(name, why, RawHeader.WithManifest(
            writer =>
            {
                writer.SectionHead(ManifestSectionType.Original, 48);
                writer.Length(length);
                writer.Bytes(new byte[32]);
                writer.Length(0);
                writer.Section(ManifestSectionType.Title, "t"u8);
                writer.Section(ManifestSectionType.MediaType, "a/b"u8);
                writer.Section(ManifestSectionType.Container, "c"u8);
                parts(writer);
                more?.Invoke(writer);
            },
            Part with { StoredLength = stored }).File.ToArray());

    private static TestCaseData Case(string name, string why, byte[] file) => new TestCaseData(why, file).SetArgDisplayNames(name);
}
