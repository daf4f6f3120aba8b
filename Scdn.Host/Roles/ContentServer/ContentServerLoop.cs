using Scdn.Host.Feed;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Everything that a content server does besides answering: joins, then follows the feed, copies, reports and ships until the host stops. One that is expelled stops all of it, for nobody takes anything from it; it goes on to
/// answer, so that viewers are told to ask another.
/// </summary>
internal sealed partial class ContentServerLoop(
    Joiner joiner, FeedFollower feed, KnownControlHosts known, Replicator replicator, LoadReporter load, RecordLog records, IHostApplicationLifetime lifetime, ILogger<ContentServerLoop> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The address is known, and others can reach it, once the server listens.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult)) await started.Task.WaitAsync(stoppingToken);
        await OrSayWhyAsync(joiner.JoinAsync(stoppingToken));

        known.KeepFromNowOn();

        // One that dies takes the others along, and the host with it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var following = feed.RunAsync(stop.Token);
        Task[] loops = [OrSayWhyAsync(joiner.KeepJoiningAsync(stop.Token)), following, replicator.RunAsync(stop.Token), load.RunAsync(stop.Token), records.RunAsync(stop.Token)];
        var first = await Task.WhenAny(loops);
        await stop.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(first == following ? ConfigureAwaitOptions.SuppressThrowing : ConfigureAwaitOptions.None);
        // The feed ends by itself only when the server is expelled.
        await following;
        records.GiveUp();
        await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken);
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
