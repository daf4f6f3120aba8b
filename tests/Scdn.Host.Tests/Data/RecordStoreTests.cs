using Scdn.Format;
using Scdn.Host.Data;
using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class RecordStoreTests(Engine engine) : StoreFixture(engine)
{
    private static readonly DateTimeOffset Hour = new(2026, 1, 31, 22, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ContentId Film = ContentId.New();
    private static readonly ContentId Course = ContentId.New();
    private static readonly ServerId Near = ServerId.New();
    private static readonly ServerId Far = ServerId.New();
    private static readonly SessionId Ann = SessionId.New();
    private static readonly SessionId Bob = SessionId.New();

    private IRecordStore Records => Process.Records;

    [Test]
    public async Task Counts_a_record_that_comes_twice_once_in_everything_that_it_concerns()
    {
        FreshRecord[] records = [Record(bytes: 100), Record(bytes: 200, status: 404)];
        await Records.AddAsync(records, None);
        var again = await Records.AddAsync([.. records, records[0], Record(bytes: 300)], None);

        Assert.That(again.Value, Is.EqualTo(new LateRecords(0)));
        foreach (var by in Enum.GetValues<StatisticsBy>())
        {
            foreach (var query in (StatisticsQuery[])[Ask(by), Ask(by, from: Hour), Ask(by, from: Hour.AddHours(-30), to: Hour.AddHours(30)), Ask(by) with { Content = Film, User = "ann" }])
                Assert.That((await RowsAsync(query)).Single().Counts, Is.EqualTo(new Counts(3, 600, 1, 0, query.IsSimple ? 1 : 0)), $"{query}");
        }
    }

    [Test]
    public async Task Tells_what_each_content_server_and_user_had_with_most_bytes_first()
    {
        await Records.AddAsync([Record(bytes: 10), Record(bytes: 20, content: Course, server: Far, user: "bob"), Record(bytes: 5, server: Far, status: 500)], None);

        Assert.That(await RowsAsync(Ask(StatisticsBy.Content)), Is.EqualTo(new[] { ($"{Course}", new Counts(1, 20, 0, 0, 1)), ($"{Film}", new Counts(2, 15, 1, 0, 1)) }));
        Assert.That(await RowsAsync(Ask(StatisticsBy.Server)), Is.EqualTo(new[] { ($"{Far}", new Counts(2, 25, 1, 0, 2)), ($"{Near}", new Counts(1, 10, 0, 0, 1)) }));
        Assert.That(await RowsAsync(Ask(StatisticsBy.User)), Is.EqualTo(new[] { ("bob", new Counts(1, 20, 0, 0, 1)), ("ann", new Counts(2, 15, 1, 0, 1)) }));
        Assert.That(await Process.Statistics.TotalAsync(Ask(StatisticsBy.Content), None), Is.EqualTo(new Counts(3, 35, 1, 0, 2)));
        Assert.That(await RowsAsync(Ask(StatisticsBy.User) with { Content = Film }), Is.EqualTo(new[] { ("ann", new Counts(2, 15, 1, 0, 0)) }));
        Assert.That(await RowsAsync(Ask(StatisticsBy.Content) with { Server = Far, Limit = 1 }), Is.EqualTo(new[] { ($"{Course}", new Counts(1, 20, 0, 0, 0)) }));
        Assert.That(await Process.Statistics.TotalAsync(Ask(StatisticsBy.Content) with { Server = Far, Limit = 1 }, None), Is.EqualTo(new Counts(2, 25, 1, 0, 0)));
    }

    [Test]
    public async Task Tells_the_newest_hours_first_each_with_what_ended_in_it()
    {
        await Records.AddAsync([Record(bytes: 1, at: Hour, milliseconds: 0), Record(bytes: 2, at: Hour.AddMilliseconds(-1)), Record(bytes: 4, at: Hour.AddHours(5.5))], None);

        Assert.That((await RowsAsync(Ask(StatisticsBy.Hour))).Select(row => (DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row.Key)), row.Counts.Bytes)), Is.EqualTo(new[] { (Hour.AddHours(5), 4L), (Hour, 1L), (Hour.AddHours(-1), 2L) }));
        Assert.That((await RowsAsync(Ask(StatisticsBy.Hour) with { Limit = 1 })).Single().Counts.Bytes, Is.EqualTo(4));
        Assert.That((await RowsAsync(Ask(StatisticsBy.Hour, from: Hour, to: Hour.AddHours(1)))).Single().Counts.Bytes, Is.EqualTo(1));
    }

    [TestCase(-1, 0, 1)]
    [TestCase(0, 1, 2)]
    [TestCase(0, 2, 6)]
    [TestCase(0, 26, 30)]
    [TestCase(1, 26, 28)]
    [TestCase(2, 26, 24)]
    [TestCase(-100, 100, 63)]
    [TestCase(25, 100, 48)]
    public async Task Puts_any_time_together_of_days_and_hours(int from, int to, int bytes)
    {
        // The hours before and at 22:00, 23:00 and midnight of one day, and 23:00 and midnight of the next.
        int[] hours = [-1, 0, 1, 2, 25, 26];
        await Records.AddAsync([.. hours.Select((hour, index) => Record(bytes: 1 << index, at: Hour.AddHours(hour).AddMinutes(7)))], None);

        var query = Ask(StatisticsBy.Content, Hour.AddHours(from), Hour.AddHours(to));
        Assert.That(((await RowsAsync(query)).Single().Counts.Bytes, (await Process.Statistics.TotalAsync(query, None)).Bytes), Is.EqualTo(((long)bytes, (long)bytes)));
        Assert.That((await Process.Statistics.TotalAsync(query with { Server = Near }, None)).Bytes, Is.EqualTo(bytes));
    }

    [Test]
    public async Task Knows_how_many_sessions_were_served_in_the_same_minute_in_whatever_order_records_come()
    {
        // Minute 1: ann; 2: ann and bob; 3: bob, twice; and bob again at another server with another content.
        FreshRecord[] records =
        [
            Record(at: Hour.AddMinutes(1)), Record(at: Hour.AddMinutes(2)), Record(at: Hour.AddMinutes(2).AddSeconds(59), user: "bob"), Record(at: Hour.AddMinutes(3), user: "bob"),
            Record(at: Hour.AddMinutes(3).AddSeconds(2), user: "bob"), Record(at: Hour.AddMinutes(2), user: "bob", content: Course, server: Far),
        ];
        foreach (var batch in records.Reverse().Append(records[2]).Append(records[5]).Chunk(2)) await Records.AddAsync(batch, None);

        Assert.That((await Process.Statistics.TotalAsync(Ask(StatisticsBy.Hour), None)).Sessions, Is.EqualTo(2));
        Assert.That(await SessionsAsync(StatisticsBy.Content), Is.EquivalentTo(new[] { ($"{Film}", 2L), ($"{Course}", 1L) }));
        Assert.That(await SessionsAsync(StatisticsBy.Server), Is.EquivalentTo(new[] { ($"{Near}", 2L), ($"{Far}", 1L) }));
        Assert.That(await SessionsAsync(StatisticsBy.User), Is.EquivalentTo(new[] { ("ann", 1L), ("bob", 1L) }));
    }

    [Test]
    public async Task Counts_a_session_in_every_minute_in_which_it_was_served()
    {
        await Records.AddAsync([Record(at: Hour.AddMinutes(5).AddSeconds(10), milliseconds: 130_000), Record(at: Hour.AddMinutes(3).AddSeconds(59), user: "bob"), Record(at: Hour.AddMinutes(-2), user: "bob")], None);

        Assert.That((await RowsAsync(Ask(StatisticsBy.Hour))).Select(row => row.Counts.Sessions), Is.EqualTo(new[] { 2, 1 }));
        Assert.That((await Process.Statistics.TotalAsync(Ask(StatisticsBy.Hour) with { User = "bob" }, None)).Sessions, Is.EqualTo(1));
    }

    [Test]
    public async Task Takes_a_batch_of_more_than_a_slice_whole()
    {
        await Records.AddAsync([.. Enumerable.Range(0, 1001).Select(_ => Record())], None);

        Assert.That((await Process.Statistics.TotalAsync(Ask(StatisticsBy.Content), None)).Requests, Is.EqualTo(1001));
    }

    [Test]
    public async Task Counts_each_record_once_when_several_tell_the_same_at_the_same_time()
    {
        FreshRecord[] records = [.. Enumerable.Range(0, 300).Select(number => Record(bytes: 1, at: Hour.AddSeconds(number), server: number % 2 == 0 ? Near : Far, user: number % 3 == 0 ? "ann" : "bob"))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var order = records.ToArray();
            new Random(seed).Shuffle(order);
            foreach (var batch in order.Chunk(40)) Assert.That((await Records.AddAsync(batch, None)).Refusal, Is.Null);
        })));

        Assert.That(await Process.Statistics.TotalAsync(Ask(StatisticsBy.Content), None), Is.EqualTo(new Counts(300, 300, 0, 0, 2)));
        Assert.That((await RowsAsync(Ask(StatisticsBy.User))).Select(row => row.Counts.Requests), Is.EqualTo(new[] { 200, 100 }));
    }

    [Test]
    public async Task Counts_a_play_once_however_often_it_is_told()
    {
        var (session, play) = (SessionId.New(), Guid.NewGuid());
        await PlayAsync(session, play, Film);
        await Records.CountPlaysAsync(None);
        await PlayAsync(session, play, Film);
        await PlayAsync(SessionId.New(), play, Film);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Records.CountPlaysAsync(None)));

        foreach (var by in (StatisticsBy[])[StatisticsBy.Content, StatisticsBy.User]) Assert.That((await RowsAsync(Ask(by))).Single().Counts, Is.EqualTo(new Counts(0, 0, 0, 2, 0)));
        Assert.That((await RowsAsync(Ask(StatisticsBy.User) with { Content = Film })).Single().Counts.Plays, Is.EqualTo(2));
        Assert.That(await RowsAsync(Ask(StatisticsBy.Server) with { Content = Film }), Is.Empty);
    }

    [Test]
    public async Task Counts_the_same_play_id_of_another_content_anew()
    {
        var (session, play) = (SessionId.New(), Guid.NewGuid());
        await PlayAsync(session, play, Film);
        await PlayAsync(session, play, Course);
        await Records.CountPlaysAsync(None);

        Assert.That(await RowsAsync(Ask(StatisticsBy.Content)), Is.EquivalentTo(new[] { ($"{Film}", new Counts(0, 0, 0, 1, 0)), ($"{Course}", new Counts(0, 0, 0, 1, 0)) }));
    }

    [Test]
    public async Task Tells_records_a_page_at_a_time_the_newest_first()
    {
        // Two of them at the same instant.
        FreshRecord[] records = [.. new[] { 0, 1, 1, 2, 3 }.Select(second => Record(at: Hour.AddSeconds(second)))];
        await Records.AddAsync(records, None);
        var first = await ListAsync(new(null, null, null, null, null, null, 2));
        var second = await ListAsync(new(null, null, null, null, null, first[^1].Record.Id, 10));

        var expected = records.OrderByDescending(record => record.Record.At).ThenByDescending(record => record.Record.Id.ToString("D"), StringComparer.Ordinal);
        Assert.That(first.Concat(second).Select(record => record.Record), Is.EqualTo(expected.Select(record => record.Record)));
        Assert.That(first, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Tells_the_records_of_a_content_a_server_a_user_or_a_time()
    {
        FreshRecord[] records = [Record(at: Hour), Record(at: Hour.AddSeconds(1), content: Course) with { User = "it's \"ann\"" }, Record(at: Hour.AddSeconds(2), server: Far, user: "bob")];
        await Records.AddAsync(records, None);
        var all = new RecordFilter(null, null, null, null, null, null, 10);

        Assert.That(await ListAsync(all with { Content = Course }), Is.EqualTo(new[] { new StoredRecord(records[1].Record, "it's \"ann\"") }));
        Assert.That(await ListAsync(all with { Server = Far }), Is.EqualTo(new[] { new StoredRecord(records[2].Record, "bob") }));
        Assert.That(await ListAsync(all with { User = "ann" }), Is.EqualTo(new[] { new StoredRecord(records[0].Record, "ann") }));
        Assert.That(await ListAsync(all with { From = Hour.AddSeconds(1), To = Hour.AddSeconds(2) }), Is.EqualTo(new[] { new StoredRecord(records[1].Record, "it's \"ann\"") }));
        Assert.That(await ListAsync(all with { User = "ann", Server = Far }), Is.Empty);
    }

    [Test]
    public async Task Tells_a_record_of_the_header_without_a_part()
    {
        var header = Record(bytes: 10);
        header = header with { Record = header.Record with { Part = null } };
        await Records.AddAsync([header], None);

        Assert.That((await ListAsync(new(null, null, null, null, null, null, 10))).Single().Record, Is.EqualTo(header.Record));
    }

    [Test]
    public async Task Counts_what_was_refused_before_a_key_was_known_for_the_server_and_all_and_for_no_content()
    {
        var refused = Record();
        refused = refused with { User = "", Session = null, Record = refused.Record with { Key = null, Content = null, Part = null, Status = 401, Requests = 40 } };
        await Records.AddAsync([Record(bytes: 10), refused, refused], None);

        Assert.That(await RowsAsync(Ask(StatisticsBy.Server)), Is.EqualTo(new[] { ($"{Near}", new Counts(41, 10, 40, 0, 1)) }));
        foreach (var query in (StatisticsQuery[])[Ask(StatisticsBy.Content), Ask(StatisticsBy.Content) with { Server = Near, From = Hour }])
        {
            Assert.That((await RowsAsync(query)).Select(row => (row.Key, row.Counts.Requests)), Is.EqualTo(new[] { ($"{Film}", 1L) }), $"{query}");
            Assert.That((await Process.Statistics.TotalAsync(query, None)).Requests, Is.EqualTo(41), $"{query}");
        }

        Assert.That((await RowsAsync(Ask(StatisticsBy.Hour))).Single().Counts.Errors, Is.EqualTo(40));
        Assert.That((await ListAsync(new(null, null, null, null, null, null, 10))).Select(one => one.Record), Has.Member(refused.Record));
    }

    private static StatisticsQuery Ask(StatisticsBy by, DateTimeOffset? from = null, DateTimeOffset? to = null) => new(by, from, to, null, null, null, 100);

    private static FreshRecord Record(long bytes = 0, DateTimeOffset? at = null, ContentId? content = null, ServerId? server = null, string user = "ann", int status = 206, long milliseconds = 5) => new(
        new(Guid.NewGuid(), at ?? Hour.AddMinutes(30), server ?? Near, KeyId.New(), content ?? Film, PartId.New(), bytes, milliseconds, status, Complete: true), user, user == "ann" ? Ann : Bob);

    private async Task PlayAsync(SessionId session, Guid play, ContentId content) => Assert.That((await Records.AddPlayAsync(session, play, content, "ann", None)).Refusal, Is.Null);

    private Task<IReadOnlyList<(string Key, Counts Counts)>> RowsAsync(StatisticsQuery query) => Process.Statistics.RowsAsync(query, None);

    private Task<IReadOnlyList<StoredRecord>> ListAsync(RecordFilter filter) => Process.RecordReader.ListAsync(filter, None);

    private async Task<IEnumerable<(string, long)>> SessionsAsync(StatisticsBy by) => (await RowsAsync(Ask(by))).Select(row => (row.Key, row.Counts.Sessions));
}
