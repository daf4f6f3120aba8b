using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
internal sealed class RecordStoreTests(Engine engine) : StoreFixture(engine)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ContentId Content = ContentId.New();
    private static readonly ServerId Server = ServerId.New();

    private readonly FakeTime _time = new();
    private IRecordStore Records => Process.Records;

    [Test]
    public async Task Counts_a_record_that_comes_twice_once()
    {
        ConnectionRecord[] records = [Record(100), Record(200)];
        await Records.AddAsync(records, None);
        var again = await Records.AddAsync([.. records, records[0], Record(300)], None);

        Assert.That(again.Refusal, Is.Null);
        Assert.That(await Records.ContentCountersAsync(None), Is.EqualTo([new ContentCounters(Content, 0, 3, 600)]));
        Assert.That(await Records.ServerCountersAsync(None), Is.EqualTo([new ServerCounters(Server, 3, 600, 0)]));
    }

    [Test]
    public async Task Counts_refused_and_failed_requests_as_errors()
    {
        await Records.AddAsync([Record(1), Record(1) with { Status = 403 }, Record(1) with { Status = 500 }], None);

        Assert.That((await Records.ServerCountersAsync(None)).Single().Errors, Is.EqualTo(2));
    }

    [Test]
    public async Task Takes_a_batch_of_more_than_a_slice_whole()
    {
        await Records.AddAsync([.. Enumerable.Range(0, 1001).Select(_ => Record(1))], None);

        Assert.That((await Records.ContentCountersAsync(None)).Single().Requests, Is.EqualTo(1001));
    }

    [Test]
    public async Task Tells_the_newest_records_first()
    {
        var (old, newer, newest) = (Record(1), Record(2, seconds: 1), Record(3, seconds: 2) with { Complete = false });
        await Records.AddAsync([newer, newest, old], None);

        Assert.That(await Records.NewestAsync(2, None), Is.EqualTo([newest, newer]));
    }

    [Test]
    public async Task Counts_a_play_once_however_often_it_is_told()
    {
        var (session, play) = (SessionId.New(), Guid.NewGuid());
        await Records.AddPlayAsync(session, play, Content, None);
        await Records.AddPlayAsync(session, play, Content, None);
        await Records.AddPlayAsync(SessionId.New(), play, Content, None);

        Assert.That(await Records.ContentCountersAsync(None), Is.EqualTo([new ContentCounters(Content, 2, 0, 0)]));
    }

    [Test]
    public async Task Counts_the_same_play_id_of_another_content_anew()
    {
        var (session, play, other) = (SessionId.New(), Guid.NewGuid(), ContentId.New());
        await Records.AddPlayAsync(session, play, Content, None);
        await Records.AddPlayAsync(session, play, other, None);

        Assert.That(await Records.ContentCountersAsync(None), Is.EquivalentTo(new[] { new ContentCounters(Content, 1, 0, 0), new ContentCounters(other, 1, 0, 0) }));
    }

    private ConnectionRecord Record(long bytes, int seconds = 0) =>
        new(Guid.NewGuid(), _time.GetUtcNow().AddSeconds(seconds), Server, KeyId.New(), Content, PartId.New(), bytes, 5, 206, Complete: true);
}
