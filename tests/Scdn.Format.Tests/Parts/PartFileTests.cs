namespace Scdn.Format.Tests;

public sealed class PartFileTests
{
    private SplitFixture _fixture = null!;
    private PublicPart _part = null!;

    [SetUp]
    public async Task SplitOnePart()
    {
        _fixture = new();
        _fixture.WriteOriginal((20 * PartLayout.SegmentSize) + 5);
        _part = (await _fixture.SplitAsync()).Header.Parts.Single();
    }

    [TearDown]
    public void Remove() => _fixture.Dispose();

    [Test]
    public async Task Finds_nothing_wrong_with_a_whole_part() => Assert.That(await VerifyAsync(), Is.Null);

    [TestCase(0, 0)]
    [TestCase(PartLayout.SegmentSize + 15, 0)]
    [TestCase(PartLayout.SegmentSize + 16, 1)]
    [TestCase((20 * (PartLayout.SegmentSize + 16)) + 20, 20)]
    public async Task Says_which_segment_is_damaged(int offset, int segment)
    {
        Change(offset);

        Assert.That(await VerifyAsync(), Is.EqualTo(new PartDefect(PartFault.Corrupt, segment, _part.Layout.StoredSegment(segment))));
    }

    [Test]
    public async Task Says_that_the_hash_list_is_damaged()
    {
        Change((int)_part.StoredLength - 1);

        Assert.That(await VerifyAsync(), Is.EqualTo(new PartDefect(PartFault.Corrupt, null, _part.Layout.HashList)));
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task Says_that_the_length_is_wrong(int more)
    {
        using (var file = File.OpenWrite(_fixture.FileOf(_part.Id))) file.SetLength(_part.StoredLength + more);

        Assert.That(await VerifyAsync(), Is.EqualTo(new PartDefect(PartFault.WrongLength, null, new(0, _part.StoredLength), _part.StoredLength + more)));
    }

    [Test]
    public void Refuses_a_hash_list_of_another_length() =>
        Assert.That(PartVerifier.TryCreate(_part, new byte[(int)_part.Layout.HashList.Length - 32], out _), Is.False);

    [Test]
    public async Task Refuses_a_segment_of_another_length_or_place()
    {
        var stored = await File.ReadAllBytesAsync(_fixture.FileOf(_part.Id));
        var place = _part.Layout.HashList;
        Assert.That(PartVerifier.TryCreate(_part, stored.AsMemory((int)place.Offset), out var verifier));

        var first = stored.AsSpan(0, _part.Layout.StoredSegmentSize).ToArray();
        Assert.That(verifier!.IsIntact(0, first));
        Assert.That(verifier.IsIntact(0, first.AsSpan(1)), Is.False);
        Assert.That(verifier.IsIntact(1, first), Is.False);
    }

    private void Change(int offset)
    {
        using var file = File.Open(_fixture.FileOf(_part.Id), FileMode.Open);
        file.Position = offset;
        var old = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(old ^ 1));
    }

    private async Task<PartDefect?> VerifyAsync()
    {
        using var file = File.OpenHandle(_fixture.FileOf(_part.Id));
        return await PartFile.VerifyAsync(_part, file, CancellationToken.None);
    }
}
