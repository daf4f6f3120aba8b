using System.Net;
using System.Net.Http.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Manifests;
using Scdn.Grains.Users;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

/// <summary>A host whose two content servers have handed in what two users, and somebody with a key that nobody knows, have fetched of a film.</summary>
[CancelAfter(60_000)]
internal sealed class StatisticsTests
{
    private static readonly DateTimeOffset Evening = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddDays(-1).AddHours(20.5);
    private static readonly ContentId Film = ContentId.New();

    private readonly TempFolder _folder = new();
    private ConnectionRecord[] _records = [];
    private RunningHost? _host;
    private HostPeer? _near;
    private HostPeer? _far;

    private HttpClient Operator => _host!.Operator;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Directory.CreateDirectory(_folder["data"]);
        KeyId ann, bob;
        using (var database = SqliteDatabase.Open(StoreFile.In(_folder["data"]), TimeProvider.System))
        {
            var store = new SqliteGrainStore(database, TimeProvider.System);
            await store.ChangeAsync<ManifestState>(ManifestState.IdOf(Film), _ => new ManifestState("A film", 1, new byte[32], 1, 1, 1, true, "publisher", Evening), default);
            await store.ChangeAsync<UserState>(UserState.IdOf("Ann"), _ => new UserState("Ann", "hash", Evening), default);
            (ann, bob) = (await KeyAsync("Ann"), await KeyAsync("bob"));

            async Task<KeyId> KeyAsync(string user)
            {
                var key = KeyId.New();
                await store.ChangeAsync<AuthKeyState>(AuthKeyState.IdOf(key), _ => new AuthKeyState("p", SessionId.New(), user, Film, [ServerId.New()], Evening, Evening.AddHours(9)), default);
                return key;
            }
        }

