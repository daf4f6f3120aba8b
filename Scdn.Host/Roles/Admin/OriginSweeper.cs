using Scdn.Format;

namespace Scdn.Host.Roles.Admin;

/// <summary>Deletes what is kept in vain of contents: those that were withdrawn more than a day ago, and what publications that were cut short left behind.</summary>
internal sealed partial class OriginSweeper(Catalogue catalogue, Origin origin, TimeProvider time, ILogger<OriginSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            foreach (var content in origin.Store.Contents)
            {
                if (await catalogue.SweepAsync(content.Content, stoppingToken)) LogRemoved(content.Content);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(210, LogLevel.Information, "Content {Content}: what was withdrawn more than a day ago, or never published whole, is deleted from the origin")]
    private partial void LogRemoved(ContentId content);
}
