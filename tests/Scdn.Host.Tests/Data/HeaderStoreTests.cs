using Scdn.Format;
using Scdn.Host.Data;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class HeaderStoreTests(Engine engine) : StoreFixture(engine)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ContentId Film = ContentId.New();

    private IHeaderStore Headers => Process.Headers;

    [Test]
    public async Task Keeps_each_header_of_a_version_as_it_was_at_first(CancellationToken cancel)
    {
        var (one, other) = (new KeptHeader(Film, 1, "aa", Now), new KeptHeader(Film, 1, "bb", Now));
        await Headers.KeepAsync(one, new byte[] { 0, 255 }, cancel);
        await Headers.KeepAsync(other, new byte[] { 2 }, cancel);
        await Headers.KeepAsync(one with { At = Now.AddDays(1) }, new byte[] { 3 }, cancel);

        Assert.That((await Headers.LoadAsync(one, cancel), await Headers.LoadAsync(other, cancel), await Headers.LoadAsync(one with { Version = 2 }, cancel)), Is.EqualTo((new byte[] { 0, 255 }, new byte[] { 2 }, default(byte[]))));
        Assert.That(await Headers.ListAsync(Film, cancel), Is.EquivalentTo([one, other]));
    }

    [Test]
    public async Task Lists_those_of_one_content_or_all_and_removes_one(CancellationToken cancel)
    {
        KeptHeader[] all = [new(Film, 1, "aa", Now), new(Film, 2, "bb", Now), new(ContentId.New(), 1, "aa", Now)];
        foreach (var one in all) await Headers.KeepAsync(one, new byte[] { 1 }, cancel);
        var before = (await Headers.ListAsync(Film, cancel), await Headers.ListAsync(null, cancel));

        await Headers.RemoveAsync(all[0], cancel);

        Assert.That(before.Item1, Is.EqualTo(all[..2]));
        Assert.That(before.Item2, Is.EquivalentTo(all));
        Assert.That(await Headers.ListAsync(null, cancel), Is.EquivalentTo(all[1..]));
    }

    [Test]
    public async Task Keeps_the_largest_header_that_there_can_be(CancellationToken cancel)
    {
        var (header, file) = (new KeptHeader(Film, 1, "aa", Now), new byte[Header.MaxSize]);
        file[^1] = 7;
        await Headers.KeepAsync(header, file, cancel);

        Assert.That((await Headers.LoadAsync(header, cancel)).AsSpan().SequenceEqual(file));
    }
}
