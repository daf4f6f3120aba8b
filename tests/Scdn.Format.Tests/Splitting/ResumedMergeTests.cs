namespace Scdn.Format.Tests;

public sealed class ResumedMergeTests
{
    private const int MiB = 1 << 20;
    private const int Length = (12 * MiB) + 17;

    private SplitFixture _fixture = null!;
    private byte[] _original = null!;
    private SplitResult _split = null!;

    [SetUp]
    public async Task Split()
    {
        _fixture = new();
        _original = _fixture.WriteOriginal(Length);
        // Nothing is protected, so that as many bytes are read as are restored.
        _split = await SplitAsync();
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public async Task Reads_only_what_is_missing_wherever_it_was_stopped([Values(1, 2, 5, 9, 13, 17)] int read)
    {
        var stopped = await StopAsync(read);

        var kept = 0L;
        using var parts = new CountingParts(_fixture.Output);
        await MergeAsync(parts, new Now<MergeProgress>(at => kept = at.Kept));

        Assert.That(await File.ReadAllBytesAsync(_fixture.Merged), Is.EqualTo(_original));
        Assert.That(parts.SegmentBytes(_split.Header), Is.EqualTo(Length - kept));
        Assert.That(kept, Is.LessThanOrEqualTo(stopped));
        Assert.That(kept, read > 9 ? Is.Positive : Is.Not.Negative);
        Assert.That(Leftovers(), Is.Empty);
    }

    [Test]
    public async Task Needs_no_part_any_more_that_is_whole()
    {
        await StopAsync(17);
        File.Delete(_fixture.FileOf(_split.Manifest.Parts[0].Id));

        await MergeAsync(new CountingParts(_fixture.Output));

        Assert.That(await File.ReadAllBytesAsync(_fixture.Merged), Is.EqualTo(_original));
    }

    [Test]
    public async Task Goes_on_when_a_part_that_was_missing_is_there()
    {
        var part = _fixture.FileOf(_split.Manifest.Parts[^1].Id);
        File.Move(part, part + ".away");
        await Assert.ThatAsync(() => MergeAsync(new CountingParts(_fixture.Output)), Throws.InstanceOf<PartException>());
        File.Move(part + ".away", part);

        using var parts = new CountingParts(_fixture.Output);
        await MergeAsync(parts);

        Assert.That(await File.ReadAllBytesAsync(_fixture.Merged), Is.EqualTo(_original));
        Assert.That(parts.SegmentBytes(_split.Header), Is.LessThan(Length / 2));
    }

    [Test]
    public async Task Goes_on_under_another_name_when_its_own_was_taken()
    {
        using var parts = new CountingParts(_fixture.Output, _ => File.WriteAllText(_fixture.Merged, "theirs"));
        await Assert.ThatAsync(() => MergeAsync(parts), Throws.InstanceOf<MergeException>());

        using var none = new CountingParts(_fixture.Output, _ => Assert.Fail("Everything is there."));
        await Merger.MergeAsync(_split.Header, _split.Key, none, _fixture.Merged + "2", null, CancellationToken.None);

        Assert.That(await File.ReadAllBytesAsync(_fixture.Merged + "2"), Is.EqualTo(_original));
    }

    [Test]
    public async Task Uses_nothing_that_another_header_left()
    {
        await StopAsync(13);
        var other = await SplitAsync();

        using var parts = new CountingParts(_fixture.Output);
        await Merger.MergeAsync(other.Header, other.Key, parts, _fixture.Merged, null, CancellationToken.None);

        Assert.That(parts.SegmentBytes(other.Header), Is.EqualTo(Length));
        Assert.That(Merger.FindUnfinished(_split.Header, _fixture.Merged), Is.Not.Null, "what is the other's is still there");
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-1)]
    public async Task Restores_everything_anew_when_what_was_kept_was_changed(int growth)
    {
        await StopAsync(17);
        var path = Path.Combine(Leftovers().Single(Directory.Exists), "original");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[MiB / 2] ^= 1;
        await File.WriteAllBytesAsync(path, growth < 0 ? bytes[..MiB] : [.. bytes, .. new byte[growth]]);

        using var parts = new CountingParts(_fixture.Output);
        await MergeAsync(parts);

        Assert.That(await File.ReadAllBytesAsync(_fixture.Merged), Is.EqualTo(_original));
        Assert.That(parts.SegmentBytes(_split.Header), Is.GreaterThanOrEqualTo(Length));
        Assert.That(Leftovers(), Is.Empty);
    }

