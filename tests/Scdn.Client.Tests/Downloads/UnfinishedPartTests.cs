using Scdn.Client.Downloads;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Downloads;

[CancelAfter(60_000)]
internal sealed class UnfinishedPartTests
{
    private TempFolder _folder = null!;
    private TestContent _content = null!;
    private PublicPart _part = null!;
    private PartVerifier _verifier = null!;
    private byte[] _published = null!;

    private string Unfinished => _folder["unfinished"];

    private int Segment => _part.Layout.StoredSegmentSize;

    [SetUp]
    public async Task MakeAsync()
    {
        _folder = new();
        _content = await TestContent.MakeAsync();
        _part = _content.Header.Parts.MaxBy(part => part.StoredLength)!;
        _published = await File.ReadAllBytesAsync(Path.Combine(_content.PartFolder, _part.Id.ToString()));
        var list = _part.Layout.HashList;
        Assert.That(PartVerifier.TryCreate(_part, _published.AsMemory((int)list.Offset, (int)list.Length), out var verifier));
        _verifier = verifier!;
    }

    [TearDown]
    public void Remove()
    {
        _content.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Begins_with_nothing_in_a_file_of_its_owner(CancellationToken cancel)
    {
        Assert.That(await FindAsync(cancel), Is.EqualTo((0L, 0L)));
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(Unfinished), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Finds_whole_segments_and_what_there_is_of_the_next_one(CancellationToken cancel)
    {
        await File.WriteAllBytesAsync(Unfinished, _published[..(Segment + 1000)], cancel);

        Assert.That(await FindAsync(cancel), Is.EqualTo((Segment, Segment + 1000L)));
    }

    [Test]
    public async Task Cuts_off_from_a_segment_on_that_is_not_as_published(CancellationToken cancel)
    {
        var bytes = _published[..((2 * Segment) + 1000)];
        bytes[Segment + 5] ^= 1;
        await File.WriteAllBytesAsync(Unfinished, bytes, cancel);

        Assert.That(await FindAsync(cancel), Is.EqualTo((Segment, (long)Segment)));
        Assert.That(new FileInfo(Unfinished).Length, Is.EqualTo(Segment));
    }

    [Test]
    public async Task Finds_the_whole_body_also_with_the_list_behind_it(CancellationToken cancel)
    {
        await File.WriteAllBytesAsync(Unfinished, _published, cancel);

        Assert.That(await FindAsync(cancel), Is.EqualTo((_part.Layout.BodyLength, _part.Layout.BodyLength)));
    }

    private async Task<(long Checked, long Here)> FindAsync(CancellationToken cancel)
    {
        using var part = new UnfinishedPart(Unfinished, _verifier);
        return await part.FindAsync(cancel);
    }
}
