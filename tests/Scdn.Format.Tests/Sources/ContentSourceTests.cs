namespace Scdn.Format.Tests;

public sealed class ContentSourceTests
{
    private const int Length = 3_000_000;

    private SplitFixture _fixture = null!;
    private PartFolder _parts = null!;
    private byte[] _original = null!;

    [SetUp]
    public void Prepare()
    {
        _fixture = new();
        _parts = new(_fixture.Output);
        _original = _fixture.WriteOriginal(Length);
    }

    [TearDown]
    public void Remove()
    {
        _parts.Dispose();
        _fixture.Dispose();
    }

    [TestCase("full", 256 * 1024)]
    [TestCase("full", 0)]
    [TestCase("none", 70_000)]
    [TestCase("every:2", 0)]
    public async Task Reads_anywhere_what_the_original_has_there(string policy, int inlineHead)
    {
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));
        await using var source = await OpenAsync(new() { PartSize = 70_000, Policy = parsed!, InlineHeadLimit = inlineHead }, new(2_900_000, 90_000), new(0, 1000), new(500_000, 66_000));
        var random = new Random(7);
        for (var read = 0; read < 400; read++)
        {
            source.Position = random.Next(Length);
            var buffer = new byte[Math.Min(random.Next(1, 200_000), Length - source.Position)];
            var start = (int)source.Position;
            await source.ReadExactlyAsync(buffer);
            if (!buffer.AsSpan().SequenceEqual(_original.AsSpan(start, buffer.Length))) Assert.Fail($"{buffer.Length} bytes at {start} are not those of the original.");
        }
    }

    [Test]
    public async Task Copies_the_whole()
    {
        await using var source = await OpenAsync(new() { PartSize = 1_000_000 });
        using var copy = new MemoryStream();

        await source.CopyToAsync(copy);

        Assert.That(copy.ToArray().AsSpan().SequenceEqual(_original));
        Assert.That(await source.ReadAsync(new byte[1]), Is.Zero);
    }

    [Test]
    public async Task Needs_no_part_for_the_head_that_the_header_brings_along()
    {
        await using var source = await OpenAsync(new() { InlineHeadLimit = 256 * 1024 }, new ByteRange(2_900_000, 100_000), new ByteRange(0, 5000));
        foreach (var part in Directory.GetFiles(_fixture.Output).Where(file => !file.EndsWith(Header.Extension, StringComparison.Ordinal))) File.Delete(part);
        var head = new byte[5000];
        var tail = new byte[100_000];

        await source.ReadExactlyAsync(head);
        source.Seek(-tail.Length, SeekOrigin.End);
        await source.ReadExactlyAsync(tail);

        Assert.That(head.AsSpan().SequenceEqual(_original.AsSpan(0, 5000)));
        Assert.That(tail.AsSpan().SequenceEqual(_original.AsSpan(2_900_000)));
    }

    [Test]
    public async Task Refuses_changed_bytes_and_gives_the_others()
    {
        await using var source = await OpenAsync(new() { PartSize = Length });
        var part = source.Manifest.Parts.Single();
        using (var file = File.Open(_fixture.FileOf(part.Id), FileMode.Open))
        {
            var changed = (byte)(ReadAt(file, part.Layout.StoredSegment(5).Offset) ^ 1);
            file.Position--;
            file.WriteByte(changed);
        }

        source.Position = 4 * PartLayout.SegmentSize;
        await source.ReadExactlyAsync(new byte[PartLayout.SegmentSize]);
        var fault = await Assert.ThrowsAsync<PartException>(() => source.ReadAsync(new byte[1]).AsTask());

        Assert.That(fault!.Defect.Segment, Is.EqualTo(5));
    }

    private static int ReadAt(FileStream file, long place)
    {
        file.Position = place;
        return file.ReadByte();
    }

    [Test]
    public async Task Reads_nothing_beyond_its_end_and_refuses_places_before_its_start()
    {
        await using var source = await OpenAsync(new());
        source.Position = Length + 5;

        Assert.That(await source.ReadAsync(new byte[10]), Is.Zero);
        Assert.That(() => source.Seek(-1, SeekOrigin.Begin), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private async Task<ContentSource> OpenAsync(SplitOptions options, params ByteRange[] head)
    {
        var split = await _fixture.SplitAsync(options, head);
        return new(split.Header, split.Key, _parts);
    }
}
