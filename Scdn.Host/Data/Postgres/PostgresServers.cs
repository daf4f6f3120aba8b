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

    /// <summary>How long others may still answer once a primary has: an old one may answer before the one that took its place, and an address at which nothing is would be waited for longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly ImmutableArray<ServerPools> _servers;
    private readonly TimelineFence _fence;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private Primary? _primary;
    private Task<Primary>? _search;
    private int _changes;

    public PostgresServers(PostgresAddress address, TimelineFence fence, TimeProvider time)
    {
        (_fence, _time) = (fence, time);
        _servers = [.. address.Hosts.Select(host => new ServerPools(host, Source(address.ConnectTo(host, forWriting: false)), Source(address.ConnectTo(host, forWriting: true))))];
        _watching = _servers.Length > 1 ? Task.WhenAll(_servers.Select(server => WatchAsync(server, _stop.Token))) : Task.CompletedTask;
    }

    /// <summary>Becomes another number whenever the primary is given up: connections from before that may be to a server that is none any more.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>The server that takes writes.</summary>
    /// <exception cref="NoPrimaryException">There is none now.</exception>
    public async ValueTask<ServerPools> FindAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _primary) is { } known) return known.Server;
        Task<Primary> search;
        // All who wait share one search, and its failure.
        lock (_gate) search = _search is null or { IsCompleted: true } ? _search = SearchAsync() : _search;
        return (await search.WaitAsync(cancel)).Server;
    }

    /// <summary>Something went wrong at a server: if it was the primary, who that is, is found out anew.</summary>
    public void Suspect(ServerPools server)
    {
        if (Volatile.Read(ref _primary) is not { } primary || primary.Server != server || Interlocked.CompareExchange(ref _primary, null, primary) != primary) return;
        Interlocked.Increment(ref _changes);
        // Connections that lie idle there are as broken as the one that failed.
        server.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var server in _servers) await server.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<Primary> SearchAsync()
    {
        var answers = await AskAllAsync();
        // Of two primaries the one with the newer timeline is the right one; it has raised the fence, and the other fails there from now on.
        var best = answers.MaxBy(answer => answer.Timeline)!;
        if (best.Fault is not null) throw WhyNone([.. answers.Select(answer => (answer.Server.Host, answer.Fault!))]);
        var primary = new Primary(best.Server, best.Timeline);
        Volatile.Write(ref _primary, primary);
        return primary;
    }

    /// <summary>The answers of all, or of those that gave one soon after a primary did.</summary>
    private async Task<IReadOnlyList<Answer>> AskAllAsync()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var (open, answers) = (_servers.Select(server => AskAsync(server, enough.Token)).ToList(), new List<Answer>());
        Task? late = null;
        while (open.Count > 0)
        {
            var next = await Task.WhenAny(late is null ? open : [.. open, late]);
            if (next is not Task<Answer> answered) break;
            open.Remove(answered);
            answers.Add(await answered);
            if (answers[^1].Fault is null) late ??= Task.Delay(Patience, _time, enough.Token);
        }

        await enough.CancelAsync();
        return answers;
    }

    private static Exception WhyNone(IReadOnlyList<(PostgresHost Host, Exception Fault)> faults) =>
        faults.All(one => !PostgresFault.IsTransient(one.Fault))
            ? faults[0].Fault
            : new NoPrimaryException(string.Join("; ", faults.Select(one => $"{one.Host}: {(one.Fault.InnerException ?? one.Fault).Message.TrimEnd('.')}")), faults[0].Fault);

    /// <summary>Looks whether a server has become the primary. Each on its own: one that does not answer keeps nobody waiting.</summary>
    private async Task WatchAsync(ServerPools server, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(WatchInterval, _time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (Volatile.Read(ref _primary) is not { } primary || primary.Server == server) continue;
            if ((await AskAsync(server, cancel)).Timeline > primary.Timeline) Suspect(primary.Server);
        }
    }

    private async Task<Answer> AskAsync(ServerPools server, CancellationToken cancel)
    {
        try
        {
            await using var connection = await server.Reading.OpenConnectionAsync(cancel);
            // Also of a connection that was opened before: the fence may have been raised since.
            return new(server, Check(await IdentifyAsync(connection, cancel)), null);
        }
        catch (Exception fault) when (fault is DbException or NoPrimaryException || PostgresFault.IsTransient(fault))
        {
            if (fault is NoPrimaryException) server.Clear();
            return new(server, 0, fault);
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

    private int Check((int Timeline, long Cluster) server)
    {
        if (server.Timeline == 0) throw new NoPrimaryException("it is a standby");
        return _fence.Passes(server.Cluster, server.Timeline)
            ? server.Timeline
            : throw new NoPrimaryException($"it is a primary of timeline {server.Timeline}, and a standby was promoted since: set it up as a standby of the new one");
    }

    private sealed record Answer(ServerPools Server, int Timeline, Exception? Fault);

    private sealed record Primary(ServerPools Server, int Timeline);
}

/// <summary>A server with its connections. Those that commit are apart: when commits wait for a standby that is gone, reading goes on.</summary>
internal sealed record ServerPools(PostgresHost Host, NpgsqlDataSource Reading, NpgsqlDataSource Writing) : IAsyncDisposable
{
    /// <summary>Closes connections that are idle, and the others when they are given back.</summary>
    public void Clear()
    {
        Reading.Clear();
        Writing.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Reading.DisposeAsync();
        await Writing.DisposeAsync();
    }
}
