using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>
/// The store in PostgreSQL, shared by control processes of any machines. What fails because a server goes or comes is tried again for a while, so that a standby's promotion is a pause.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly PostgresAddress _address;
    private readonly PostgresServers _servers;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task? _prepared;

    public PostgresDatabase(PostgresAddress address, TimelineFence fence, TimeProvider time)
    {
        (_address, _time) = (address, time);
        _servers = new PostgresServers(address, fence, time);
    }

    /// <summary>After a commit that changed a grain: to be quick.</summary>
    public event EventHandler? Committed;

    /// <summary>Becomes another number whenever the primary is given up: whoever keeps a connection is to take a new one.</summary>
    public int Changes => _servers.Changes;

    /// <summary>Makes the store or brings it up to date; whatever runs before that waits for it.</summary>
    /// <exception cref="StoreException">It can't be used; the message says why.</exception>
    public Task PrepareAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_prepared is null or { IsFaulted: true }) _prepared = RetryAsync(PostgresSchema.MigrateAsync, forWriting: true, CancellationToken.None);
            return _prepared.WaitAsync(cancel);
        }
    }

    /// <summary>Reads.</summary>
    /// <exception cref="StoreException">It can't be done now.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        try
        {
            return await RetryAsync(work, forWriting: false, cancel);
        }
        catch (StoreException fault)
        {
            throw Later(fault);
        }
    }

    /// <summary>
    /// Runs work that commits, and may be run again when it is not known what came of it. It is never cancelled: PostgreSQL would report a commit that waits for a standby as done. Who does not want to wait any longer leaves it to itself, and does
    /// not know what came of it.
    /// </summary>
    /// <exception cref="StoreException">It is not known to be done; to ask for the same again is safe.</exception>
    public async Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        try
        {
            return await RetryAsync((connection, _) => work(connection), forWriting: true, CancellationToken.None).WaitAsync(MaxWait + Pause, _time, cancel);
        }
        catch (StoreException fault)
        {
            throw Later(fault);
        }
        catch (TimeoutException fault)
        {
            throw new StoreException($"The store {_address} did not confirm within {MaxWait.TotalSeconds:0} seconds; perhaps it waits for a standby that is gone.", isTransient: true, fault);
        }
    }

    /// <summary>Runs work of its operator on the store as it is: not there, perhaps, or of another version. It takes as long as it takes.</summary>
    /// <exception cref="StoreException">It could not be done, now or at all.</exception>
    public Task<T> RunAsIsAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancel) => RetryAsync(work, forWriting: true, cancel);

    /// <summary>A connection of the caller's own.</summary>
    /// <exception cref="StoreException">There is none now.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        ServerPools? server = null;
        try
        {
            server = await _servers.FindAsync(cancel);
            return await server.Reading.OpenConnectionAsync(cancel);
        }
        catch (Exception fault) when (IsOfStore(fault))
        {
            if (server is not null && PostgresFault.IsOfServer(fault)) _servers.Suspect(server);
            throw PostgresFault.Of(fault, _address);
        }
    }

    /// <summary>Tells of a commit.</summary>
    public void NoteCommit() => Committed?.Invoke(this, EventArgs.Empty);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    // The store has worked before: whatever is wrong with it now, a role or a table, somebody will mend, and no host need be started again for it.
    private static StoreException Later(StoreException fault) => fault.IsTransient || fault.IsOfRequest ? fault : new(fault.Message, isTransient: true, fault);

    private static bool IsOfStore(Exception fault) => fault is NpgsqlException or NoPrimaryException || PostgresFault.IsTransient(fault);

    private async Task<T> RetryAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, bool forWriting, CancellationToken cancel)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            ServerPools? server = null;
            try
            {
                server = await _servers.FindAsync(cancel);
                await using var connection = await (forWriting ? server.Writing : server.Reading).OpenConnectionAsync(cancel);
                return await work(connection, cancel);
            }
            catch (Exception fault) when (IsOfStore(fault))
            {
                if (server is not null && PostgresFault.IsOfServer(fault)) _servers.Suspect(server);
                if (!PostgresFault.IsTransient(fault) || _time.GetElapsedTime(start) > MaxWait) throw PostgresFault.Of(fault, _address);
            }

            await Task.Delay(Pause, _time, cancel);
        }
    }
}
