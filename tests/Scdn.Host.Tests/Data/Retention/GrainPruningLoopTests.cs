using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Grains.Sessions;
using Scdn.Grains.Upkeep;
using Scdn.Host.Data.Retention;
using Scdn.Host.Hosting;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Retention;

[TestFixture(Engine.Sqlite)]
[CancelAfter(60_000)]
internal sealed class GrainPruningLoopTests(Engine engine) : StoreFixture(engine)
{
    private readonly FakeTime _time = new();

    [Test]
    public async Task Prunes_every_hour_at_one_host(CancellationToken cancel)
    {
        await Process.Grains.ChangeAsync<SessionState>("old", _ => new SessionState("anna", null, default, _time.GetUtcNow().AddDays(-8)), cancel);
        using var a = await StartAsync("a");
        using var b = await StartAsync("b");
        await _time.UntilArmedAsync(2);
        _time.Advance(TimeSpan.FromMinutes(10));
        await Eventually.HoldsAsync(async () => await Process.Grains.LoadAsync<SessionState>("old", cancel) is null, "what is over is deleted");
        await Eventually.HoldsAsync(async () => (await VersionAsync("pruning-licences", cancel)) == 1, "licences were looked at");
        Assert.That(await VersionAsync("pruning", cancel), Is.EqualTo(1));

        for (var tick = 0; tick < 6; tick++)
        {
            await _time.UntilArmedAsync(2);
            _time.Advance(TimeSpan.FromMinutes(10));
        }

        await Eventually.HoldsAsync(async () => await VersionAsync("pruning", cancel) == 2, "an hour later it is done again");
        Assert.That(await VersionAsync("pruning-licences", cancel), Is.EqualTo(1));
    }

    private async Task<long> VersionAsync(string turn, CancellationToken cancel) => (await Process.Grains.LoadAsync<TurnState>(turn, cancel))?.Version ?? 0;

    private async Task<GrainPruningLoop> StartAsync(string name)
    {
        var settings = new HostSettings { Roles = ["admin"], Name = name, DataFolder = "", Listen = new("http://127.0.0.1:0") };
        var loop = new GrainPruningLoop(new(Process.Grains, PruneRetention.Default, _time), Process.Grains, settings, _time, NullLogger<GrainPruningLoop>.Instance);
        await loop.StartAsync(default);
        return loop;
    }
}
