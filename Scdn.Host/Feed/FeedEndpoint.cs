using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Feed;

/// <summary>
/// <c>GET /v1/feed?epoch=&amp;sequence=</c>: the change feed for the content server that asks, one JSON object a line, for as long as it listens. While
/// nothing happens that concerns it a line comes every 2 seconds, so that silence means that the host has gone.
/// </summary>
internal static class FeedEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/feed", FollowAsync).ForHosts().WithMetadata(new AlsoExpelled());

    private static async Task FollowAsync(HttpContext http, IChangeFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, Guid? epoch = null, long? sequence = null)
    {
        if (http.HostCaller().Expelled)
        {
            // One that was not there when it was expelled: it hears of it now.
            var last = new FeedLineWriter(http.Response.BodyWriter, time);
            last.Write(new FeedLine(Guid.Empty, Sequence: null, Expelled: true));
            await last.FlushAsync(http.RequestAborted);
            return;
        }

        if (http.HostCaller().Server is not { } server)
        {
            await Refusal.Denied("The feed is for content servers that have joined.").ToProblem().ExecuteAsync(http);
            return;
        }

        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        FeedPosition? from = epoch is { } known && sequence is { } seen ? new(known, seen) : null;
        try
        {
            await WriteAsync(new FeedLineWriter(http.Response.BodyWriter, time), feed, from, new FeedProjection(server, time), time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server has gone, or this host goes: it will ask another.
        }
    }

    private static async Task WriteAsync(
        FeedLineWriter lines, IChangeFeed feed, FeedPosition? from, FeedProjection projection, TimeProvider time, CancellationTokenSource stop)
    {
        var cancel = stop.Token;
        await using var items = feed.FollowAsync(from, cancel).GetAsyncEnumerator(cancel);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                // What comes at once goes out together.
                if (!next.IsCompleted || lines.MustFlush) await lines.FlushAsync(cancel);
                // Counted from the last line on: changes that are of no concern to the server are no sign of life to it.
                if (!next.IsCompleted && !await HappensAsync(next, lines.UntilKeepAlive, time, cancel))
                {
                    // A host that is cut off from the store would tell nobody of a key that another revokes: servers are to ask that one.
                    if (!feed.IsCurrent) return;
                    lines.Write(projection.KeepAlive);
                    continue;
                }

                if (!await next) return;
                if (items.Current is FeedCaughtUp && !feed.IsCurrent) return;
                var line = projection.Project(items.Current);
                next = items.MoveNextAsync().AsTask();
                if (line is null && lines.UntilKeepAlive == TimeSpan.Zero) line = projection.KeepAlive;
                if (line is null) continue;
                lines.Write(line);
                if (!line.Expelled) continue;
                // The last thing that it hears.
                await lines.FlushAsync(cancel);
                return;
            }
        }
        finally
        {
            // An enumerator may not be disposed of while it is asked for its next item.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> HappensAsync(Task next, TimeSpan within, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await next.WaitAsync(within, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return next.IsCompleted;
        }
    }
}
