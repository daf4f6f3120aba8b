using System.Collections.Immutable;
using System.Data.Common;
using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>
/// The servers of a store, of which one takes writes. Which one is found out when the one before fails, by asking all at once, and once a second besides: a standby may be promoted while the old primary still answers.
/// Npgsql's own choice among several hosts takes the first primary that it meets, and knows no fence.
/// </summary>
internal sealed class PostgresServers : IAsyncDisposable
{
    private const string WhoAreYou =
        "SELECT pg_is_in_recovery(), CASE WHEN pg_is_in_recovery() THEN '0' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END, (SELECT system_identifier FROM pg_control_system())";

    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly ImmutableArray<Server> _servers;
    private readonly TimelineFence _fence;
    private readonly SemaphoreSlim _finding = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private Server? _primary;

    public PostgresServers(PostgresAddress address, TimelineFence fence, TimeProvider time)
    {
        _fence = fence;
        _servers = [.. address.Hosts.Select(host => new Server(host, Source(address.ConnectTo(host))))];
        _watching = _servers.Length > 1 ? WatchAsync(time, _stop.Token) : Task.CompletedTask;
    }

    /// <summary>A connection to the primary, from its pool.</summary>
    /// <exception cref="NoPrimaryException">No server takes writes.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var server = Volatile.Read(ref _primary) ?? await FindAsync(cancel);
        try
        {
            return await server.Source.OpenConnectionAsync(cancel);
        }
        catch
        {
            Suspect(server);
            throw;
        }
    }

    /// <summary>Something went wrong at the primary: who it is, is found out anew.</summary>
    public void Suspect() => Suspect(Volatile.Read(ref _primary));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var server in _servers) await server.Source.DisposeAsync();
        _stop.Dispose();
        _finding.Dispose();
    }

    private void Suspect(Server? server)
    {
        if (server is null || Interlocked.CompareExchange(ref _primary, null, server) != server) return;
        // Connections that lie idle there are as broken as the one that failed.
        server.Source.Clear();
    }

    private async ValueTask<Server> FindAsync(CancellationToken cancel)
    {
        await _finding.WaitAsync(cancel);
        try
        {
            if (_primary is { } found) return found;
            var answers = await Task.WhenAll(_servers.Select(server => AskAsync(server, cancel)));
            var best = answers.MaxBy(answer => answer.Timeline);
            if (best.Fault is not null) throw WhyNone([.. answers.Select(answer => (answer.Server.Host, answer.Fault!))]);
            Volatile.Write(ref _primary, best.Server);
            return best.Server;
        }
        finally
        {
            _finding.Release();
        }
    }

    private static Exception WhyNone(IReadOnlyList<(PostgresHost Host, Exception Fault)> faults) =>
        faults.All(one => !PostgresFault.IsTransient(one.Fault))
            ? faults[0].Fault
            : new NoPrimaryException(string.Join("; ", faults.Select(one => $"{one.Host}: {(one.Fault.InnerException ?? one.Fault).Message.TrimEnd('.')}")), faults[0].Fault);

    private async Task WatchAsync(TimeProvider time, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(WatchInterval, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            var primary = Volatile.Read(ref _primary);
            if (primary is null) continue;
            // Whoever has a newer timeline raises the fence by answering, and the primary of now fails at it.
            var answers = await Task.WhenAll(_servers.Where(server => server != primary).Select(server => AskAsync(server, cancel)));
            if (answers.Any(answer => answer.Timeline > 0)) Suspect(primary);
        }
    }

    private static async Task<(Server Server, int Timeline, Exception? Fault)> AskAsync(Server server, CancellationToken cancel)
    {
        try
        {
            await using var connection = await server.Source.OpenConnectionAsync(cancel);
            var (timeline, _) = await IdentifyAsync(connection, cancel);
            return (server, timeline, null);
        }
        catch (Exception fault) when (fault is DbException or NoPrimaryException || PostgresFault.IsTransient(fault))
        {
            return (server, 0, fault);
        }
    }

    private static async Task<(int Timeline, long Cluster)> IdentifyAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(WhoAreYou, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetBoolean(0) ? 0 : Convert.ToInt32(reader.GetString(1), 16), reader.GetInt64(2));
    }

    private NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(_ => throw new NotSupportedException("Connections are opened asynchronously."), async connection => Check(await IdentifyAsync(connection, CancellationToken.None)));
        return builder.Build();
    }

    private void Check((int Timeline, long Cluster) server)
    {
        if (server.Timeline == 0) throw new NoPrimaryException("it is a standby");
        if (!_fence.Passes(server.Cluster, server.Timeline))
            throw new NoPrimaryException($"it is a primary of timeline {server.Timeline}, and a standby was promoted since: set it up as a standby of the new one");
    }

    private sealed record Server(PostgresHost Host, NpgsqlDataSource Source);
}
