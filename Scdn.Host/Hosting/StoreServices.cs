using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting;

/// <summary>The state that control roles share: grains, their feed, records and counters, in one file of the data folder.</summary>
internal static class StoreServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider => Open(provider.GetRequiredService<HostSettings>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(FeedRetention.Default);
        services.AddSingleton<IGrainStore, SqliteGrainStore>();
        services.AddSingleton<SqliteChangeFeed>();
        services.AddSingleton<IChangeFeed>(provider => provider.GetRequiredService<SqliteChangeFeed>());
        services.AddSingleton<RecordStore>();
        services.AddHostedService<FeedWatch>();
    }

    private static Database Open(HostSettings settings, TimeProvider time)
    {
        try
        {
            Directory.CreateDirectory(settings.DataFolder);
            return Database.Open(Path.Combine(settings.DataFolder, "scdn.db"), time);
        }
        catch (Exception fault) when (fault is StoreException or IOException or UnauthorizedAccessException)
        {
            throw new HostStartException(fault.Message, fault);
        }
    }

    /// <summary>Stops the host when the change feed dies: without it nothing that is revoked is ever known to be.</summary>
    private sealed class FeedWatch(SqliteChangeFeed feed) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => feed.Completion.WaitAsync(stoppingToken);
    }
}
