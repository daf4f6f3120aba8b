using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Retention;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Hosting;

/// <summary>The state that control roles share: grains, their feed, records and counters, in PostgreSQL when a database is named, else in one file of the data folder.</summary>
internal static class StoreServices
{
    public static void Add(IServiceCollection services, HostSettings settings)
    {
        if (settings.Database is { } database) AddPostgres(services, database, settings);
        else AddSqlite(services, settings);
        services.AddSingleton(FeedRetention.Default);
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<IChangeFeed>(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<CachedGrainStore>());
        services.AddHostedService<FeedWatch>();
        services.AddSingleton(PruneRetention.Default);
        services.AddSingleton<GrainPruning>();
        services.AddHostedService<GrainPruningLoop>();
    }

    private static void AddSqlite(IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton(provider => Started(() =>
        {
            Directory.CreateDirectory(settings.DataFolder);
            return SqliteDatabase.Open(StoreFile.In(settings.DataFolder), provider.GetRequiredService<TimeProvider>());
        }));
        services.AddSingleton<SqliteGrainStore>();
        AddCached<SqliteGrainStore>(services);
        services.AddSingleton<IOutbox, SqliteOutbox>();
        services.AddSingleton<IRecordStore, SqliteRecordStore>();
        services.AddSingleton<IStoreReader, SqliteReader>();
        services.AddSingleton<IAuditLog, SqliteAuditLog>();
        services.AddSingleton<IHeaderStore, SqliteHeaderStore>();
    }

    private static void AddPostgres(IServiceCollection services, PostgresAddress address, HostSettings settings)
    {
        services.AddSingleton(provider => Started(() => new PostgresDatabase(address, TimelineFence.In(settings.DataFolder), provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton<PostgresGrainStore>();
        AddCached<PostgresGrainStore>(services);
        services.AddSingleton<IOutbox, PostgresOutbox>();
        services.AddSingleton<IRecordStore, PostgresRecordStore>();
        services.AddSingleton<IStoreReader, PostgresReader>();
        services.AddSingleton<IAuditLog, PostgresAuditLog>();
        services.AddSingleton<IHeaderStore, PostgresHeaderStore>();
        // Before anybody else's: nothing works without the store, and why it doesn't is one sentence.
        services.AddHostedService<PostgresStart>();
    }

    private static void AddCached<TStore>(IServiceCollection services)
        where TStore : class, IGrainStore
    {
        services.AddSingleton(provider => new CachedGrainStore(provider.GetRequiredService<TStore>(), provider.GetRequiredService<IChangeFeed>()));
        services.AddSingleton<IGrainStore>(provider => provider.GetRequiredService<CachedGrainStore>());
    }

    private static T Started<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception fault) when (fault is StoreException or IOException or UnauthorizedAccessException)
        {
            throw new HostStartException(fault.Message, fault);
        }
    }

    private sealed class PostgresStart(PostgresDatabase database) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            try
            {
                await database.PrepareAsync(cancellationToken);
            }
            catch (StoreException fault)
            {
                throw new HostStartException(fault.Message, fault);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Stops the host when the change feed dies: without it nothing that is revoked is ever known to be.</summary>
    private sealed class FeedWatch(ChangeFeed feed) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => feed.Completion.WaitAsync(stoppingToken);
    }
}
