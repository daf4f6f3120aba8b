namespace Scdn.Format.Tests;

public sealed class MergerTests
{
    private const int PartSize = 1_000_000;

    private SplitFixture _fixture = null!;
    private SplitResult _split = null!;
    private string[] _before = null!;

    [SetUp]
    public async Task Split()
    {
        _fixture = new();
        _fixture.WriteOriginal(5 * PartSize);
        _split = await _fixture.SplitAsync(new SplitOptions { PartSize = PartSize }, new ByteRange(4_000_000, 200_000));
        _before = _fixture.Entries();
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public async Task Says_which_part_is_missing([Values(0, 1, 5)] int index)
    {
        var part = _split.Manifest.Parts[index];
        File.Delete(_fixture.FileOf(part.Id));

        var fault = await FailAsync();

        Assert.That((fault.Part, fault.Reason), Is.EqualTo((part.Id, PartFault.Missing)));
        Assert.That(fault.Message, Does.Contain(part.Id.ToString()).And.Contain(_fixture.Output));
        Assert.That(File.Exists(_fixture.Merged), Is.False);
    }

    [TestCase(0, 0, 0)]
    [TestCase(1, 65_552, 1)]
    [TestCase(3, 999_999, 15)]
    public async Task Says_where_a_part_was_changed(int index, int offset, int segment)
    {
        var part = _split.Manifest.Parts[index];
        Change(part.Id, offset);

        var fault = await FailAsync();

        Assert.That((fault.Part, fault.Reason, fault.Defect.Segment), Is.EqualTo((part.Id, PartFault.Corrupt, (int?)segment)));
        Assert.That(fault.Message, Does.StartWith($"Part {part.Id} is damaged in segment {segment} (bytes {part.Layout.StoredSegment(segment).Offset} to "));
        Assert.That(File.Exists(_fixture.Merged), Is.False);
    }

    [Test]
    public async Task Says_that_a_hash_list_was_changed()
    {
        var part = _split.Manifest.Parts[2];
        Change(part.Id, (int)part.Layout.StoredLength - 1);

        Assert.That((await FailAsync()).Message, Does.Contain("list of hashes"));
        Assert.That(File.Exists(_fixture.Merged), Is.False);
    }

    [TestCase(1)]
    [TestCase(100_000)]
    public async Task Says_which_part_is_short(int missing)
    {
        var part = _split.Manifest.Parts[4];
        using (var file = File.OpenWrite(_fixture.FileOf(part.Id))) file.SetLength(part.Layout.StoredLength - missing);

        var fault = await FailAsync();

        Assert.That((fault.Part, fault.Reason), Is.EqualTo((part.Id, PartFault.WrongLength)));
        Assert.That(File.Exists(_fixture.Merged), Is.False);
    }

    [Test]
    public async Task Refuses_two_parts_that_were_exchanged()
    {
        var (first, second) = (_fixture.FileOf(_split.Manifest.Parts[1].Id), _fixture.FileOf(_split.Manifest.Parts[2].Id));
        File.Move(first, first + ".x");
        File.Move(second, first);
        File.Move(first + ".x", second);

        Assert.That((await FailAsync()).Reason, Is.EqualTo(PartFault.Corrupt));
    }

    [Test]
    public async Task Refuses_the_wrong_key_and_no_key()
    {
        using var wrong = ContentKey.Generate();

        Assert.That((await Assert.ThrowsAsync<HeaderException>(() => _fixture.MergeAsync(_split.Header, wrong)))!.Reason, Is.EqualTo(HeaderFault.WrongKey));
        Assert.That((await Assert.ThrowsAsync<HeaderException>(() => _fixture.MergeAsync(_split.Header, null)))!.Reason, Is.EqualTo(HeaderFault.KeyNeeded));
        Assert.That(_fixture.Entries(), Is.EqualTo(_before));
    }

    [Test]
    public async Task Never_overwrites()
    {
        await File.WriteAllTextAsync(_fixture.Merged, "mine");

        var fault = await Assert.ThrowsAsync<MergeException>(() => _fixture.MergeAsync(_split));

        Assert.That(fault!.Reason, Is.EqualTo(MergeFault.OutputExists));
        Assert.That(await File.ReadAllTextAsync(_fixture.Merged), Is.EqualTo("mine"));
    }

    [Test]
    public async Task Never_overwrites_a_file_that_appears_meanwhile()
    {
        var intruder = new Now<MergeProgress>(_ => File.WriteAllText(_fixture.Merged, "theirs"));

        var fault = await Assert.ThrowsAsync<MergeException>(() => MergeAsync(_split.Header, intruder, CancellationToken.None));

        Assert.That(fault!.Reason, Is.EqualTo(MergeFault.OutputExists));
        Assert.That(await File.ReadAllTextAsync(_fixture.Merged), Is.EqualTo("theirs"));
    }

    [Test]
    public async Task Refuses_a_whole_that_is_not_the_original()
    {
        var wrong = _split.Manifest with { Sha256 = [.. new byte[32]] };
        var header = Header.Parse(HeaderWriter.Write(ContentId.New(), 1, wrong, _split.Header.Parts, _split.Key, _fixture.Publisher));

        var fault = await Assert.ThrowsAsync<MergeException>(() => _fixture.MergeAsync(header, _split.Key));

        Assert.That(fault!.Reason, Is.EqualTo(MergeFault.NotTheOriginal));
        Assert.That(_fixture.Entries(), Is.EqualTo(_before));
    }

    [Test]
    public async Task Refuses_a_segment_that_a_holder_of_the_key_sealed_anew()
    {
        var part = _split.Manifest.Parts[1];
        var place = part.Layout.StoredSegment(0);
        var forged = new byte[place.Length];
        using (var cipher = new PartCipher(_split.Key!, part.Id)) cipher.Seal(0, part.Layout.IsLast(0), forged.AsSpan(PartLayout.TagSize), forged);
        using (var file = File.OpenHandle(_fixture.FileOf(part.Id), FileMode.Open, FileAccess.Write)) RandomAccess.Write(file, forged, place.Offset);

        var fault = await FailAsync();

        Assert.That((fault.Part, fault.Defect.Segment), Is.EqualTo((part.Id, (int?)0)));
        Assert.That(_fixture.Entries(), Is.EqualTo(_before));
    }

    [Test]
    public async Task Reports_its_progress_up_to_the_end()
    {
        var heard = new List<MergeProgress>();

        await MergeAsync(_split.Header, new Now<MergeProgress>(heard.Add), CancellationToken.None);

        Assert.That(heard, Is.Ordered.By(nameof(MergeProgress.Done)));
        Assert.That(heard[^1], Is.EqualTo(new MergeProgress(5 * PartSize, 5 * PartSize)));
    }

    private async Task<PartException> FailAsync() => (await Assert.ThrowsAsync<PartException>(() => _fixture.MergeAsync(_split)))!;

    private async Task<MergeResult> MergeAsync(Header header, IProgress<MergeProgress> progress, CancellationToken cancellationToken)
    {
        using var parts = new PartFolder(_fixture.Output);
        return await Merger.MergeAsync(header, _split.Key, parts, _fixture.Merged, progress, cancellationToken);
    }

    private void Change(PartId part, int offset)
    {
        using var file = File.Open(_fixture.FileOf(part), FileMode.Open);
        file.Position = offset;
        var old = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(old ^ 1));
    }
}
