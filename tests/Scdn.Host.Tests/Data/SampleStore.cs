using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Data.Statistics;
using Scdn.Host.Data.Upkeep;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

/// <summary>A fresh store of one engine.</summary>
internal sealed class SampleStore : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PostgresAddress? _address;

    private SampleStore(PostgresAddress? address) => _address = address;

    /// <summary>Makes one.</summary>
    public static async Task<SampleStore> MakeAsync(Engine engine)
    {
        if (engine == Engine.Sqlite) return new(null);
        Assert.That(PostgresAddress.TryParse(await SharedPostgres.MakeDatabaseAsync(), out var address, out _));
        return new(address);
    }

    /// <summary>Opens it as a control process does.</summary>
    public StoreProcess Open(TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        if (_address is not null)
        {
            var server = new PostgresDatabase(_address, new(null), clock);
            var told = new PostgresOutbox(server, clock);
            return new(new PostgresGrainStore(server, clock), told, new PostgresRecordStore(server, clock), new PostgresReader(server), new PostgresAuditLog(server), new PostgresHeaderStore(server), async () =>
            {
                await told.DisposeAsync();
                await server.DisposeAsync();
            });
        }

        var database = SqliteDatabase.Open(_folder["scdn.db"], clock);
        var outbox = new SqliteOutbox(database, clock);
        return new(new SqliteGrainStore(database, clock), outbox, new SqliteRecordStore(database, clock), new SqliteReader(database), new SqliteAuditLog(database), new SqliteHeaderStore(database), () =>
        {
            outbox.Dispose();
            database.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Opens it as its operator does.</summary>
    public IStoreUpkeep Upkeep() => _address is null ? new SqliteUpkeep(_folder["scdn.db"], TimeProvider.System) : new PostgresUpkeep(_address, TimeProvider.System);

    public void Dispose() => _folder.Dispose();
}

/// <summary>A store as one process has it open.</summary>
internal sealed class StoreProcess(IGrainStore grains, IOutbox outbox, IRecordStore records, IStoreReader reader, IAuditLog audit, IHeaderStore headers, Func<ValueTask> close) : IAsyncDisposable
{
    public IGrainStore Grains => grains;

    public IOutbox Outbox => outbox;

    public IRecordStore Records => records;

    public RecordReader RecordReader { get; } = new(reader);

    public StatisticsReader Statistics { get; } = new(reader);

    public PlayReader Plays { get; } = new(reader);

    public IAuditLog Audit => audit;

    public IHeaderStore Headers => headers;

    /// <summary>Where the feed ends now.</summary>
    public Task<FeedPosition> EndAsync() => outbox.EndAsync(default);

    public ValueTask DisposeAsync() => close();
}
