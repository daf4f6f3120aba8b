namespace Scdn.Format.Tests;

/// <summary>Parts that somebody cut, exchanged or took from elsewhere, with hash lists that fit: none of it merges.</summary>
[TestFixture("none")]
[TestFixture("full")]
internal sealed class TamperedPartTests(string policy)
{
    private const int PartSize = 3 * PartLayout.SegmentSize;

    private SplitFixture _fixture = null!;
    private SplitResult _split = null!;
    private string[] _before = null!;

    private PartLayout Layout => _split.Manifest.Parts[0].Layout;

    [SetUp]
    public async Task SplitThreeParts()
    {
        _fixture = new();
        _fixture.WriteOriginal((3 * PartSize) - 100);
        _split = await _fixture.SplitAsync(Options());
        _before = _fixture.EntriesBesidesMerges();
    }

    [TearDown]
    public void Remove()
    {
        _split.Key?.Dispose();
        _fixture.Dispose();
    }

    [Test]
    public async Task Refuses_a_part_that_was_cut_anywhere()
    {
        var stored = Read(0);
        long[] borders = [.. Enumerable.Range(0, 3).Select(segment => Layout.StoredSegment(segment).Offset), .. Enumerable.Range(0, 3).Select(entry => Layout.HashList.Offset + (entry * 32L)), Layout.StoredLength];
        foreach (var length in borders.SelectMany(border => new[] { border - 1, border, border + 1 }).Append(PartLayout.SegmentSize / 2).Where(length => length >= 0 && length < stored.Length))
        {
            Write(0, stored[..(int)length]);
            Assert.That((await RefusedAsync()).Part, Is.EqualTo(_split.Manifest.Parts[0].Id), $"{length} bytes");
        }
    }

    [Test]
    public async Task Refuses_a_part_without_one_of_its_segments([Values(0, 1, 2)] int segment)
    {
        var (segments, hashes) = Parse(0);
        segments.RemoveAt(segment);
        hashes.RemoveAt(segment);
        Write(0, Join(segments, hashes));
        await RefusedAsync();
    }

    [Test]
    public async Task Refuses_segments_in_another_order([Values] bool withTheirHashes)
    {
        var (segments, hashes) = Parse(0);
        (segments[0], segments[1]) = (segments[1], segments[0]);
        if (withTheirHashes) (hashes[0], hashes[1]) = (hashes[1], hashes[0]);
        Write(0, Join(segments, hashes));
        Assert.That((await RefusedAsync()).Defect.Segment, Is.EqualTo(withTheirHashes ? null : 0));
    }

    [Test]
    public async Task Refuses_a_segment_of_another_part([Values] bool withItsHash)
    {
        var (segments, hashes) = Parse(0);
        var (others, otherHashes) = Parse(1);
        segments[1] = others[1];
        if (withItsHash) hashes[1] = otherHashes[1];
        Write(0, Join(segments, hashes));
        Assert.That((await RefusedAsync()).Defect.Segment, Is.EqualTo(withItsHash ? null : 1));
    }

    [Test]
    public async Task Refuses_two_parts_under_each_other_s_names([Values(1, 2)] int other)
    {
        var (first, second) = (Read(0), Read(other));
        Write(0, second);
        Write(other, first);
        await RefusedAsync();
    }

    [Test]
    public async Task Refuses_a_part_of_another_content_that_was_split_under_the_same_key([Values] bool sameOriginal)
    {
        using var other = new SplitFixture();
        other.WriteOriginal((3 * PartSize) - 100, seed: sameOriginal ? 1 : 2);
        var otherSplit = await other.SplitAsync(Options() with { Key = _split.Key });
        Write(0, await File.ReadAllBytesAsync(other.FileOf(otherSplit.Manifest.Parts[0].Id)));
        // Clear parts of the same bytes are the same part, whoever stored them.
        if (sameOriginal && policy == "none") Assert.That((await _fixture.MergeAsync(_split)).Sha256, Is.EqualTo(otherSplit.Manifest.Sha256));
        else await RefusedAsync();
    }

    [Test]
    public async Task Refuses_a_segment_of_another_content_that_was_split_under_the_same_key([Values] bool withItsHash)
    {
        using var other = new SplitFixture();
        other.WriteOriginal((3 * PartSize) - 100, seed: 2);
        var otherSplit = await other.SplitAsync(Options() with { Key = _split.Key });
        var (segments, hashes) = Parse(0);
        var (others, otherHashes) = Parse(await File.ReadAllBytesAsync(other.FileOf(otherSplit.Manifest.Parts[0].Id)));
        segments[2] = others[2];
        if (withItsHash) hashes[2] = otherHashes[2];
        Write(0, Join(segments, hashes));
        Assert.That((await RefusedAsync()).Defect.Segment, Is.EqualTo(withItsHash ? null : 2));
    }

    [Test]
    public async Task An_older_header_does_not_take_the_newer_parts()
    {
        _fixture.WriteOriginal((3 * PartSize) - 100, seed: 2);
        File.Delete(_split.HeaderPath);
        var newer = await _fixture.SplitAsync(Options() with { Content = _split.Header.Content, Version = 2, Key = _split.Key });
        foreach (var part in _split.Header.Parts) File.Delete(_fixture.FileOf(part.Id));
        _before = _fixture.EntriesBesidesMerges();

        Assert.That((await RefusedAsync()).Reason, Is.EqualTo(PartFault.Missing));

        for (var index = 0; index < 3; index++) File.Move(_fixture.FileOf(newer.Manifest.Parts[index].Id), _fixture.FileOf(_split.Manifest.Parts[index].Id));
        _before = _fixture.EntriesBesidesMerges();
        Assert.That((await RefusedAsync()).Reason, Is.EqualTo(PartFault.Corrupt));
    }

    private SplitOptions Options()
    {
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));
        return new() { PartSize = PartSize, Policy = parsed! };
    }

    private async Task<PartException> RefusedAsync()
    {
        var fault = await Assert.ThrowsAsync<PartException>(() => _fixture.MergeAsync(_split));
        Assert.That(_fixture.EntriesBesidesMerges(), Is.EqualTo(_before));
        return fault!;
    }

    private byte[] Read(int part) => File.ReadAllBytes(_fixture.FileOf(_split.Manifest.Parts[part].Id));

    private void Write(int part, byte[] stored) => File.WriteAllBytes(_fixture.FileOf(_split.Manifest.Parts[part].Id), stored);

    private (List<byte[]> Segments, List<byte[]> Hashes) Parse(int part) => Parse(Read(part));

    private (List<byte[]> Segments, List<byte[]> Hashes) Parse(byte[] stored) => (
        [.. Enumerable.Range(0, 3).Select(segment => stored.AsSpan((int)Layout.StoredSegment(segment).Offset, (int)Layout.StoredSegment(segment).Length).ToArray())],
        [.. stored.AsSpan((int)Layout.HashList.Offset).ToArray().Chunk(PartLayout.HashSize)]);

    private static byte[] Join(List<byte[]> segments, List<byte[]> hashes) => [.. segments.Concat(hashes).SelectMany(bytes => bytes)];
}
