namespace Scdn.Host.Data.Sqlite;

/// <summary>The store's tables, as numbered steps. A step that was released is never changed: the next one is added.</summary>
internal static class SqliteSchema
{
    /// <summary>Marks the file as ours ("SCDN").</summary>
    public const int ApplicationId = 0x5343444E;

    private static readonly string[] Steps =
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
    ];

    /// <summary>The version that this program knows.</summary>
    public static int Newest => Steps.Length;

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
