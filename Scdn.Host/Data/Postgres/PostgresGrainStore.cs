using System.Text.Json;
using Npgsql;
using Scdn.Grains;
using Scdn.Grains.Storage;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Postgres;

/// <summary>
/// The grains in PostgreSQL. A change is read, ruled upon, and saved by one statement if the version is unchanged. Changes of one grain in this process take turns, so that only other hosts can come in between.
/// Each attempt to save has an id of its own, by which one is recognised whose answer was lost with the connection.
/// </summary>
internal sealed class PostgresGrainStore(PostgresDatabase database, TimeProvider time) : IGrainStore
{
    private const int MaxConflicts = 100;

    private static readonly TimeSpan MaxTurn = TimeSpan.FromSeconds(10);

    private const string SaveSql =
        """
        WITH saved AS (
            INSERT INTO grains(kind, id, version, at, state, change) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, at = excluded.at, state = excluded.state, change = excluded.change WHERE grains.version = excluded.version - 1
            RETURNING 1)
        INSERT INTO outbox(kind, id, version, at, state, change) SELECT $1, $2, $3, $4, $5, $6 FROM saved
        """;

    private const string Onwards = "SELECT id, version, state FROM grains WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3";
    private const string Backwards = "SELECT id, version, state FROM grains WHERE kind = $1 AND id < $2 ORDER BY id DESC LIMIT $3";

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    /// <inheritdoc/>
    public Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
        where TState : class, IGrainState<TState> => database.ReadAsync(async (connection, stop) => (await FindAsync<TState>(connection, id, stop))?.Grain, cancel);

    /// <inheritdoc/>
    public Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
        where TState : class, IGrainState<TState> => ChangeAsync(id, rule, isThere: true, cancel);

    /// <inheritdoc/>
    public Task<Outcome<Stored<TState>>> CreateAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
        where TState : class, IGrainState<TState> => ChangeAsync(id, rule, isThere: false, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState> => ListAsync<TState>(Onwards, after ?? "", limit, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState> => ListAsync<TState>(Backwards, before ?? GrainIds.Beyond, limit, cancel);

    /// <inheritdoc/>
    public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
        where TState : class, IGrainState<TState> => database.WriteAsync(
            connection => connection.ExecuteAsync(
                """DELETE FROM grains USING unnest($2, $3) AS gone(id, version) WHERE kind = $1 AND grains.id = gone.id COLLATE "C" AND grains.version = gone.version""",
                [Argument(TState.Kind), Argument(grains.Select(grain => grain.Id).ToArray()), Argument(grains.Select(grain => grain.Version).ToArray())],
                CancellationToken.None),
            cancel);

    private async Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string query, string from, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState> => await database.ReadAsync(
            (connection, stop) => connection.QueryAsync(
                query,
                [Argument(TState.Kind), Argument(from), Argument(limit)],
                reader => new Stored<TState>(reader.GetString(0), reader.GetInt64(1), Parse<TState>(reader.GetString(2))),
                stop),
            cancel);

    private async Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, bool isThere, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        var turn = _turns[(uint)HashCode.Combine(TState.Kind, id) % (uint)_turns.Length];
        if (!await turn.WaitAsync(MaxTurn, cancel)) return Refusal.Unavailable("The store can't keep up just now: try again.");
        try
        {
            // Attempts whose answer did not come.
            var unknown = new List<Guid>();
            return await database.WriteAsync(connection => ChangeAsync(connection, id, rule, isThere, unknown, CancellationToken.None), cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Outcome<Stored<TState>>> ChangeAsync<TState>(NpgsqlConnection connection, string id, Func<TState?, Change<TState>> rule, bool isThere, List<Guid> unknown, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var found = isThere || conflicts > 0 || unknown.Count > 0 ? await FindAsync<TState>(connection, id, cancel) : null;
            if (unknown.Count > 0 && await FindSavedAsync(connection, id, found, unknown, cancel) is { } before) return before;
            var change = rule(found?.Grain.State);
            if (change.Refusal is { } refusal) return refusal;
            if (change.Next is not { } next) return found?.Grain ?? throw new InvalidOperationException($"The rule has nothing to save for the {TState.Kind} '{id}', which never was.");

            var grain = new Stored<TState>(id, (found?.Grain.Version ?? 0) + 1, next);
            var attempt = Guid.NewGuid();
            unknown.Add(attempt);
            if (await SaveAsync(connection, grain, attempt, cancel)) return grain;
            // It is known of this one: another host came in between. An earlier one may still turn out to have come in between itself.
            unknown.Remove(attempt);
        }

        return Refusal.Unavailable($"The {TState.Kind} is being changed by other hosts all the time; try again.");
    }

    private async Task<bool> SaveAsync<TState>(NpgsqlConnection connection, Stored<TState> grain, Guid attempt, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        var saved = await connection.ExecuteAsync(
            SaveSql,
            [
                Argument(TState.Kind), Argument(grain.Id), Argument(grain.Version), Argument(time.GetUtcNow().ToUnixTimeMilliseconds()),
                Argument(JsonSerializer.Serialize(grain.State, TState.Json)), Argument(attempt),
            ],
            cancel) == 1;
        if (saved) database.NoteCommit();
        return saved;
    }

    private static async Task<Found<TState>?> FindAsync<TState>(NpgsqlConnection connection, string id, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        var found = await connection.QueryAsync(
            "SELECT version, state, change FROM grains WHERE kind = $1 AND id = $2",
            [Argument(TState.Kind), Argument(id)],
            reader => new Found<TState>(new(id, reader.GetInt64(0), Parse<TState>(reader.GetString(1))), reader.GetGuid(2)),
            cancel);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>What one of these attempts saved, also when others changed the grain since.</summary>
    private static async Task<Stored<TState>?> FindSavedAsync<TState>(NpgsqlConnection connection, string id, Found<TState>? found, List<Guid> attempts, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        if (found is null) return null;
        if (attempts.Contains(found.Change)) return found.Grain;
        var saved = await connection.QueryAsync(
            "SELECT version, state FROM outbox WHERE kind = $1 AND id = $2 AND change = ANY($3)",
            [Argument(TState.Kind), Argument(id), Argument(attempts.ToArray())],
            reader => new Stored<TState>(id, reader.GetInt64(0), Parse<TState>(reader.GetString(1))),
            cancel);
        return saved.Count > 0 ? saved[0] : null;
    }

    private static TState Parse<TState>(string json)
        where TState : class, IGrainState<TState> => JsonSerializer.Deserialize(json, TState.Json)!;

    private sealed record Found<TState>(Stored<TState> Grain, Guid Change)
        where TState : class, IGrainState<TState>;
}
