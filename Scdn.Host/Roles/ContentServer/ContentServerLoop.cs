using Scdn.Host.Feed;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Everything that a content server does besides answering: joins, then follows the feed, copies, reports and ships until the host stops.</summary>
internal sealed partial class ContentServerLoop(
    Joiner joiner, FeedFollower feed, Replicator replicator, LoadReporter load, RecordLog records, IHostApplicationLifetime lifetime, ILogger<ContentServerLoop> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The address is known, and others can reach it, once the server listens.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult)) await started.Task.WaitAsync(stoppingToken);
        await OrSayWhyAsync(joiner.JoinAsync(stoppingToken));

        // One that dies takes the others along, and the host with it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] loops = [OrSayWhyAsync(joiner.KeepJoiningAsync(stop.Token)), feed.RunAsync(stop.Token), replicator.RunAsync(stop.Token), load.RunAsync(stop.Token), records.RunAsync(stop.Token)];
        await Task.WhenAny(loops);
        await stop.CancelAsync();
        await Task.WhenAll(loops);
    }

    private async Task OrSayWhyAsync(Task joining)
    {
        try
        {
            await joining;
        }
        catch (HostStartException refused)
        {
            LogNotJoined(refused.Message);
            throw;
        }
    }

    [LoggerMessage(EventId = 2202, Level = LogLevel.Critical, Message = "{Reason}")]
    private partial void LogNotJoined(string reason);
}