    [TestCase(1, 0, ExpectedResult = 100_000)]
    [TestCase(1, 5, ExpectedResult = 100_000)]
    [TestCase(0, 800, ExpectedResult = 0)]
    public async Task<long> Believes_no_note_that_a_crash_cut_off_or_left_empty(int whole, int zeros)
    {
        await StopAsync(17);
        // Behind the journal's head of 36 bytes, of which the last 32 are the header's hash, a note has 8; the first here is of the head part, which is in the output though its note goes.
        var path = Path.Combine(Leftovers().Single(Directory.Exists), "journal");
        byte[] note = [0, 0, 0, 0, 255, 255, 255, 255];
        await File.WriteAllBytesAsync(path, [.. (await File.ReadAllBytesAsync(path))[..36], .. Enumerable.Repeat(note, whole).SelectMany(bytes => bytes), .. new byte[zeros]]);

        using var parts = new CountingParts(_fixture.Output);
        var merged = await MergeAsync(parts);

        Assert.That(await File.ReadAllBytesAsync(_fixture.Merged), Is.EqualTo(_original));
        Assert.That(parts.SegmentBytes(_split.Header), Is.EqualTo(Length - merged.KeptBytes));
        return merged.KeptBytes;
    }

    [Test]
    public async Task Leaves_nothing_when_nothing_was_restored()
    {
        await StopAsync(1);

        Assert.That(Leftovers(), Is.Empty);
        Assert.That(Merger.FindUnfinished(_split.Header, _fixture.Merged), Is.Null);
    }

    [TestCase("none")]
    [TestCase("full")]
    public async Task Checks_without_writing(string policy)
    {
        var split = await SplitAsync(policy, new ByteRange(4_000_000, 1_500_000), new ByteRange(1, 2), new ByteRange(Length - 100, 100));
        var before = _fixture.Entries();
        using var parts = new CountingParts(_fixture.Output);

        await Merger.CheckAsync(split.Header, split.Key, parts, null, CancellationToken.None);

        Assert.That(_fixture.Entries(), Is.EqualTo(before));
        Assert.That(parts.SegmentBytes(split.Header), Is.InRange(Length, Length + 2_000_000), "only the head is read twice");
    }

    [Test]
    public async Task Finds_what_is_wrong_when_it_only_checks([Values(0, 2)] int index)
    {
        var part = _split.Manifest.Parts[index];
        var bytes = await File.ReadAllBytesAsync(_fixture.FileOf(part.Id));
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(_fixture.FileOf(part.Id), bytes);
        using var parts = new CountingParts(_fixture.Output);

        var fault = await Assert.ThrowsAsync<PartException>(() => Merger.CheckAsync(_split.Header, _split.Key, parts, null, CancellationToken.None));

        Assert.That(fault!.Part, Is.EqualTo(part.Id));
    }

    [Test]
    public async Task Refuses_a_whole_that_is_not_the_original_when_it_only_checks()
    {
        var wrong = _split.Manifest with { Sha256 = [.. new byte[32]] };
        var header = Header.Parse(HeaderWriter.Write(ContentId.New(), 1, wrong, _split.Header.Parts, _split.Key, _fixture.Publisher));
        using var parts = new CountingParts(_fixture.Output);

        var fault = await Assert.ThrowsAsync<MergeException>(() => Merger.CheckAsync(header, _split.Key, parts, null, CancellationToken.None));

        Assert.That(fault!.Reason, Is.EqualTo(MergeFault.NotTheOriginal));
    }

    private async Task<SplitResult> SplitAsync(string policy = "none", params ByteRange[] head)
    {
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));
        // Each split writes a header beside the parts under the same name.
        if (Directory.Exists(_fixture.Output)) File.Delete(Path.Combine(_fixture.Output, "original.bin.enp"));
        return await _fixture.SplitAsync(new SplitOptions { PartSize = 3 * MiB, Policy = parsed! }, head.Length > 0 ? head : [new ByteRange(Length - 100_000, 100_000)]);
    }

    /// <summary>Merges until so many reads were begun; gives what was restored by then.</summary>
    private async Task<long> StopAsync(int reads)
    {
        using var stop = new CancellationTokenSource();
        using var parts = new CountingParts(_fixture.Output, read =>
        {
            if (read == reads) stop.Cancel();
        });
        await Assert.ThatAsync(
            () => Merger.MergeAsync(_split.Header, _split.Key, parts, _fixture.Merged, null, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(_fixture.Merged), Is.False);
        return parts.SegmentBytes(_split.Header);
    }

    private Task<MergeResult> MergeAsync(CountingParts parts, IProgress<MergeProgress>? progress = null) =>
        Merger.MergeAsync(_split.Header, _split.Key, parts, _fixture.Merged, progress, CancellationToken.None);

    private string[] Leftovers() => [.. Directory.EnumerateFileSystemEntries(_fixture.Folder, ".scdn-merge-*")];
}
