using System.Net;
using System.Net.Sockets;
using Scdn.Host.Data.Postgres;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Postgres;

[CancelAfter(60_000)]
internal sealed class PostgresServersTests
{
    [Test]
    public async Task Goes_on_with_a_primary_while_another_address_does_not_answer(CancellationToken cancel)
    {
        // It takes connections, and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await PostgresServer.StartAsync();
        var text = (await server.MakeDatabaseAsync()).Replace($":{server.Port}", $":{((IPEndPoint)silent.LocalEndpoint).Port},127.0.0.1:{server.Port}", StringComparison.Ordinal);
        Assert.That(PostgresAddress.TryParse(text, out var address, out _));
        var time = new FakeTime();
        await using var servers = new PostgresServers(address!, new TimelineFence(null), time);

        var finding = servers.FindAsync(cancel).AsTask();
        await time.UntilArmedWithinAsync(PostgresServers.Patience).WaitAsync(cancel);
        Assert.That(finding.IsCompleted, Is.False, "Another primary may be the newer one.");
        time.Advance(PostgresServers.Patience);

        Assert.That((await finding).Host.Port, Is.EqualTo(server.Port));
    }
}
