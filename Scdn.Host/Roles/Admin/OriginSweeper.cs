using Scdn.Format;

namespace Scdn.Host.Roles.Admin;

/// <summary>Deletes what is kept in vain of contents: those that were withdrawn more than a day ago, and versions whose publication was cut short; and sees to it that the store has the headers of the others.</summary>
internal sealed partial class OriginSweeper(Catalogue catalogue, Origin origin, TimeProvider time, ILogger<OriginSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            foreach (var content in origin.Store.Contents) await TrySweepAsync(content.Content, stoppingToken);
            await TrySweepHeadersAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TrySweepAsync(ContentId content, CancellationToken cancel)
    {
        try
        {
            if (await catalogue.SweepAsync(content, cancel)) LogRemoved(content);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ScdnException { IsTransient: true })
        {
            LogNotSwept(content, fault.Message);
        }
    }

    private async Task TrySweepHeadersAsync(CancellationToken cancel)
    {
        try
        {
            await catalogue.SweepHeadersAsync(cancel);
        }
        catch (ScdnException fault) when (fault.IsTransient)
        {
            LogHeadersNotSwept(fault.Message);
        }
    }

    [LoggerMessage(210, LogLevel.Information, "Content {Content}: what was withdrawn more than a day ago, or a version whose publication was cut short, is deleted from the origin")]
    private partial void LogRemoved(ContentId content);

    [LoggerMessage(215, LogLevel.Warning, "The headers in the store could not be compared with what the origin holds, and will be again: {Reason}")]
    private partial void LogHeadersNotSwept(string reason);

    [LoggerMessage(212, LogLevel.Warning, "Content {Content}: what the origin keeps in vain could not be deleted, and is tried again: {Reason}")]
    private partial void LogNotSwept(ContentId content, string reason);
}
