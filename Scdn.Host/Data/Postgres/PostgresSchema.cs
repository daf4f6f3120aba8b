using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>The store's tables in the schema <c>scdn</c> of a database, as numbered steps. A step that was released is never changed: the next one is added.</summary>
internal static class PostgresSchema
{
    /// <summary>Hosts that start together take the steps one after the other ("SCDN").</summary>
    private const long Lock = 0x5343444E;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE scdn.store(version integer NOT NULL, epoch uuid NOT NULL, pruned bigint NOT NULL);
        INSERT INTO scdn.store VALUES (0, gen_random_uuid(), pg_current_xact_id()::text::bigint);
        CREATE TABLE scdn.grains(
            kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, version bigint NOT NULL, at bigint NOT NULL, state text NOT NULL, change uuid NOT NULL DEFAULT gen_random_uuid(),
            PRIMARY KEY(kind, id));
        CREATE TABLE scdn.outbox(
            xid bigint PRIMARY KEY DEFAULT pg_current_xact_id()::text::bigint,
            kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, version bigint NOT NULL, at bigint NOT NULL, state text NOT NULL, change uuid NOT NULL);
        CREATE TABLE scdn.records(
            id uuid PRIMARY KEY, at bigint NOT NULL, server uuid NOT NULL, key uuid NOT NULL, content uuid NOT NULL, part uuid NOT NULL,
            bytes bigint NOT NULL, milliseconds bigint NOT NULL, status integer NOT NULL, complete boolean NOT NULL);
        CREATE INDEX records_at ON scdn.records(at);
        CREATE TABLE scdn.plays(session uuid NOT NULL, content uuid NOT NULL, play uuid NOT NULL, at bigint NOT NULL, PRIMARY KEY(session, content, play));
        CREATE TABLE scdn.content_counters(content uuid PRIMARY KEY, plays bigint NOT NULL DEFAULT 0, requests bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0);
        CREATE TABLE scdn.server_counters(server uuid PRIMARY KEY, requests bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0, errors bigint NOT NULL DEFAULT 0);
        """,
        "CREATE TABLE scdn.audit(id uuid PRIMARY KEY, at bigint NOT NULL, operator text NOT NULL, act text NOT NULL, subject text, status integer)",
    ];

    /// <summary>The version that this program knows.</summary>
    public static int Newest => Steps.Length;

    /// <summary>Takes the steps that the store has not taken yet; returns its version before that.</summary>
    /// <exception cref="StoreException">It is of a newer version of this program.</exception>
    public static async Task<int> MigrateAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", [PostgresCommands.Argument(Lock)], cancel);
        var version = await VersionAsync(connection, cancel);
        if (version > Newest)
            throw new StoreException($"The store in the database '{connection.Database}' has version {version}, and this program knows up to {Newest}; run a newer program.", isTransient: false);
        if (version == Newest) return version;

        if (version == 0) await connection.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS scdn", [], cancel);
        foreach (var step in Steps.Skip(version)) await connection.ExecuteAsync(step, [], cancel);
        await connection.ExecuteAsync("UPDATE scdn.store SET version = $1", [PostgresCommands.Argument(Newest)], cancel);
        await transaction.CommitAsync(cancel);
        return version;
    }

    /// <summary>The store's version; 0 when there is none.</summary>
    public static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var isThere = await connection.QueryAsync("SELECT to_regclass('scdn.store') IS NOT NULL", [], reader => reader.GetBoolean(0), cancel);
        return isThere[0] ? (await connection.QueryAsync("SELECT version FROM scdn.store", [], reader => reader.GetInt32(0), cancel))[0] : 0;
    }
}
