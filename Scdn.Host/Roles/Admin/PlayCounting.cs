using Scdn.Host.Data;

namespace Scdn.Host.Roles.Admin;

/// <summary>Counts plays in the statistics a second after they began, many at once: when each play counted itself, all plays of one content would wait for one another.</summary>
internal sealed class PlayCounting(IRecordStore records, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await records.CountPlaysAsync(stoppingToken);
            }
            catch (StoreException fault) when (fault.IsTransient)
            {
                // They wait in the store, and are counted when it is back.
            }
        }
    }
}
