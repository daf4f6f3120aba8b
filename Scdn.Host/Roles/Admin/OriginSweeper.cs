namespace Scdn.Host.Roles.Admin;

/// <summary>Deletes what is kept of contents that were withdrawn more than a day ago.</summary>
internal sealed partial class OriginSweeper(Catalogue catalogue, Origin origin, TimeProvider time, ILogger<OriginSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            foreach (var content in await catalogue.ListExpiredAsync(stoppingToken))
            {
                if (origin.Store.Remove(content)) LogRemoved(content.ToString());
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(210, LogLevel.Information, "Content {Content} was withdrawn more than a day ago: its parts are deleted")]
    private partial void LogRemoved(string content);
}
