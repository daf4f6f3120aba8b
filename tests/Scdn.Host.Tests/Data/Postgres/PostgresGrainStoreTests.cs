using Scdn.Grains.Storage;
using Scdn.Host.Data.Postgres;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Postgres;

/// <summary>Changes whose answer is lost with the connection: they are on disk, and nobody was told.</summary>
[CancelAfter(60_000)]
internal sealed class PostgresGrainStoreTests
{
    private PostgresAddress _direct = null!;
    private CuttingRelay _relay = null!;
    private PostgresDatabase _database = null!;
    private PostgresGrainStore _store = null!;

    [SetUp]
    public async Task Open()
    {
        Assert.That(PostgresAddress.TryParse(await SharedPostgres.MakeDatabaseAsync(), out var direct, out _));
        _direct = direct!;
        _relay = new CuttingRelay(_direct.Hosts[0].Port, "INSERT INTO outbox");
        _database = new PostgresDatabase(_direct with { Hosts = [new("127.0.0.1", _relay.Port)] }, new(null), TimeProvider.System);
        _store = new PostgresGrainStore(_database, TimeProvider.System);
    }

    [TearDown]
    public async Task Close()
    {
        await _database.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Test]
    public async Task Makes_a_change_once_whose_answer_was_lost(CancellationToken cancel)
    {
        var changed = await _store.ChangeAsync<Counter>("a", Counter.Add, cancel);

        Assert.That(_relay.Cuts, Is.EqualTo(1));
        Assert.That(changed.Value, Is.EqualTo(new Stored<Counter>("a", 1, new Counter(1))));
        Assert.That(await _store.LoadAsync<Counter>("a", cancel), Is.EqualTo(changed.Value));
    }

    [Test]
    public async Task Makes_it_once_although_another_host_changed_the_grain_since(CancellationToken cancel)
    {
        await using var other = new PostgresDatabase(_direct, new(null), TimeProvider.System);
        _relay.Meanwhile = () => new PostgresGrainStore(other, TimeProvider.System).ChangeAsync<Counter>("a", Counter.Add, cancel);

        var changed = await _store.ChangeAsync<Counter>("a", Counter.Add, cancel);

        Assert.That(changed.Value, Is.EqualTo(new Stored<Counter>("a", 1, new Counter(1))));
        Assert.That((await _store.LoadAsync<Counter>("a", cancel))?.State, Is.EqualTo(new Counter(2)));
    }
}
