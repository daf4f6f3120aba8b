using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>The store's tables in the schema <c>scdn</c> of a database, as numbered steps. A step that was released is never changed: the next one is added.</summary>
internal static class PostgresSchema
{
    /// <summary>Hosts that start together take the steps one after the other ("SCDN").</summary>
    private const long Lock = 0x5343444E;

    /// <summary>The steps, from version 0 on.</summary>
    public static IReadOnlyList<string> Steps { get; } =
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
        """
        ALTER TABLE scdn.records ADD COLUMN account text COLLATE "C" NOT NULL DEFAULT '';
        CREATE INDEX records_content ON scdn.records(content, at);
        CREATE INDEX records_account ON scdn.records(account, at);
        CREATE INDEX plays_at ON scdn.plays(at);
        CREATE TABLE scdn.new_plays(at bigint NOT NULL, content text COLLATE "C" NOT NULL, account text COLLATE "C" NOT NULL);
        CREATE TABLE scdn.horizons(name text COLLATE "C" PRIMARY KEY, at bigint NOT NULL);
        INSERT INTO scdn.horizons VALUES ('records', 0);
        CREATE TABLE scdn.presence(minute bigint NOT NULL, kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, session text COLLATE "C" NOT NULL, PRIMARY KEY(minute, kind, key, session));
        CREATE TABLE scdn.minutes(minute bigint NOT NULL, kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, sessions bigint NOT NULL, PRIMARY KEY(minute, kind, key));
        CREATE TABLE scdn.hourly(
            hour bigint NOT NULL, content text COLLATE "C" NOT NULL, server text COLLATE "C" NOT NULL, account text COLLATE "C" NOT NULL,
            requests bigint NOT NULL, bytes bigint NOT NULL, errors bigint NOT NULL, plays bigint NOT NULL, PRIMARY KEY(hour, content, server, account));
        CREATE INDEX hourly_content ON scdn.hourly(content, hour);
        CREATE INDEX hourly_account ON scdn.hourly(account, hour);
        CREATE TABLE scdn.usage(
            kind text COLLATE "C" NOT NULL, span text COLLATE "C" NOT NULL, start bigint NOT NULL, key text COLLATE "C" NOT NULL,
            requests bigint NOT NULL, bytes bigint NOT NULL, errors bigint NOT NULL, plays bigint NOT NULL, sessions bigint NOT NULL, PRIMARY KEY(kind, span, start, key));
        CREATE INDEX usage_key ON scdn.usage(kind, key, span, start);
        INSERT INTO scdn.usage SELECT 'content', 'ever', 0, content::text, requests, bytes, (SELECT count(*) FROM scdn.records WHERE records.content = c.content AND status >= 400), plays, 0 FROM scdn.content_counters AS c;
        INSERT INTO scdn.usage SELECT 'server', 'ever', 0, server::text, requests, bytes, errors, 0, 0 FROM scdn.server_counters;
        INSERT INTO scdn.usage SELECT 'all', 'ever', 0, '', sum(requests), sum(bytes), sum(errors), sum(plays), 0 FROM scdn.usage WHERE kind = 'content' HAVING count(*) > 0;
        DROP TABLE scdn.content_counters;
        DROP TABLE scdn.server_counters;
        """,
        """CREATE TABLE scdn.headers(content uuid NOT NULL, version integer NOT NULL, hash text COLLATE "C" NOT NULL, at bigint NOT NULL, file bytea NOT NULL, PRIMARY KEY(content, version, hash))""",
        "ALTER TABLE scdn.records ADD COLUMN requests integer NOT NULL DEFAULT 1",
        """
        CREATE INDEX plays_play ON scdn.plays(play);
        CREATE TABLE scdn.reports(
            session uuid NOT NULL, content uuid NOT NULL, play uuid NOT NULL, begun bigint NOT NULL, at bigint NOT NULL, account text COLLATE "C" NOT NULL, report text NOT NULL, PRIMARY KEY(session, content, play));
        CREATE INDEX reports_play ON scdn.reports(play);
        CREATE INDEX reports_account ON scdn.reports(account, begun);
        CREATE INDEX reports_at ON scdn.reports(at);
        ALTER TABLE scdn.usage ADD COLUMN stalls bigint NOT NULL DEFAULT 0, ADD COLUMN stall_ms bigint NOT NULL DEFAULT 0, ADD COLUMN failovers bigint NOT NULL DEFAULT 0;
        ALTER TABLE scdn.hourly ADD COLUMN stalls bigint NOT NULL DEFAULT 0, ADD COLUMN stall_ms bigint NOT NULL DEFAULT 0, ADD COLUMN failovers bigint NOT NULL DEFAULT 0;
        CREATE TABLE scdn.starts(
            kind text COLLATE "C" NOT NULL, span text COLLATE "C" NOT NULL, start bigint NOT NULL, key text COLLATE "C" NOT NULL, milliseconds bigint NOT NULL, plays bigint NOT NULL, PRIMARY KEY(kind, span, start, key, milliseconds));
        CREATE INDEX starts_key ON scdn.starts(kind, key, span, start);
        """,
    ];

    /// <summary>The version that this program knows.</summary>
    public static int Newest => Steps.Count;

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
