using Scdn.Host.Data;

namespace Scdn.Host.Roles.Admin;

/// <summary>Deletes connection records, plays and single hours of statistics that have been kept for long enough.</summary>
internal sealed partial class RecordSweeper(IRecordStore records, AdminOptions options, TimeProvider time, ILogger<RecordSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await records.PruneAsync(options.Records, stoppingToken);
            }
            catch (StoreException fault) when (fault.IsTransient)
            {
                LogNotSwept(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(214, LogLevel.Warning, "Old connection records could not be deleted, and it is tried again: {Reason}")]
    private partial void LogNotSwept(string reason);
}
