using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Data;
using Scdn.Host.Data.Statistics;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

/// <summary>What players told, and what is counted of it.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class ReportStoreTests(Engine engine)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ContentId Film = ContentId.New();
    private static readonly ServerId Server = ServerId.New();
    private static readonly SessionId Session = SessionId.New();

    private readonly FakeTime _time = new();
    private readonly Guid _play = Guid.NewGuid();
    private SampleStore _sample = null!;
    private StoreProcess _process = null!;

    private PlayReport Report => SampleReport.Of(Film, _play, Server);

    [SetUp]
    public async Task Open()
    {
        _sample = await SampleStore.MakeAsync(engine);
        _process = _sample.Open(_time);
        await _process.Records.AddPlayAsync(Session, _play, Film, "ann", None);
    }

    [TearDown]
    public async Task Close()
    {
        await _process.DisposeAsync();
        _sample.Dispose();
    }

    [Test]
    public async Task Counts_each_report_in_place_of_the_one_before_in_the_hour_in_which_the_play_began()
    {
        var hour = _time.GetUtcNow();
        await TellAsync(Report with { BeganMs = null });
        _time.Advance(TimeSpan.FromHours(2));
        var later = Report with { ElapsedMs = 120_000, Stalls = 5, StallMs = 1000, Failovers = 3, Servers = [Report.Servers[0] with { Stalls = 2, StallMs = 600, Failovers = 2 }] };
        await TellAsync(later);
        await TellAsync(later);

        var all = new Counts(0, 0, 0, 0, 0, 5, 1000, 3);
        foreach (var by in (StatisticsBy[])[StatisticsBy.Content, StatisticsBy.User, StatisticsBy.Hour])
        {
            foreach (var query in (StatisticsQuery[])[Ask(by), Ask(by) with { From = hour.AddHours(-1), To = hour.AddHours(1) }, Ask(by) with { User = "ann", Content = Film }])
            {
                Assert.That((await _process.Statistics.RowsAsync(query, None)).Single().Counts, Is.EqualTo(all), $"{query}");
                Assert.That(await _process.Statistics.TotalAsync(query, None), Is.EqualTo(all), $"{query}");
            }
        }

        foreach (var query in (StatisticsQuery[])[Ask(StatisticsBy.Server), Ask(StatisticsBy.Server) with { User = "ann" }])
            Assert.That((await _process.Statistics.RowsAsync(query, None)).Single(row => row.Key == $"{Server}").Counts, Is.EqualTo(new Counts(0, 0, 0, 0, 0, 2, 600, 2)), $"{query}");
        Assert.That((await _process.Statistics.StartsAsync(Ask(StatisticsBy.Content), [$"{Film}"], None))[$"{Film}"], Is.EqualTo(new[] { (350L, 1L) }));
    }

    [Test]
    public async Task Knows_how_soon_plays_began_of_each_thing_and_of_all()
    {
        await TellAsync(Report);
        foreach (var began in (long[])[100, 110, 5432])
        {
            var play = Guid.NewGuid();
            await _process.Records.AddPlayAsync(Session, play, Film, "ann", None);
            await TellAsync(SampleReport.Of(Film, play, Server) with { BeganMs = began });
        }

        var (hour, from) = ($"{Hour()}", _time.GetUtcNow().AddHours(-1));
        var starts = new[] { (100L, 1L), (110L, 1L), (350L, 1L), (5400L, 1L) };
        Assert.That((await _process.Statistics.StartsAsync(Ask(StatisticsBy.User), ["ann", "bob"], None))["ann"], Is.EquivalentTo(starts));
        Assert.That((await _process.Statistics.StartsAsync(Ask(StatisticsBy.Content) with { From = from }, [$"{Film}"], None))[$"{Film}"], Is.EquivalentTo(starts));
        Assert.That((await _process.Statistics.StartsAsync(Ask(StatisticsBy.Hour), [hour], None))[hour], Is.EquivalentTo(starts));
        Assert.That((await _process.Statistics.StartsAsync(Ask(StatisticsBy.Hour) with { Content = Film }, null, None))[""], Is.EquivalentTo(starts));
        Assert.That((await _process.Statistics.StartsAsync(Ask(StatisticsBy.Content), null, None))[""], Is.EquivalentTo(starts));
        Assert.That(await _process.Statistics.StartsAsync(Ask(StatisticsBy.Server), [$"{Server}"], None), Is.Empty);
        Assert.That((StartTimes.Within(starts, 0.5), StartTimes.Within(starts, 0.95), StartTimes.Within([], 0.5)), Is.EqualTo((110L, 5400L, default(long?))));
    }

    [Test]
    public async Task Takes_nothing_of_a_play_that_the_session_has_not()
    {
        foreach (var fresh in (FreshReport[])[new(SessionId.New(), "bob", Report), new(Session, "ann", Report with { Play = Guid.NewGuid() }), new(Session, "ann", Report with { Content = ContentId.New() })])
            Assert.That((await _process.Records.AddReportAsync(fresh, None)).Refusal?.Kind, Is.EqualTo(RefusalKind.NotFound));
        Assert.That((await _process.Plays.BetweenAsync(_play, _play, 10, None)).Single().Report, Is.Null);
    }

    [Test]
    public async Task Takes_nothing_that_is_older_than_what_was_told()
    {
        await TellAsync(Report);
        await TellAsync(Report with { ElapsedMs = 30_000, Stalls = 1, StallMs = 500 });

        Assert.That((await _process.Statistics.TotalAsync(Ask(StatisticsBy.Content), None)).Stalls, Is.EqualTo(2));
        Assert.That((await _process.Plays.BetweenAsync(_play, _play, 10, None)).Single().Report?.ElapsedMs, Is.EqualTo(60_000));
    }

    [Test]
    public async Task Counts_what_was_told_last_also_when_it_is_less()
    {
        await TellAsync(Report);
        await TellAsync(Report with { ElapsedMs = 90_000, BeganMs = 400, Stalls = 1, StallMs = 200, Servers = [] });

        foreach (var query in (StatisticsQuery[])[Ask(StatisticsBy.Content), Ask(StatisticsBy.Content) with { User = "ann" }])
            Assert.That(await _process.Statistics.TotalAsync(query, None), Is.EqualTo(new Counts(0, 0, 0, 0, 0, 1, 200, 1)), $"{query}");
        Assert.That((await _process.Statistics.RowsAsync(Ask(StatisticsBy.Server), None)).Select(row => row.Counts), Is.All.EqualTo(default(Counts)));
        Assert.That((await _process.Statistics.StartsAsync(Ask(StatisticsBy.Content), null, None))[""].Where(one => one.Plays != 0), Is.EqualTo(new[] { (400L, 1L) }));
    }

    [Test]
    public async Task Finds_plays_by_their_id_their_session_and_their_user_the_newest_first()
    {
        await TellAsync(Report);
        _time.Advance(TimeSpan.FromMinutes(1));
        var (again, other) = (Guid.NewGuid(), Guid.NewGuid());
        await _process.Records.AddPlayAsync(Session, again, Film, "ann", None);
        await _process.Records.AddPlayAsync(SessionId.New(), other, Film, "bob", None);

        var told = (await _process.Plays.BetweenAsync(_play, _play, 10, None)).Single();
        Assert.That((told.Session, told.Content, told.User, told.Report?.Events.Count), Is.EqualTo((Session, Film, "ann", 4)));
        Assert.That((await _process.Plays.BetweenAsync(Session.Value, Session.Value, 10, None)).Select(play => play.Play), Is.EqualTo(new[] { again, _play }));
        Assert.That((await _process.Plays.OfUserAsync("ann", [], 10, None)).Select(play => play.Play), Is.EqualTo(new[] { _play }));
        Assert.That((await _process.Plays.OfUserAsync("ann", [Session], 1, None)).Select(play => play.Play), Is.EqualTo(new[] { again }));
    }

    [Test]
    public async Task Keeps_what_was_told_as_long_as_records_and_never_shorter_than_the_play()
    {
        await TellAsync(Report);
        _time.Advance(RecordRetention.Plays - TimeSpan.FromHours(1));
        await _process.Records.PruneAsync(new(TimeSpan.FromDays(1)), None);
        var kept = await _process.Plays.BetweenAsync(_play, _play, 10, None);
        _time.Advance(TimeSpan.FromDays(20));
        await _process.Records.PruneAsync(new(TimeSpan.FromDays(30)), None);
        var alone = await _process.Plays.BetweenAsync(_play, _play, 10, None);
        _time.Advance(TimeSpan.FromDays(12));
        await _process.Records.PruneAsync(new(TimeSpan.FromDays(30)), None);

        Assert.That((kept.Single().Report, alone.Single().User), Is.EqualTo((alone.Single().Report, "ann")).Using<PlayReport>((one, other) => one.ElapsedMs.CompareTo(other.ElapsedMs)));
        Assert.That(await _process.Plays.BetweenAsync(_play, _play, 10, None), Is.Empty);
        Assert.That((await _process.Statistics.TotalAsync(Ask(StatisticsBy.Content), None)).Stalls, Is.EqualTo(2));
    }

    [Test]
    public async Task Sums_up_what_content_servers_answered_by_key()
    {
        var key = KeyId.New();
        var at = _time.GetUtcNow();
        await _process.Records.AddAsync(
            [Record(key, at, 100, 206), Record(key, at.AddSeconds(5), 50, 206, complete: false), Record(key, at.AddSeconds(2), 0, 401), Record(KeyId.New(), at, 7, 206), Record(key, at.AddHours(30), 9, 206)], None);

        var served = await _process.Plays.ServedAsync(Film, "ann", at.AddSeconds(-1), at.AddHours(1), None);
        Assert.That(served, Has.Count.EqualTo(2).And.Member(new StoredService(key, Server, at.AddMilliseconds(-5), at.AddSeconds(5), 3, 150, 1, 1)));
    }

    private static StatisticsQuery Ask(StatisticsBy by) => new(by, null, null, null, null, null, 100);

    private static FreshRecord Record(KeyId key, DateTimeOffset at, long bytes, int status, bool complete = true) =>
        new(new(Guid.NewGuid(), at, Server, key, Film, PartId.New(), bytes, 5, status, complete), "ann", Session);

    private long Hour() => Span.Begin(_time.GetUtcNow().ToUnixTimeMilliseconds(), Span.HourLength);

    private async Task TellAsync(PlayReport report) => Assert.That((await _process.Records.AddReportAsync(new(Session, "ann", report), None)).Refusal, Is.Null);
}