        _host = await RunningHost.StartAsync(_folder["data"], "admin,cdmaster,ipmaster,proxy,gateway,site");
        (_near, _far) = (new(_host.Uri), new(_host.Uri));
        await _near.JoinAsync(Operator, "near");
        await _far.JoinAsync(Operator, "far");
        _records =
        [
            Record(ann, _near.Id, Evening, 100), Record(ann, _far.Id, Evening.AddHours(1), 50), Record(bob, _near.Id, Evening, 25), Record(KeyId.New(), _near.Id, Evening.AddHours(1), 0) with { Status = 403 },
        ];
        // Once more, as when the answer was lost.
        for (var time = 0; time < 2; time++)
        {
            foreach (var peer in (HostPeer[])[_near, _far])
            {
                using var shipped = await peer.SendAsync("/v1/roles/admin/ship-records", _records.Where(record => record.Server == peer.Id).ToArray());
                Assert.That(shipped.StatusCode, Is.EqualTo(HttpStatusCode.NoContent).Or.EqualTo(HttpStatusCode.OK));
            }
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _near?.Dispose();
        _far?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Tells_contents_by_their_titles()
    {
        var told = await StatisticsAsync("");

        Assert.That(
            (told.By, told.From, told.To, told.Plays, told.Requests, told.Bytes, told.Errors, told.Sessions),
            Is.EqualTo(("content", default(DateTimeOffset?), default(DateTimeOffset?), (long?)0, 4L, 175L, 1L, (long?)2)));
        Assert.That(told.Rows.Single(), Is.EqualTo(new StatisticsRow(Film, null, "A film", null, null, 0, 4, 175, 1, 2)));
    }

    [Test]
    public async Task Tells_servers_by_their_names_without_plays() => Assert.That(
        (await StatisticsAsync("?by=server")).Rows,
        Is.EqualTo(new[] { new StatisticsRow(null, _near!.Id, "near", null, null, null, 3, 125, 1, 2), new StatisticsRow(null, _far!.Id, "far", null, null, null, 1, 50, 0, 1) }));

    [Test]
    public async Task Finds_the_user_behind_each_key() => Assert.That(
        (await StatisticsAsync($"?by=user&content={Film}")).Rows.Select(row => (row.User, row.Bytes, row.Errors)), Is.EqualTo(new[] { ("Ann", 150L, 0L), ("bob", 25L, 0L), ("", 0L, 1L) }));

    [Test]
    public async Task Takes_a_users_name_however_it_is_written() => Assert.That((await StatisticsAsync("?by=content&user=ANN")).Bytes, Is.EqualTo(150));

    [Test]
    public async Task Tells_hours_and_takes_whole_ones_only()
    {
        var told = await StatisticsAsync($"?by=hour&from={Evening:O}&to={Evening:yyyy-MM-ddTHH:mm}Z".Replace("+", "%2B", StringComparison.Ordinal));

        Assert.That((told.From, told.To), Is.EqualTo((Evening.AddMinutes(-30), Evening.AddMinutes(30))));
        Assert.That(told.Rows.Single(), Is.EqualTo(new StatisticsRow(null, null, null, null, Evening.AddMinutes(-30), 0, 2, 125, 0, 2)));
    }

    [Test]
    public async Task Does_not_tell_how_many_were_served_at_once_where_filters_meet() => Assert.That((await StatisticsAsync($"?by=hour&user=Ann&server={_near!.Id}")).Sessions, Is.Null);

    [Test]
    public async Task Tells_records_with_titles_and_names_a_page_at_a_time()
    {
        var first = await LogAsync("?limit=2");
        var second = await LogAsync($"?before={first[^1].Id}");
        var ann = await LogAsync($"?user=ann&server={_far!.Id}");

        Assert.That(first.Concat(second).Select(one => one.Id), Is.EquivalentTo(_records.Select(record => record.Id)).And.Unique);
        Assert.That(ann.Single() with { Id = default, Key = default, Part = default }, Is.EqualTo(new LoggedRecord(default, Evening.AddHours(1), _far.Id, "far", default, "Ann", Film, "A film", default, 50, 5, 206, true)));
    }

    [TestCase("stats?by=day", "'by' is content, server, user or hour, not 'day'.")]
    [TestCase("stats?from=yesterday", "'from' is not an instant: write an instant such as")]
    [TestCase("stats?from=2026-02-01&to=2026-01-01", "'from' must be before 'to'.")]
    [TestCase("stats?content=film", "'content' is not an id")]
    [TestCase("stats?limit=0", "'limit' is a number from 1 to 10000.")]
    [TestCase("stats?user=", "'user' is to be given once, and not empty.")]
    [TestCase("stats?user=a&user=b", "'user' is to be given once")]
    [TestCase("stats?users=a", "There is no parameter 'users' here: there are by, from, to, content, server, user, limit.")]
    [TestCase("log?before=1", "'before' is not an id")]
    [TestCase("log?limit=10001", "'limit' is a number from 1 to 10000.")]
    [TestCase("log?server=x'%20OR%20''='", "'server' is not an id")]
    public async Task Says_what_is_wrong_with_a_parameter(string path, string sentence) =>
        Assert.That(await Problem.DetailAsync(await Operator.GetAsync($"/v1/admin/{path}"), HttpStatusCode.BadRequest), Does.StartWith(sentence));

    private static ConnectionRecord Record(KeyId key, ServerId server, DateTimeOffset at, long bytes) => new(Guid.NewGuid(), at, server, key, Film, PartId.New(), bytes, 5, 206, Complete: true);

    private async Task<StatisticsAnswer> StatisticsAsync(string query) => (await Operator.GetFromJsonAsync<StatisticsAnswer>($"/v1/admin/stats{query}", Viewer.Json))!;

    private async Task<IReadOnlyList<LoggedRecord>> LogAsync(string query) => (await Operator.GetFromJsonAsync<List<LoggedRecord>>($"/v1/admin/log{query}", Viewer.Json))!;
}
