using Scdn.Format;
using Scdn.Host.Data;
using Scdn.Host.Data.Statistics;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class RecordPruningTests(Engine engine)
{
    private static readonly RecordRetention ThirtyDays = new(TimeSpan.FromDays(30));
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTime _time = new();
    private SampleStore _sample = null!;
    private StoreProcess _process = null!;

    private IRecordStore Records => _process.Records;

    [SetUp]
    public async Task Open()
    {
        _sample = await SampleStore.MakeAsync(engine);
        _process = _sample.Open(_time);
    }

    [TearDown]
    public async Task Close()
    {
        await _process.DisposeAsync();
        _sample.Dispose();
    }

    [Test]
    public async Task Deletes_records_that_were_kept_for_long_enough_and_keeps_what_was_counted()
    {
        // More than a page of them.
        await Records.AddAsync([.. Enumerable.Range(0, 1001).Select(_ => Record(TimeSpan.FromDays(31)))], None);
        var kept = Record(TimeSpan.FromDays(29));
        await Records.AddAsync([kept], None);
        var before = await CountsAsync();
        await Records.PruneAsync(ThirtyDays, None);

        Assert.That((await ListAsync()).Select(record => record.Record), Is.EqualTo(new[] { kept.Record }));
        Assert.That(await CountsAsync(), Is.EqualTo(before).And.Property("Requests").EqualTo(1002L));
    }

    [Test]
    public async Task Never_counts_again_what_was_deleted()
    {
        var old = Record(TimeSpan.FromDays(31));
        await Records.AddAsync([old], None);
        await Records.PruneAsync(ThirtyDays, None);
        var again = await Records.AddAsync([old, Record(TimeSpan.Zero)], None);

        Assert.That(again.Value, Is.EqualTo(new LateRecords(1)));
        Assert.That((await CountsAsync()).Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task Never_lowers_the_horizon_when_records_are_to_be_kept_for_longer()
    {
        var old = Record(TimeSpan.FromDays(31));
        await Records.AddAsync([old], None);
        await Records.PruneAsync(ThirtyDays, None);
        await Records.PruneAsync(new(TimeSpan.FromDays(60)), None);

        Assert.That((await Records.AddAsync([old], None)).Value, Is.EqualTo(new LateRecords(1)));
    }

    [Test]
    public async Task Counts_late_records_with_those_that_were_there_in_the_same_minute()
    {
        var first = Record(TimeSpan.FromDays(29));
        await Records.AddAsync([first], None);
        await Records.PruneAsync(ThirtyDays, None);
        await Records.AddAsync([first with { Record = first.Record with { Id = Guid.NewGuid() } }, first with { Record = first.Record with { Id = Guid.NewGuid() }, Session = SessionId.New() }], None);

        Assert.That(await CountsAsync(), Is.EqualTo(new Counts(3, 3, 0, 0, 2)));
    }

    [Test]
    public async Task Forgets_a_play_when_its_session_must_have_ended_and_not_before()
    {
        var (session, play, content) = (SessionId.New(), Guid.NewGuid(), ContentId.New());
        await Records.AddPlayAsync(session, play, content, "ann", None);
        _time.Advance(RecordRetention.Plays - TimeSpan.FromHours(1));
        await Records.PruneAsync(ThirtyDays, None);
        await Records.AddPlayAsync(session, play, content, "ann", None);
        await Records.CountPlaysAsync(None);
        var counted = (await CountsAsync()).Plays;
        _time.Advance(TimeSpan.FromHours(3));
        await Records.PruneAsync(ThirtyDays, None);
        await using var upkeep = _sample.Upkeep();

        Assert.That((counted, (await upkeep.CheckAsync(None)).Plays), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Tells_single_hours_for_two_years_and_days_for_ever()
    {
        var day = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var old = Record(TimeSpan.Zero);
        await Records.AddAsync([old with { Record = old.Record with { At = day.AddHours(3.5) } }], None);
        var before = await ToldAsync();
        _time.Advance(TimeSpan.FromDays(10));
        await Records.PruneAsync(ThirtyDays, None);

        Assert.That((before, await ToldAsync()), Is.EqualTo(((1, 1, 1), (0, 0, 1))));

        async Task<(int Hours, int Fine, int Days)> ToldAsync() =>
            (await RowsAsync(Ask(StatisticsBy.Hour)), await RowsAsync(Ask(StatisticsBy.User) with { Content = old.Record.Content }), await RowsAsync(Ask(StatisticsBy.Content) with { From = day, To = day.AddDays(1) }));

        async Task<int> RowsAsync(StatisticsQuery query) => (await _process.Statistics.RowsAsync(query, None)).Count;
    }

    private static StatisticsQuery Ask(StatisticsBy by) => new(by, null, null, null, null, null, 100);

    private Task<Counts> CountsAsync() => _process.Statistics.TotalAsync(Ask(StatisticsBy.Content), None);

    private Task<IReadOnlyList<StoredRecord>> ListAsync() => _process.RecordReader.ListAsync(new(null, null, null, null, null, null, 5000), None);

    private FreshRecord Record(TimeSpan age) =>
        new(new(Guid.NewGuid(), _time.GetUtcNow() - age, ServerId.New(), KeyId.New(), ContentId.New(), PartId.New(), 1, 5, 206, Complete: true), "ann", SessionId.New());
}
