namespace Scdn.Host.Data.Sqlite;

/// <summary>The store's tables, as numbered steps. A step that was released is never changed: the next one is added.</summary>
internal static class SqliteSchema
{
    /// <summary>Marks the file as ours ("SCDN").</summary>
    public const int ApplicationId = 0x5343444E;

    /// <summary>The steps, from version 0 on.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE feed(epoch TEXT NOT NULL);
        CREATE TABLE grains(
            kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL,
            PRIMARY KEY(kind, id)) WITHOUT ROWID;
        CREATE TABLE outbox(
            sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL);
        CREATE TABLE records(
            id TEXT PRIMARY KEY, at INTEGER NOT NULL, server TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, part TEXT NOT NULL,
            bytes INTEGER NOT NULL, milliseconds INTEGER NOT NULL, status INTEGER NOT NULL, complete INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX records_at ON records(at);
        CREATE TABLE plays(
            session TEXT NOT NULL, content TEXT NOT NULL, play TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(session, content, play)) WITHOUT ROWID;
        CREATE TABLE content_counters(
            content TEXT PRIMARY KEY, plays INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE server_counters(
            server TEXT PRIMARY KEY, requests INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        """,
        "CREATE TABLE audit(id TEXT PRIMARY KEY, at INTEGER NOT NULL, operator TEXT NOT NULL, act TEXT NOT NULL, subject TEXT, status INTEGER) WITHOUT ROWID",
        """
        ALTER TABLE records ADD COLUMN account TEXT NOT NULL DEFAULT '';
        CREATE INDEX records_content ON records(content, at);
        CREATE INDEX records_account ON records(account, at);
        CREATE INDEX plays_at ON plays(at);
        CREATE TABLE new_plays(at INTEGER NOT NULL, content TEXT NOT NULL, account TEXT NOT NULL);
        CREATE TABLE horizons(name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO horizons VALUES ('records', 0);
        CREATE TABLE presence(minute INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, session TEXT NOT NULL, PRIMARY KEY(minute, kind, key, session)) WITHOUT ROWID;
        CREATE TABLE minutes(minute INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, sessions INTEGER NOT NULL, PRIMARY KEY(minute, kind, key)) WITHOUT ROWID;
        CREATE TABLE hourly(
            hour INTEGER NOT NULL, content TEXT NOT NULL, server TEXT NOT NULL, account TEXT NOT NULL,
            requests INTEGER NOT NULL, bytes INTEGER NOT NULL, errors INTEGER NOT NULL, plays INTEGER NOT NULL, PRIMARY KEY(hour, content, server, account)) WITHOUT ROWID;
        CREATE INDEX hourly_content ON hourly(content, hour);
        CREATE INDEX hourly_account ON hourly(account, hour);
        CREATE TABLE usage(
            kind TEXT NOT NULL, span TEXT NOT NULL, start INTEGER NOT NULL, key TEXT NOT NULL,
            requests INTEGER NOT NULL, bytes INTEGER NOT NULL, errors INTEGER NOT NULL, plays INTEGER NOT NULL, sessions INTEGER NOT NULL, PRIMARY KEY(kind, span, start, key)) WITHOUT ROWID;
        CREATE INDEX usage_key ON usage(kind, key, span, start);
        INSERT INTO usage SELECT 'content', 'ever', 0, content, requests, bytes, (SELECT count(*) FROM records WHERE records.content = content_counters.content AND status >= 400), plays, 0 FROM content_counters;
        INSERT INTO usage SELECT 'server', 'ever', 0, server, requests, bytes, errors, 0, 0 FROM server_counters;
        INSERT INTO usage SELECT 'all', 'ever', 0, '', sum(requests), sum(bytes), sum(errors), sum(plays), 0 FROM usage WHERE kind = 'content' HAVING count(*) > 0;
        DROP TABLE content_counters;
        DROP TABLE server_counters;
        """,
        "CREATE TABLE headers(content TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, file BLOB NOT NULL, PRIMARY KEY(content, version, hash))",
        "ALTER TABLE records ADD COLUMN requests INTEGER NOT NULL DEFAULT 1",
        """
        CREATE INDEX plays_play ON plays(play);
        CREATE TABLE reports(
            session TEXT NOT NULL, content TEXT NOT NULL, play TEXT NOT NULL, begun INTEGER NOT NULL, at INTEGER NOT NULL, account TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY(session, content, play));
        CREATE INDEX reports_play ON reports(play);
        CREATE INDEX reports_account ON reports(account, begun);
        CREATE INDEX reports_at ON reports(at);
        ALTER TABLE usage ADD COLUMN stalls INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE usage ADD COLUMN stall_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE usage ADD COLUMN failovers INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE hourly ADD COLUMN stalls INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE hourly ADD COLUMN stall_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE hourly ADD COLUMN failovers INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE starts(
            kind TEXT NOT NULL, span TEXT NOT NULL, start INTEGER NOT NULL, key TEXT NOT NULL, milliseconds INTEGER NOT NULL, plays INTEGER NOT NULL, PRIMARY KEY(kind, span, start, key, milliseconds)) WITHOUT ROWID;
        CREATE INDEX starts_key ON starts(kind, key, span, start);
        """,
    ];

    /// <summary>The version that this program knows.</summary>
    public static int Newest => Steps.Count;

    /// <summary>Takes the steps that the store has not taken yet. To be called while nobody else can write.</summary>
    /// <exception cref="StoreException">It is another program's file, or of a newer version of this one.</exception>
    public static void Migrate(StoreConnection connection, string path)
    {
        var version = connection.Scalar("PRAGMA user_version");
        var application = connection.Scalar("PRAGMA application_id");
        var isEmpty = connection.Scalar("SELECT COUNT(*) FROM sqlite_master") == 0;
        if (!isEmpty && application != ApplicationId) throw SqliteFault.NotAStore(path);
        if (version > Newest)
            throw new StoreException($"The store '{path}' has version {version}, and this program knows up to {Newest}; run a newer program.", isTransient: false);
        if (version == Newest) return;

        foreach (var step in Steps.Skip((int)version)) _ = connection.Run(step);
        if (isEmpty) connection.Execute("INSERT INTO feed(epoch) VALUES ($1)", Guid.NewGuid().ToString("D"));
        _ = connection.Run($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Newest}");
    }
}
