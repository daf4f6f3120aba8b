namespace Scdn.Host.Parts;

/// <summary>Frees from time to time what the stores of this host keep in vain.</summary>
internal sealed partial class PartSweeper(IEnumerable<PartShelf> shelves, TimeProvider time, ILogger<PartSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var shelf in shelves) TrySweep(shelf.Store);
        }
    }

    private void TrySweep(PartStore store)
    {
        try
        {
            store.Sweep(time.GetUtcNow());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotSwept(fault.Message);
        }
    }

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "What is kept in vain could not be deleted, and is tried again: {Reason}")]
    private partial void LogNotSwept(string reason);
}
