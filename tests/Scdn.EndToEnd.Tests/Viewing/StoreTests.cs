using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

/// <summary>A cluster whose store moves from a file to PostgreSQL, whose primary is then killed.</summary>
internal sealed class StoreTests
{
    [Test]
    public async Task Moves_to_postgres_by_a_backup_and_plays_on_when_the_primary_is_killed()
    {
        await using var primary = await PostgresServer.StartAsync();
        await using var standby = await primary.StartStandbyAsync();
        var database = (await primary.MakeDatabaseAsync()).Replace($":{primary.Port}", $":{primary.Port},127.0.0.1:{standby.Port}", StringComparison.Ordinal);
        await using var cluster = await TestCluster.StartAsync(seconds: 4);
        await PlayAsync();
        await cluster.DoneAsync("database", "backup", "--out", cluster["backup.db"]);
        await cluster.DoneAsync("cluster", "down");

        await cluster.DoneAsync("database", "restore", cluster["backup.db"], "--database", database);
        var there = await cluster.DoneAsync("database", "check", "--database", database);
        await cluster.DoneAsync("cluster", "up", "--servers", "2", "--port-base", "0", "--detach", "--database", database);
        await cluster.HeldByAllAsync();
        await PlayAsync();
        Assert.That((there.GetProperty("grains").GetProperty("manifest").GetInt32(), there.GetProperty("plays").GetInt32()), Is.EqualTo((1, 1)));

        await primary.KillAsync();
        await standby.PromoteAsync();
        await PlayAsync();
        await Eventually.HoldsAsync(async () => (await cluster.DoneAsync("stats")).GetProperty("plays").GetInt32() == 3, "all three plays are counted");

        async Task PlayAsync()
        {
            var report = await cluster.DoneAsync(cluster.Play("--speed", "4"));
            Assert.That(report.GetProperty("played_to_end").GetBoolean(), report.ToString());
        }
    }

    [Test]
    public async Task Says_in_one_sentence_why_a_store_cannot_be_looked_after()
    {
        using var folder = new TempFolder();
        folder.Write("theirs.db", "no database");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RefusedAsync("check"), Does.Contain("There is no store"));
            Assert.That(await RefusedAsync("check", "--database", "postgres://ann:secret@db/x"), Does.Contain("PGPASSWORD").And.Not.Contain("secret"));
            Assert.That(await RefusedAsync("check", "--database", "postgres://127.0.0.1:1/x"), Does.Contain("can't be reached"));
            Assert.That(await RefusedAsync("restore", folder["theirs.db"]), Does.Contain("is not a store of this program"));
            Assert.That(await RefusedAsync("restore", folder["missing.db"]), Does.Contain("There is no file"));
        }

        async Task<string> RefusedAsync(params string[] arguments)
        {
            var result = await ScdnProcess.RunAsync(folder.Path, ["database", .. arguments, "--json", .. arguments.Contains("--database") ? Array.Empty<string>() : ["--data", folder["data"]]]);
            Assert.That(result.ExitCode, Is.Not.Zero, result.Output);
            return JsonDocument.Parse(result.Errors).RootElement.GetProperty("error").GetString()!;
        }
    }
}
