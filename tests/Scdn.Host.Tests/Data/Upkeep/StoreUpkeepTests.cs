using System.Text.Json;
using Microsoft.Data.Sqlite;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Data.Statistics;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Upkeep;

/// <summary>Backups of either engine, restored into either.</summary>
[TestFixture(Engine.Sqlite, Engine.Sqlite)]
[TestFixture(Engine.Sqlite, Engine.Postgres)]
[TestFixture(Engine.Postgres, Engine.Sqlite)]
[TestFixture(Engine.Postgres, Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class StoreUpkeepTests(Engine from, Engine to)
{
    private TempFolder _folder = null!;
    private SampleStore _source = null!;
    private SampleStore _target = null!;
    private FreshRecord _late = null!;
    private readonly KeptHeader _header = new(ContentId.New(), 3, "ab", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));

    private readonly SessionId _session = SessionId.New();
    private readonly ContentId _content = ContentId.New();
    private readonly Guid _play = Guid.NewGuid();

    private string Backup => _folder["backup.db"];

    [SetUp]
    public async Task Fill()
    {
        _folder = new();
        (_source, _target) = (await SampleStore.MakeAsync(from), await SampleStore.MakeAsync(to));
        await using var process = _source.Open();
        for (var i = 0; i < 3; i++) await process.Grains.ChangeAsync<Counter>($"{i}", Counter.Add, default);
        await process.Grains.ChangeAsync<Counter>("ü \"'", Counter.Add, default);
        await process.Grains.ChangeAsync<Counter>("0", Counter.Add, default);
        var (first, second) = (Record(), Record());
        _late = first with { Record = Record().Record };
        await process.Records.AddAsync([first, second], default);
        await process.Records.AddPlayAsync(_session, _play, _content, "ann", default);
        await process.Records.AddReportAsync(new(_session, "ann", SampleReport.Of(_content, _play, ServerId.New())), default);
        await process.Records.CountPlaysAsync(default);
        await process.Records.AddPlayAsync(SessionId.New(), Guid.NewGuid(), ContentId.New(), "bob", default);
        var (done, cut) = (Act(), Act());
        await process.Audit.BeginAsync(done, default);
        await process.Audit.EndAsync(done.Id, 204, "user 'ann'", default);
        await process.Audit.BeginAsync(cut, default);
        await process.Headers.KeepAsync(_header, new byte[] { 0, 1, 255 }, default);
    }

    [TearDown]
    public void Remove()
    {
        _source.Dispose();
        _target.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Restores_all_that_was_there_when_it_was_backed_up(CancellationToken cancel)
    {
        await using (var running = _source.Open())
        {
            await BackUpAsync(cancel);
            await running.Grains.ChangeAsync<Counter>("later", Counter.Add, cancel);
            await running.Grains.ChangeAsync<Counter>("0", Counter.Add, cancel);
        }

        await RestoreAsync(replace: false, cancel);

        await using var restored = _target.Open();
        var grains = await restored.Grains.ListAsync<Counter>(null, 10, cancel);
        Assert.That(grains, Is.EqualTo(new[] { new Stored<Counter>("0", 2, new(2)), new("1", 1, new(1)), new("2", 1, new(1)), new("ü \"'", 1, new(1)) }));
        await using var source = _source.Open();
        var everything = new RecordFilter(null, null, null, null, null, null, 10);
        Assert.That(await restored.RecordReader.ListAsync(everything, cancel), Is.EqualTo(await source.RecordReader.ListAsync(everything, cancel)).And.Count.EqualTo(2));
        var acts = await restored.Audit.ListAsync(null, 10, cancel);
        Assert.That(acts.Skip(1), Is.EqualTo(await source.Audit.ListAsync(null, 10, cancel)).And.Exactly(2).Items);
        Assert.That((acts[0].Act, acts[0].Subject, acts[0].Status), Is.EqualTo(("database restore", "backup.db", 200)));
        Assert.That(acts[0].Operator, Does.StartWith("command line"));
        Assert.That(await restored.Headers.ListAsync(null, cancel), Is.EqualTo(new[] { _header }));
        Assert.That(await restored.Headers.LoadAsync(_header, cancel), Is.EqualTo(new byte[] { 0, 1, 255 }));
        Assert.That((await restored.Plays.BetweenAsync(_play, _play, 10, cancel)).Single().Report?.Events, Has.Count.EqualTo(4));
        var began = new StatisticsQuery(StatisticsBy.User, null, null, null, null, null, 100);
        Assert.That((await restored.Statistics.StartsAsync(began, ["ann"], cancel))["ann"], Is.EqualTo((await source.Statistics.StartsAsync(began, ["ann"], cancel))["ann"]).And.Not.Empty);
        // The play that waited to be counted, too, and the late record of a minute that was counted before.
        foreach (var store in (StoreProcess[])[source, restored])
        {
            await store.Records.CountPlaysAsync(cancel);
            await store.Records.AddAsync([_late], cancel);
        }

        foreach (var by in Enum.GetValues<StatisticsBy>())
        {
            foreach (var user in (string?[])[null, "ann"])
            {
                var query = new StatisticsQuery(by, DateTimeOffset.UnixEpoch, null, null, null, user, 100);
                Assert.That(await restored.Statistics.RowsAsync(query, cancel), Is.EqualTo(await source.Statistics.RowsAsync(query, cancel)).And.Not.Empty, $"{query}");
            }
        }

        Assert.That((await restored.Grains.ChangeAsync<Counter>("0", Counter.Add, cancel)).Value?.Version, Is.EqualTo(3));
    }

    [Test]
    public async Task Sends_everybody_who_followed_to_a_snapshot(CancellationToken cancel)
    {
        await BackUpAsync(cancel);
        FeedPosition before;
        await using (var process = _target.Open())
        {
            await process.Grains.ChangeAsync<Counter>("0", Counter.Add, cancel);
            before = await process.EndAsync();
        }

        await RestoreAsync(replace: true, cancel);

        await using var restored = _target.Open();
        Assert.That(await restored.Outbox.KnowsAsync(before, cancel), Is.False);
    }

    [Test]
    public async Task Frees_the_names_of_control_hosts_but_not_the_keys_of_those_that_were_removed(CancellationToken cancel)
    {
        await using (var process = _source.Open())
        {
            await process.Grains.ChangeAsync<ControlHostState>("one", state => Start(state, "one", "a"), cancel);
            await process.Grains.ChangeAsync<ControlHostState>("two", state => Start(state, "two", "b"), cancel);
            await process.Grains.ChangeAsync<ControlHostState>("two", state => ControlHostGrain.Remove(state, DateTimeOffset.UnixEpoch), cancel);
            await process.Grains.ChangeAsync<ControlHostState>("two", state => Start(state, "two", "c"), cancel);
        }

        await BackUpAsync(cancel);
        await RestoreAsync(replace: false, cancel);

        await using var restored = _target.Open();
        var hosts = await restored.Grains.ListAsync<ControlHostState>(null, 10, cancel);
        Assert.That(hosts.Select(host => (host.Id, host.State.Removed is null)), Is.EqualTo(new[] { ("two", false) }));
        Assert.That(
            (await RefusalAsync("one", "d"), await RefusalAsync("two", "b"), await RefusalAsync("two", "c")),
            Is.EqualTo((default(RefusalKind?), (RefusalKind?)RefusalKind.Denied, default(RefusalKind?))));

        async Task<RefusalKind?> RefusalAsync(string name, string key) => (await restored.Grains.ChangeAsync<ControlHostState>(name, state => Start(state, name, key), cancel)).Refusal?.Kind;

        static Change<ControlHostState> Start(ControlHostState? state, string name, string key) =>
            ControlHostGrain.Register(state, name, new("http://192.0.2.1:7400"), null, ["admin"], GatewayRank.None, JsonElement.Parse($$"""{"x":"{{key}}"}"""), DateTimeOffset.UnixEpoch);
    }

    [Test]
    public async Task Keeps_what_is_there_unless_it_is_told_to_replace_it(CancellationToken cancel)
    {
        await BackUpAsync(cancel);
        await using (var process = _target.Open()) await process.Grains.ChangeAsync<Counter>("mine", Counter.Add, cancel);

        Assert.That(() => RestoreAsync(replace: false, cancel), Throws.TypeOf<StoreException>().With.Message.Contains("--replace"));
        await using (var process = _target.Open()) Assert.That(await process.Grains.LoadAsync<Counter>("mine", cancel), Is.Not.Null);

        await RestoreAsync(replace: true, cancel);
        await using (var process = _target.Open()) Assert.That(await process.Grains.LoadAsync<Counter>("mine", cancel), Is.Null);
    }

    [Test]
    public async Task Never_overwrites_a_backup(CancellationToken cancel)
    {
        _folder.Write("backup.db", "theirs");

        Assert.That(() => BackUpAsync(cancel), Throws.InstanceOf<IOException>().With.Message.Contains("exists already"));
        Assert.That(await File.ReadAllTextAsync(Backup, cancel), Is.EqualTo("theirs"));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Changes_nothing_when_the_backup_is_damaged(CancellationToken cancel)
    {
        await BackUpAsync(cancel);
        await using (var process = _target.Open()) await process.Grains.ChangeAsync<Counter>("mine", Counter.Add, cancel);
        await using (var file = new FileStream(Backup, FileMode.Open)) file.SetLength(file.Length - 5000);

        Assert.That(() => RestoreAsync(replace: true, cancel), Throws.TypeOf<StoreException>().With.Message.Contains("damaged"));
        await using (var process = _target.Open()) Assert.That(await process.Grains.LoadAsync<Counter>("mine", cancel), Is.Not.Null);
    }

    [Test]
    public async Task Says_what_there_is(CancellationToken cancel)
    {
        await using var upkeep = _source.Upkeep();
        var found = await upkeep.CheckAsync(cancel);

        Assert.That((found.IsUsable, found.Grains["counter"], found.Records, found.Plays, found.Statistics, found.Changes, found.Faults.Count), Is.EqualTo((true, 4L, 2L, 2L, 32L, 5L, 0)));
        Assert.That(found.Version, Is.EqualTo(found.Newest));
    }

    [Test]
    public async Task Says_when_the_statistics_do_not_add_up(CancellationToken cancel)
    {
        await BackUpAsync(cancel);
        using (var backup = new StoreConnection(Backup)) backup.Run("UPDATE usage SET requests = requests + 1 WHERE kind = 'server'");
        await RestoreAsync(replace: false, cancel);
        await using var upkeep = _target.Upkeep();

        Assert.That((await upkeep.CheckAsync(cancel)).Faults, Has.One.Contains("do not add up"));
    }

    [Test]
    public async Task Says_that_there_is_nothing_yet_and_makes_it(CancellationToken cancel)
    {
        await using var upkeep = _target.Upkeep();

        Assert.That(() => upkeep.CheckAsync(cancel), Throws.TypeOf<StoreException>().With.Message.Contains("no store"));
        Assert.That((await upkeep.MigrateAsync(cancel), await upkeep.MigrateAsync(cancel)), Is.EqualTo((0, (await upkeep.CheckAsync(cancel)).Version)));
    }

    [Test]
    public async Task Restores_beneath_running_hosts_only_in_postgres(CancellationToken cancel)
    {
        await BackUpAsync(cancel);
        await using var running = _target.Open();
        await running.Grains.ChangeAsync<Counter>("mine", Counter.Add, cancel);

        if (to == Engine.Postgres) await RestoreAsync(replace: true, cancel);
        else Assert.That(() => RestoreAsync(replace: true, cancel), Throws.TypeOf<StoreException>().With.Message.Contains("stop the hosts first"));

        Assert.That((await running.Grains.LoadAsync<Counter>("mine", cancel) is null, (await running.Grains.LoadAsync<Counter>("0", cancel))?.Version), Is.EqualTo((to == Engine.Postgres, to == Engine.Postgres ? 2L : default(long?))));
    }

    [Test]
    public void Refuses_a_file_that_is_no_backup_of_ours(CancellationToken cancel)
    {
        using (var theirs = new SqliteConnection($"Data Source={Backup};Pooling=False"))
        {
            theirs.Open();
            using var command = theirs.CreateCommand();
            command.CommandText = "CREATE TABLE theirs(x)";
            command.ExecuteNonQuery();
        }

        Assert.That(() => RestoreAsync(replace: true, cancel), Throws.TypeOf<StoreException>().With.Message.Contains("is not a store of this program"));
        File.Delete(Backup);
        Assert.That(() => RestoreAsync(replace: true, cancel), Throws.TypeOf<StoreException>().With.Message.Contains("There is no file"));
    }

    [Test]
    public async Task Refuses_a_store_that_was_not_closed_for_its_log_holds_what_its_file_does_not(CancellationToken cancel)
    {
        await BackUpAsync(cancel);
        await File.WriteAllTextAsync(Backup + "-wal", "changes", cancel);

        Assert.That(() => RestoreAsync(replace: true, cancel), Throws.TypeOf<StoreException>().With.Message.Contains("scdn database backup"));
    }

    private static AuditEntry Act() => new(Guid.CreateVersion7(), DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), "ann", "DELETE /v1/admin/users/bob");

    private static FreshRecord Record() => new(
        new(Guid.NewGuid(), DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), ServerId.New(), KeyId.New(), ContentId.New(), PartId.New(), 1L << 40, 5, 403, Complete: true), "ann", SessionId.New());

    private async Task BackUpAsync(CancellationToken cancel)
    {
        await using var upkeep = _source.Upkeep();
        await upkeep.BackUpAsync(Backup, cancel);
    }

    private async Task RestoreAsync(bool replace, CancellationToken cancel)
    {
        await using var upkeep = _target.Upkeep();
        await upkeep.RestoreAsync(Backup, replace, cancel);
    }
}
