using System.Text.Json;
using Microsoft.Data.Sqlite;
using Scdn.Grains;
using Scdn.Grains.Storage;

namespace Scdn.Host.Data.Sqlite;

/// <summary>The grains in SQLite. A change holds the store's write lock from loading to saving, so a rule runs once and no version conflict can arise.</summary>
internal sealed class SqliteGrainStore(SqliteDatabase database, TimeProvider time) : IGrainStore
{
    private const string Onwards = "SELECT id, version, state FROM grains WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3";
    private const string Backwards = "SELECT id, version, state FROM grains WHERE kind = $1 AND id < $2 ORDER BY id DESC LIMIT $3";

    /// <inheritdoc/>
    public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => Find<TState>(connection, id)));
    }

    /// <inheritdoc/>
    public async Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        try
        {
            return await database.Gate.WriteAsync(connection => Change(connection, id, rule), cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<Stored<TState>>>(database.Read(connection => List<TState>(connection, Onwards, after ?? "", limit)));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<Stored<TState>>>(database.Read(connection => List<TState>(connection, Backwards, before ?? GrainIds.Beyond, limit)));
    }

    /// <inheritdoc/>
    public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
        where TState : class, IGrainState<TState> => database.Gate.WriteAsync(
            connection => grains.Sum(grain => connection.Execute("DELETE FROM grains WHERE kind = $1 AND id = $2 AND version = $3", TState.Kind, grain.Id, grain.Version)), cancel);

    private static Stored<TState>? Find<TState>(StoreConnection connection, string id)
        where TState : class, IGrainState<TState>
    {
        using var reader = connection.Query("SELECT id, version, state FROM grains WHERE kind = $1 AND id = $2", TState.Kind, id);
        return reader.Read() ? Read<TState>(reader) : null;
    }

    private static List<Stored<TState>> List<TState>(StoreConnection connection, string query, string from, int limit)
        where TState : class, IGrainState<TState>
    {
        using var reader = connection.Query(query, TState.Kind, from, limit);
        var grains = new List<Stored<TState>>();
        while (reader.Read()) grains.Add(Read<TState>(reader));
        return grains;
    }

    private static Stored<TState> Read<TState>(SqliteDataReader reader)
        where TState : class, IGrainState<TState> =>
        new(reader.GetString(0), reader.GetInt64(1), JsonSerializer.Deserialize(reader.GetString(2), TState.Json)!);

    private Outcome<Stored<TState>> Change<TState>(StoreConnection connection, string id, Func<TState?, Change<TState>> rule)
        where TState : class, IGrainState<TState>
    {
        var stored = Find<TState>(connection, id);
        var change = rule(stored?.State);
        if (change.Refusal is { } refusal) return refusal;
        if (change.Next is { } next) return Save(connection, new Stored<TState>(id, (stored?.Version ?? 0) + 1, next));
        return stored ?? throw new InvalidOperationException($"The rule has nothing to save for the {TState.Kind} '{id}', which never was.");
    }

    private Stored<TState> Save<TState>(StoreConnection connection, Stored<TState> grain)
        where TState : class, IGrainState<TState>
    {
        var state = JsonSerializer.Serialize(grain.State, TState.Json);
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var saved = connection.Execute(
            """
            INSERT INTO grains(kind, id, version, at, state) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT(kind, id) DO UPDATE SET version = excluded.version, at = excluded.at, state = excluded.state WHERE version = excluded.version - 1
            """,
            TState.Kind, grain.Id, grain.Version, at, state);
        if (saved != 1) throw new InvalidOperationException($"The {TState.Kind} '{grain.Id}' was changed outside the write lock.");
        _ = connection.Execute(
            "INSERT INTO outbox(kind, id, version, at, state) VALUES ($1, $2, $3, $4, $5)", TState.Kind, grain.Id, grain.Version, at, state);
        return grain;
    }
}
