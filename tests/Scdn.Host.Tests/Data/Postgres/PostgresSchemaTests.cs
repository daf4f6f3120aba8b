using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Tests.Data.Postgres;

[CancelAfter(60_000)]
internal sealed class PostgresSchemaTests
{
    private string _text = null!;

    [SetUp]
    public async Task MakeDatabase() => _text = await SharedPostgres.MakeDatabaseAsync();

    [Test]
    public async Task Is_made_once_by_processes_that_start_together(CancellationToken cancel)
    {
        var epochs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var database = Open(_text);
            await using var outbox = new PostgresOutbox(database, TimeProvider.System);
            return (await outbox.EndAsync(cancel)).Epoch;
        })));

        Assert.That(epochs.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Refuses_a_newer_schema(CancellationToken cancel)
    {
        await using (var older = Open(_text)) await older.WriteAsync(connection => connection.ExecuteAsync("UPDATE store SET version = $1", [Argument(PostgresSchema.Newest + 1)], cancel), cancel);
        await using var database = Open(_text);

        Assert.That(() => database.PrepareAsync(cancel), Throws.TypeOf<StoreException>().With.Message.Contains($"has version {PostgresSchema.Newest + 1}").And.Property("IsTransient").False);
    }

    [Test]
    public async Task Says_that_the_database_is_not_there(CancellationToken cancel)
    {
        await using var database = Open(_text + "missing");

        Assert.That(() => database.PrepareAsync(cancel), Throws.TypeOf<StoreException>().With.Message.Contains("is not there").And.Message.Contains("createdb"));
    }

    [Test]
    public async Task Says_that_the_role_may_not_make_its_schema(CancellationToken cancel)
    {
        await using (var owner = Open(_text)) await owner.WriteAsync(connection => connection.ExecuteAsync("DROP SCHEMA scdn CASCADE; DROP ROLE IF EXISTS poor; CREATE ROLE poor LOGIN", [], cancel), cancel);
        await using var database = Open(_text.Replace("scdn@", "poor@", StringComparison.Ordinal));

        Assert.That(() => database.PrepareAsync(cancel), Throws.TypeOf<StoreException>().With.Message.Contains("GRANT CREATE ON DATABASE"));
    }

    [Test]
    public async Task Works_for_a_role_that_may_no_more_than_make_a_schema(CancellationToken cancel)
    {
        await using (var owner = Open(_text))
        {
            await owner.WriteAsync(
                connection => connection.ExecuteAsync($"DROP SCHEMA scdn CASCADE; CREATE ROLE plain_{connection.Database} LOGIN; GRANT CREATE ON DATABASE {connection.Database} TO plain_{connection.Database}", [], cancel), cancel);
        }

        await using var database = Open(_text.Replace("scdn@", $"plain_{_text[(_text.LastIndexOf('/') + 1)..]}@", StringComparison.Ordinal));
        var changed = await new PostgresGrainStore(database, TimeProvider.System).ChangeAsync<Counter>("a", Counter.Add, cancel);

        Assert.That(changed.Value?.Version, Is.EqualTo(1));
    }

    private static PostgresDatabase Open(string text)
    {
        Assert.That(PostgresAddress.TryParse(text, out var address, out _));
        return new(address!, new(null), TimeProvider.System);
    }
}
