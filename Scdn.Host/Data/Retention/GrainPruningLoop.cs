using Scdn.Grains.Storage;
using Scdn.Grains.Upkeep;
using Scdn.Host.Hosting;

namespace Scdn.Host.Data.Retention;

/// <summary>Prunes the store every hour, licences every day, at whichever control host comes first.</summary>
internal sealed partial class GrainPruningLoop(GrainPruning pruning, IGrainStore store, HostSettings settings, TimeProvider time, ILogger<GrainPruningLoop> log) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DoAsync("pruning", TimeSpan.FromHours(1), pruning.PruneAsync, stoppingToken);
                await DoAsync("pruning-licences", TimeSpan.FromDays(1), pruning.PruneLicencesAsync, stoppingToken);
            }
            catch (StoreException fault) when (fault.IsTransient)
            {
                // What is over harms nobody: it goes at the next turn.
                LogLate(fault.Message);
            }
        }
    }

    private async Task DoAsync(string what, TimeSpan interval, Func<CancellationToken, Task<int>> prune, CancellationToken cancel)
    {
        var taken = await store.ChangeAsync<TurnState>(what, state => TurnGrain.Take(state, settings.Name, interval, time.GetUtcNow()), cancel);
        if (!taken.IsGranted(out _, out _)) return;
        if (await prune(cancel) is > 0 and var count) LogPruned(count);
    }

    [LoggerMessage(340, LogLevel.Information, "Deleted {Count} grains that were over for long")]
    private partial void LogPruned(int count);

    [LoggerMessage(341, LogLevel.Warning, "The store could not be pruned yet: {Reason}")]
    private partial void LogLate(string reason);
}
