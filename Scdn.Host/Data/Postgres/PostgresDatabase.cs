using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>The store in PostgreSQL, shared by control processes of any machines. What fails because a server goes or comes is tried again for a while, so that a standby's promotion is a pause.</summary>
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

    /// <summary>Makes the store or brings it up to date; whatever runs before that waits for it.</summary>
    /// <exception cref="StoreException">It can't be used; the message says why.</exception>
    public Task PrepareAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_prepared is null or { IsFaulted: true }) _prepared = RetryAsync(PostgresSchema.MigrateAsync, CancellationToken.None);
            return _prepared.WaitAsync(cancel);
        }
    }

    /// <summary>Runs work that may be run again when it is not known what came of it.</summary>
    /// <exception cref="StoreException">It could not be done, now or at all.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        return await RetryAsync(work, cancel);
    }

    /// <summary>The same with the store as it is: not there, perhaps, or of another version.</summary>
    /// <exception cref="StoreException">It could not be done, now or at all.</exception>
    public Task<T> RunAsIsAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancel) => RetryAsync(work, cancel);

    /// <summary>A connection of the caller's own.</summary>
    /// <exception cref="StoreException">There is none now.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        try
        {
            return await _servers.OpenAsync(cancel);
        }
        catch (Exception fault) when (fault is NpgsqlException or NoPrimaryException || PostgresFault.IsTransient(fault))
        {
            throw PostgresFault.Of(fault, _address);
        }
    }

    /// <summary>Tells of a commit.</summary>
    public void NoteCommit() => Committed?.Invoke(this, EventArgs.Empty);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    private async Task<T> RetryAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await _servers.OpenAsync(cancel);
                return await work(connection, cancel);
            }
            catch (Exception fault) when (fault is NpgsqlException or NoPrimaryException || PostgresFault.IsTransient(fault))
            {
                if (!PostgresFault.IsTransient(fault) || _time.GetElapsedTime(start) > MaxWait) throw PostgresFault.Of(fault, _address);
                // Not for what only clashed with another transaction.
                if (fault is not PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected }) _servers.Suspect();
            }

            await Task.Delay(Pause, _time, cancel);
        }
    }
}
